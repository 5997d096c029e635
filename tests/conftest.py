"""The real services that tests ask for; each starts once a test process, when asked for."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))  # so that tests can import `support`

from support import browser, mail_server, postgres, stages
from support.world import World

expect.set_options(timeout=20_000)  # a busy machine may take its time; nothing here waits in vain


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A running PostgreSQL server's maintenance database; tests put nothing there but ask for pg_database."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def pg_database(pg_url: str) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database of the test's own."""
    with postgres.fresh_database(pg_url) as url:
        yield url


@pytest.fixture(scope="module")
def pg_module_database(pg_url: str) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database that the tests of one module share."""
    with postgres.fresh_database(pg_url) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite file of the test's own, not made yet."""
    return f"sqlite:///{tmp_path / 'arshjul.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database of the test's own: the test runs once on SQLite, once on PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "pg_database"}[request.param]
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture(scope="session")
def stage_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "stages"


@pytest.fixture
def world_at(stage_folder: Path, tmp_path: Path) -> Iterator[stages.WorldAt]:
    """The region on the day when a stage of plan year 2027 begins; each test gets a file of its own."""
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


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[mail_server.MailServer]:
    with mail_server.running() as server:
        yield server


@pytest.fixture
def smtp(smtp_server: mail_server.MailServer) -> mail_server.MailServer:
    """A real SMTP server with an empty box that accepts everything until told otherwise."""
    smtp_server.clear()
    return smtp_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Any) -> dict[str, Any]:
    """Playwright launches the browser that support.browser finds; containers have no sandbox."""
    return {**browser_type_launch_args, **browser.launch_options(playwright), "args": ["--no-sandbox"]}
