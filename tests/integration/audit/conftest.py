"""The auditor's room on a plan that has been played: stages of the annual plan, served to test browsers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import stages
from support.browsing import PASSWORD, Browser
from support.stages import WorldAt
from support.world import World

from engine import accounts
from web import WebConfig, create_app

Reader = Callable[[World, str], Browser]


@pytest.fixture(scope="session")
def stage_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "stages"


@pytest.fixture
def world_at(stage_folder: Path, tmp_path: Path) -> Iterator[WorldAt]:
    """The region on the day when a stage of plan year 2027 begins."""
    worlds: list[World] = []

    def at_stage(stage: str) -> World:
        played = stages.file_at(stage, stage_folder)
        own = tmp_path / "arshjul.db"
        shutil.copy(played, own)
        shutil.copy(played.with_suffix(".day"), own.with_suffix(".day"))
        worlds.append(stages.opened(own))
        return worlds[-1]

    yield at_stage
    for world in worlds:
        world.close()


@pytest.fixture
def reader() -> Reader:
    """A browser at that world's pages, signed in as the person."""

    def begin(world: World, person: str = "revi") -> Browser:
        with world.database.verb() as tx:
            accounts.create_invented(tx, {person: person}, PASSWORD)
        config = WebConfig("a secret of the tests", sign_in_limit="1000 per minute", demo=True)
        app = create_app(world.database, world.clock, config)
        app.testing = True
        browser = Browser(app.test_client())
        browser.get("/demo")
        browser.post("/demo/sign-in", person=person)
        assert browser.status == 302, browser.page
        return browser

    return begin
