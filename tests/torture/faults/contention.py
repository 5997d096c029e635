"""5: the database is slow, locked, deadlocked, out of connections, or ends them. People at the pages see 503 with
words and Retry-After, never 500, and lose nothing: what the page kept is sent again."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from html import unescape

import sqlalchemy as sa
from flask import Flask
from support.browsing import PASSWORD, Browser
from torture.trial import Trial, wait
from torture.worker import Journal, Orders, prepare
from werkzeug.datastructures import MultiDict

from arshjul.bench.site import NOW
from engine import accounts, identity
from engine.clock import SimulatedClock
from engine.store.database import Database
from engine.store.tables import user_task
from web import WebConfig, create_app

PEOPLE = 5
PATIENCE = 0.2
"""Seconds that the pages wait for a lock or a connection."""
LONGEST = 240.0
ANNOYED = 40.0
"""Seconds after which the database is left alone, so that everybody can end on a machine however slow."""


def at_the_pages(trial: Trial) -> int:
    """Five people answer at the pages, all at once, while another process and a thread keep the database from them."""
    if trial.place.server is not None:
        trial.place.find_deadlocks_soon(trial.orders.url)
    trial.finish(_give_accounts)
    site = trial.send(_site)
    nuisance = trial.send(_nuisance)
    wait(site)
    trial.journal.note(what="over")
    wait(nuisance)
    return len(trial.noted("unavailable"))


def _people(database: Database) -> dict[str, list[int]]:
    """Five people and their open tasks."""
    found: dict[str, list[int]] = {}
    with database.page() as tx:
        for task in tx.rows(sa.select(user_task).where(user_task.c.state == "open").order_by(user_task.c.id)):
            holder = identity.actors_for(tx, task.position_id, NOW.date())[0].person_id
            if holder in found or len(found) < PEOPLE:
                found.setdefault(holder, []).append(task.id)
    return found


def _give_accounts(orders: Orders) -> None:
    database = Database(orders.url, SimulatedClock(NOW))
    people = _people(database)
    with database.verb() as tx:
        accounts.create_invented(tx, {person: person for person in people}, PASSWORD)
    database.dispose()


def _site(orders: Orders) -> None:
    """The pages in one process, with a thread for each person, and one that takes all connections now and then."""
    prepare(orders)
    database = Database(orders.url, SimulatedClock(NOW), patience=PATIENCE)
    app = create_app(database, database.clock, WebConfig("a secret of the torture", sign_in_limit="1000 per minute"))
    app.logger.disabled = True
    people = _until_answered(lambda: _people(database))
    readers = [threading.Thread(target=_read, args=(app, orders, *each)) for each in people.items()]
    over = threading.Event()
    taker = threading.Thread(target=_take_connections, args=(database, over, random.Random(orders.seed)))
    for thread in [*readers, taker]:
        thread.start()
    for thread in readers:
        thread.join()
    over.set()
    taker.join()
    database.dispose()


def _until_answered(ask: Callable[[], dict[str, list[int]]]) -> dict[str, list[int]]:
    """What is needed before anybody reads a page: asked for again while the database is kept away."""
    while True:
        with suppress(sa.exc.DBAPIError, sa.exc.TimeoutError):
            return ask()
        time.sleep(0.05)


def _take_connections(database: Database, over: threading.Event, rng: random.Random) -> None:
    until = time.monotonic() + ANNOYED
    while not over.wait(rng.uniform(0.1, 0.4)) and time.monotonic() < until:
        with ExitStack() as held, suppress(sa.exc.TimeoutError, sa.exc.OperationalError):
            for _ in range(40):
                held.enter_context(database.engine.connect())
            over.wait(rng.uniform(0.1, 0.4))


def _read(app: Flask, orders: Orders, person: str, tasks: list[int]) -> None:
    """One person: signs in, opens each task, answers, and sends again what the page has kept."""
    journal = Journal(orders.journal)
    browser = Browser(app.test_client())
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and browser.location != "/":
        _patiently(journal, browser, lambda: browser.get("/sign-in"), "")
        browser.post("/sign-in", username=person, password=PASSWORD)
        if browser.status == 503:  # which keeps no password, so it is begun again
            _look(journal, browser, "")
    for task in tasks:
        note = f"{person} svarar på {task}"
        path = f"/tasks/{task}"
        _patiently(journal, browser, lambda path=path: browser.get(path), "")
        journal.note(what="asked", by=person, task=task, key="", note=note)
        browser.post(path, note=note, _submit="1")
        while browser.status == 503 and time.monotonic() < until:
            _look(journal, browser, note)
            time.sleep(0.1)
            browser._keep(browser.client.post(path, data=_carried(browser.page)))
        if browser.status == 302 and browser.location.endswith("/receipt"):
            journal.note(what="answered", by=person, task=task, note=note)
        else:
            journal.note(what="broken", why=f"task {task} was not taken at the page: {browser.status}")


def _patiently(journal: Journal, browser: Browser, go: Callable[[], str], typed: str) -> None:
    """Again while the answer is 503."""
    for _ in range(200):
        go()
        if browser.status != 503:
            break
        _look(journal, browser, typed)
        time.sleep(0.1)
    if browser.status >= 500:
        journal.note(what="broken", why=f"a page answered {browser.status}")


def _look(journal: Journal, browser: Browser, typed: str) -> None:
    """At a page that says that the database does not answer."""
    journal.note(what="unavailable")
    if not browser.headers.get("Retry-After", "").isdigit():
        journal.note(what="broken", why="503 without Retry-After")
    if typed not in unescape(browser.page) or PASSWORD in browser.page:
        journal.note(what="broken", why="503 without what was typed, or with a password")


def _carried(page: str) -> MultiDict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.partition("<main")[2])
    return MultiDict([(unescape(name), unescape(value)) for name, value in fields])


def _nuisance(orders: Orders) -> None:
    """Another process at the same database, until the people are done."""
    rng = random.Random(orders.seed)
    journal = Journal(orders.journal)
    engine = sa.create_engine(orders.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    annoy = _lock_file if engine.dialect.name == "sqlite" else _annoy_server
    until = time.monotonic() + ANNOYED
    while time.monotonic() < until and not any(line["what"] == "over" for line in journal.lines()):
        with suppress(sa.exc.OperationalError), engine.connect() as connection:
            annoy(connection, rng)
        time.sleep(rng.uniform(0.05, 0.3))


def _lock_file(connection: sa.Connection, rng: random.Random) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    time.sleep(rng.uniform(0.05, 3 * PATIENCE))
    connection.exec_driver_sql("ROLLBACK")


def _annoy_server(connection: sa.Connection, rng: random.Random) -> None:
    """A lock for a while, a deadlock, or the end of every other connection."""
    how = rng.choice(("lock", "deadlock", "end"))
    if how == "end":
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return
    connection.exec_driver_sql("BEGIN")
    if how == "lock":
        connection.exec_driver_sql("LOCK TABLE user_task IN ACCESS EXCLUSIVE MODE")
        time.sleep(rng.uniform(0.05, 3 * PATIENCE))
    else:  # the rows that an answer takes last, then the table that it takes first
        connection.exec_driver_sql("LOCK TABLE audit_event, instance IN ACCESS EXCLUSIVE MODE")
        time.sleep(0.1)
        connection.exec_driver_sql("LOCK TABLE idempotency_key IN ACCESS EXCLUSIVE MODE")
    connection.exec_driver_sql("ROLLBACK")
