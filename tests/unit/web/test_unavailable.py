"""While the database does not answer, pages say so in words, ask to come back, and keep what was typed."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from support.browsing import Browser, accounts_for, pages, sign_in
from support.stages import in_november
from support.world import World
from werkzeug.datastructures import MultiDict

ANSWER = {
    "proposals.0.training_type": "Hjärt-<lung>räddning",
    "proposals.0.target_group": "all_employees",
    "proposals.0.reason": "Lagkrav",
    "proposals.0.trainer": ["ktc"],
    "proposals.0.contact_person": "Tora Påhitt",
    "proposals.0.origin": "chef",
    "_shown": ["no_needs", "proposals", "proposals.0.target_group", "proposals.0.trainer"],
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own with little patience: 22 November 2026, the collection for 2028 is open."""
    made = in_november(f"sqlite:///{tmp_path_factory.mktemp('busy') / 'web.db'}", patience=0.1)
    accounts_for(made, "tora")
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return pages(world)


@pytest.fixture
def tora(app: Flask) -> Browser:
    return sign_in(app, "tora")


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Another process writes and does not end."""
    file = Path(world.database.engine.url.database or "")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def no_connection_left(world: World) -> Iterator[None]:
    with ExitStack() as held:
        for _ in range(15):
            held.enter_context(world.database.engine.connect())
        yield


@contextmanager
def reply_to_commit_lost(engine: sa.Engine) -> Iterator[None]:
    """What is written is committed, and the one who asked for it hears of a fault."""
    before: dict[Any, int] = {}
    whole = engine.dialect.do_commit

    def begin(connection: sa.Connection) -> None:
        driver = connection.connection.dbapi_connection
        before[driver] = driver.total_changes  # type: ignore[union-attr]

    def commit(connection: Any) -> None:
        whole(connection)
        if connection.total_changes > before[connection.dbapi_connection]:
            raise sqlite3.OperationalError("disk I/O error")

    sa.event.listen(engine, "begin", begin)
    engine.dialect.do_commit = commit  # type: ignore[method-assign]
    try:
        yield
    finally:
        engine.dialect.do_commit = whole  # type: ignore[method-assign]
        sa.event.remove(engine, "begin", begin)


def test_a_page_that_cannot_be_read_asks_to_come_back(world: World, tora: Browser) -> None:
    with no_connection_left(world):
        page = tora.get("/")
    assert (tora.status, tora.headers["Retry-After"]) == (503, "10")
    assert "Systemet svarar inte just nu" in page
    assert '<a class="govuk-link" href="/">Försök igen</a>' in page


def test_the_reader_who_chose_english_is_told_in_english(world: World, tora: Browser) -> None:
    tora.client.set_cookie("language", "en")  # as the switch at the top of every page does
    with no_connection_left(world):
        assert "The system does not answer just now" in tora.get("/")


def test_what_was_sent_is_kept_on_the_page_and_can_be_sent_again(world: World, tora: Browser) -> None:
    path = f"/tasks/{row(world, 'hs-1')}"
    tora.get(path)
    with locked(world):
        page = tora.post(path, **ANSWER, _submit="1")
    assert tora.status == 503
    assert "Visa det du skrev" in page
    assert "Hjärt-&lt;lung&gt;räddning" in page
    tora.client.post(path, data=carried(page))
    assert "Ditt svar är inlämnat" in tora.get(f"{path}/receipt")


def test_an_answer_that_had_arrived_counts_once_when_it_is_sent_again(world: World, tora: Browser) -> None:
    path = f"/tasks/{row(world, 'hs-2')}"
    tora.get(path)
    with reply_to_commit_lost(world.database.engine):
        page = tora.post(path, **ANSWER, _submit="1")
    assert tora.status == 503
    answered = len(world.events("task_completed", 2028))
    response = tora.client.post(path, data=carried(page))
    assert (response.status_code, response.headers["Location"]) == (302, f"{path}/receipt")
    assert len(world.events("task_completed", 2028)) == answered


def test_a_draft_that_cannot_be_saved_is_told_to_the_page_that_holds_it(world: World, tora: Browser) -> None:
    path = f"/tasks/{row(world, 'hs-3')}"
    tora.get(path)
    with locked(world):
        response = tora.client.post(f"{path}/draft", data=carried(tora.page), headers={"Accept": "application/json"})
    assert response.status_code == 503
    assert "finns kvar på sidan" in response.get_json()["text"]


def test_an_error_page_that_cannot_be_made_either_asks_to_come_back(world: World, tora: Browser) -> None:
    with no_connection_left(world):
        response = tora.client.post("/comments/1/withdraw")  # without its token
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")


def test_a_password_is_never_carried_on(world: World, app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    with locked(world):
        page = browser.post("/sign-in", username="tora", password="fel lösenord, men hemligt")
    assert browser.status == 503
    assert "hemligt" not in page
    assert "Gå tillbaka" in page


def row(world: World, unit: str) -> int:
    (task,) = [t for t in world.tasks("collection") if t.unit_id == unit]
    return int(task.id)


def carried(page: str) -> MultiDict[str, str]:
    """Every hidden field of the page's form."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.partition("<main")[2])
    return MultiDict([(unescape(name), unescape(value)) for name, value in fields])
