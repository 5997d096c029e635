"""The demo as a person meets it: an invented region with real pages, served to a real browser at a fixed day."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from arshjul.composition import DEMO_MARK, packages, poller
from arshjul.demo import open_demo
from arshjul.demo_clock import DemoClock
from arshjul.peopling import people
from arshjul.region import Region, invent
from arshjul.settings import Settings
from engine import accounts, deployments, process_instances
from engine.actor import SYSTEM
from engine.clock import STOCKHOLM, OffsetClock, SimulatedClock
from engine.store import migrate
from engine.store.database import Database
from engine.store.queries import settings as kept
from notifications.channels.mailbox import MailboxChannel
from web import WebConfig, create_app

MANAGERS = 12
TODAY = datetime(2026, 11, 22, 10, tzinfo=STOCKHOLM)
"""The day of the demo that has cycles under way: collection for 2028, communication for 2027, follow-up of 2026."""
BEFORE = datetime(2026, 10, 30, 10, tzinfo=STOCKHOLM)
"""The day of the region in which nothing has begun: the Friday before the first collection."""


SLOW = 1.0
"""Seconds of the processor that no page may take."""


@dataclass(frozen=True)
class Spent:
    """A request and the seconds that its thread worked."""

    request: str
    seconds: float
    is_page: bool


@dataclass
class Served:
    """A running demo of the test's own. `url` has no slash at its end."""

    url: str
    app: Flask
    database: Database
    clock: OffsetClock
    region: Region
    spent: list[Spent] = field(default_factory=list)

    def slow(self, seconds: float = SLOW) -> list[Spent]:
        """The pages that took more of the processor than that; how busy the machine is makes no difference.

        A file of the whole history is no page, and takes as long as the history is.
        """
        return [one for one in self.spent if one.seconds > seconds and one.is_page]

    def name(self, position: str, nth: int = 0) -> str:
        """The name of someone who holds the position; chair, secretary and members in that order."""
        person = self.region.holders(position)[nth]
        return next(p.name for p in self.region.people if p.id == person)


class Quiet(WSGIRequestHandler):
    """Requests are not written to the terminal."""

    def log_request(self, *_args: object) -> None:
        return


@contextmanager
def served(file: Path, now: datetime, managers: int = MANAGERS) -> Iterator[Served]:
    """Serves the database file at that instant of process time until the block ends; its region has `managers`."""
    clock = OffsetClock()
    clock.move_to(now)
    database = Database(f"sqlite:///{file}", clock, volatile=True)
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    config = WebConfig(
        "a secret of the tests",
        public_url=url,
        sign_in_limit="1000 per minute",
        demo=True,
        demo_controls=DemoClock(database, clock, url),
    )
    app = create_app(database, clock, config)
    running = Served(url, app, database, clock, invent(managers))
    server.app = _timed(app, running.spent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with poller(database, clock, MailboxChannel(), url):
            yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.dispose()


def _timed(app: Flask, spent: list[Spent]) -> Callable[..., list[bytes]]:
    """The application, noting what each request cost."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        began, is_page = time.thread_time(), True

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal is_page
            is_page = not any(name.lower() == "content-disposition" for name, _value in headers)
            return start_response(status, headers, *more)

        told = app.wsgi_app(environ, start)
        whole = list(told)
        request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        spent.append(Spent(request, time.thread_time() - began, is_page))
        if hasattr(told, "close"):
            told.close()
        return whole

    return answer


def built(path: Path, make: Callable[[Path], None]) -> Path:
    """The file, made once for all test processes that share its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            # Playwright keeps an event loop in this thread, which the FEEL engine takes for its caller's.
            with ThreadPoolExecutor(1) as beside:
                beside.submit(make, path).result()
    return path


def make_lively(path: Path) -> None:
    """The product's own demo: every cycle that is live on TODAY, played up to it."""
    folder = path.parent / "demo"
    database, _clock = open_demo(
        Settings(data=folder, database_url=None), say=lambda _line: None, managers=MANAGERS, now=TODAY
    )
    database.dispose()
    (folder / "arshjul.db").rename(path)


def make_quiet(path: Path) -> None:
    """The same people and processes, and nothing begun: the first collection starts by itself after BEFORE."""
    unfinished = path.with_suffix(".part")
    url = f"sqlite:///{unfinished}"
    migrate.upgrade(url)
    clock = SimulatedClock(BEFORE)
    database = Database(url, clock)
    region = invent(MANAGERS)
    with database.verb() as tx:
        for folder in packages():
            deployments.deploy(tx, folder.name, deployments.read_folder(folder), by=SYSTEM, now=BEFORE)
    with database.verb() as tx:
        people(tx, region, now=BEFORE)
        accounts.create_invented(tx, {person.id: person.id for person in region.people}, "ett påhittat lösenord")
        for folder in packages():
            process_instances.schedule_starts(tx, folder.name, now=BEFORE)
        kept.write(tx, DEMO_MARK, {"ahead": 0})
    database.dispose()
    unfinished.rename(path)
