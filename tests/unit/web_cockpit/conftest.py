"""The cockpit, the history and the demo's pages on an invented region with one plan under way."""

import copy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from support.browsing import Browser, Client, accounts_for, pages
from support.world import World

from engine.clock import SimulatedClock
from engine.store.database import Database

PEOPLE = ("tora", "hr", "hrchef", "revi", "sysa")


@dataclass
class Controls:
    """Notes what the clock bar asked for."""

    asked: list[object] = field(default_factory=list)

    def next_event(self) -> str | None:
        self.asked.append("next")
        return "något"

    def advance(self, days: int) -> None:
        self.asked.append(days)

    def move_to(self, day: date) -> None:
        self.asked.append(day)

    def play_until(self, day: date) -> None:
        self.asked.append(("play", day))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """22 November 2026: the collection for plan year 2028 is open. Made once; each test gets a copy."""
    path = tmp_path_factory.mktemp("cockpit") / "web.db"
    made = World(f"sqlite:///{path}", today="2026-11-02")
    accounts_for(made, *PEOPLE)
    made.start(2028)
    made.go_to("2026-11-22")
    made.close()
    return made, path


@pytest.fixture
def world(prepared: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """A region of the test's own."""
    original, path = prepared
    shutil.copy(path, tmp_path / "web.db")
    made = copy.copy(original)
    made.clock = SimulatedClock(original.now)
    made.database = Database(f"sqlite:///{tmp_path / 'web.db'}", made.clock, volatile=True)
    yield made
    made.close()


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest.fixture
def app(world: World, controls: Controls) -> Flask:
    made = pages(world, demo=True, demo_controls=controls)
    made.testing = True
    return made


@pytest.fixture
def browse(app: Flask) -> Client:
    """A browser signed in as that person, through the demo's page; with None as nobody."""

    def begin(person: str | None = None) -> Browser:
        browser = Browser(app.test_client())
        if person is not None:
            browser.get("/demo")
            browser.post("/demo/sign-in", person=person)
            assert browser.status == 302, browser.page
        return browser

    return begin
