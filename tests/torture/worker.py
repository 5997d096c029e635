"""One worker process of the product, with a client's journal, that a fault may kill at a numbered point.

It answers tasks, does due jobs and sends mail, in an order that its seed decides, until nothing is left to do.
The journal is the client's: what was asked for, and what was answered with success, written past any buffer.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from torture import mutations

from arshjul.bench.site import NOW
from engine import identity, job_executor, user_tasks
from engine.actor import Actor
from engine.clock import SystemClock
from engine.errors import EngineError
from engine.mails import Mail
from engine.store.database import Database, Tx
from engine.store.faults import DatabaseError, is_passing
from engine.store.tables import instance, job, user_task
from notifications.channels import Channel, DeliveryError
from notifications.channels.smtp import SmtpChannel, parse_url
from notifications.dispatcher import dispatch

T = TypeVar("T")


class Shifted(SystemClock):
    """Wall time moved ahead, so that a dead worker's lease has run out for the one that follows it."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def wall(self) -> datetime:
        return super().wall() + self.ahead


@dataclass
class Journal:
    """One line a thing, appended by one write: it is there however the process dies."""

    path: Path

    def note(self, **line: Any) -> None:
        handle = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        os.write(handle, (json.dumps(line) + "\n").encode())
        os.close(handle)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


@dataclass
class Points:
    """Counts begin, each statement, before and after commit, and before the response; signals itself at one."""

    at: int | None
    signal: int = signal.SIGKILL
    only: str | None = None
    passed: int = 0

    def reach(self, what: str) -> None:
        if self.only is not None and what != self.only:
            return
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), self.signal)

    def watch(self, engine: sa.Engine) -> None:
        if self.at is None:
            return
        sa.event.listen(engine, "begin", lambda _c: self.reach("begin"))
        sa.event.listen(engine, "after_cursor_execute", lambda *_a: self.reach("statement"))
        self._watch_hand_written()
        sa.event.listen(engine, "commit", lambda _c: self.reach("before commit"))
        whole = engine.dialect.do_commit

        def commit(connection: Any) -> None:
            whole(connection)
            self.reach("after commit")

        engine.dialect.do_commit = commit  # type: ignore[method-assign]

    def _watch_hand_written(self) -> None:
        """Statements that go past SQLAlchemy to the driver."""
        for name in ("send", "send_all", "fill"):
            whole = getattr(Tx, name)

            def sent(tx: Tx, *rest: Any, whole: Any = whole) -> Any:
                found = whole(tx, *rest)
                self.reach("statement")
                return found

            setattr(Tx, name, sent)


@dataclass
class Box:
    """Where mail arrives: the other side's own notes."""

    journal: Journal
    points: Points

    def deliver(self, mail: Mail) -> None:
        self.points.reach("before delivery")
        self.journal.note(what="delivered", mail=mail.id, message_id=mail.message_id)
        self.points.reach("after delivery")

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Post:
    """A real mail server; what it does wrong is noted."""

    journal: Journal
    channel: SmtpChannel

    def deliver(self, mail: Mail) -> None:
        try:
            self.channel.deliver(mail)
        except DeliveryError as fault:
            self.journal.note(what="fault", why=type(fault).__name__)
            raise

    def close(self) -> None:
        self.channel.close()


@dataclass(frozen=True)
class Orders:
    """What a worker is to do. `name` stands in its answers and keys; the same name asks for the same."""

    url: str
    journal: Path
    name: str
    seed: int
    round: int
    points: Points = field(default_factory=lambda: Points(None))
    mutation: str | None = None
    poll: bool = True
    same_order: bool = False
    only: str | None = None
    """The key of the instances whose tasks it answers; None: all."""
    most: int = 8
    """How many tasks it asks for in one go."""
    goes_on: bool = True
    """Whether it asks again until none is left."""
    pause: float = 0
    """Seconds between two tasks."""
    outlast: bool = False
    """A client who sends again, with the same key, what the database did not answer; and once more what it did."""
    before: Callable[[Database, Orders], None] = lambda _database, _orders: None
    """What else is wrong with this worker's database."""
    smtp: str | None = None
    """The URL of a mail server; None: a box that takes everything."""
    poison: str | None = None
    """What every timer does in this worker: `raise`, `hang`, or `kill` it."""


def prepare(orders: Orders) -> None:
    """A worker's process: the checks tell what happened, not the program's word."""
    structlog.configure(processors=[_drop])
    mutations.apply(orders.mutation)


def _drop(_logger: Any, _method: str, _event: Any) -> Any:
    raise structlog.DropEvent


def work(orders: Orders) -> None:
    """Until nothing is left: answer, do jobs, send mail. Runs in a process of its own."""
    prepare(orders)
    if orders.poison is not None:
        _poison(orders)
    database = Database(orders.url, Shifted(timedelta(minutes=20 * orders.round)))
    journal = Journal(orders.journal)
    orders.points.watch(database.engine)
    orders.before(database, orders)
    now = NOW + timedelta(days=2 * orders.round)
    rng = random.Random(0 if orders.same_order else orders.seed)
    try:
        while _outlasting(orders, lambda: _once(database, orders, journal, now, rng)):
            pass
    finally:
        database.dispose()


def _outlasting(orders: Orders, do: Callable[[], T]) -> T:
    """Again and again, for a minute at most, while the database does not answer."""
    until = time.monotonic() + 60
    while True:
        try:
            return do()
        except DatabaseError as fault:
            if not orders.outlast or not is_passing(fault) or time.monotonic() > until:
                raise
            Journal(orders.journal).note(what="outage", by=orders.name, why=str(fault).splitlines()[0][:200])
            time.sleep(0.05)


def _poison(orders: Orders) -> None:
    journal = Journal(orders.journal)

    def timer(_tx: Any, row: Any, _now: datetime) -> None:
        journal.note(what="poisoned", job=row.id)
        if orders.poison == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        while orders.poison == "hang":
            time.sleep(0.005)
        raise RuntimeError("poisoned")

    job_executor._HANDLERS["timer"] = timer
    if orders.poison == "hang":
        job_executor.LONGEST = timedelta(seconds=0.3)  # long enough to come as far as the handler on a busy machine


def _once(database: Database, orders: Orders, journal: Journal, now: datetime, rng: random.Random) -> bool:
    with database.page() as tx:
        tasks = [row.id for row in tx.rows(_open_tasks(orders.only))]
    for task in rng.sample(tasks, min(len(tasks), orders.most)):
        ask(database, orders, journal, task, now)
        time.sleep(orders.pause)
        if orders.poll and rng.random() < 0.3:
            _poll(database, orders, journal, now)
    if orders.poll:
        _poll(database, orders, journal, now)
    with database.page() as tx:
        due = tx.scalar(
            sa.select(sa.func.count()).where(
                job.c.state == "due", job.c.due_at <= now, job.c.lease_until.is_(None), job.c.not_before.is_(None)
            )
        )
    return bool(tasks and orders.goes_on) or (orders.poll and bool(due))


def _open_tasks(key: str | None) -> sa.Select[Any]:
    tasks = sa.select(user_task.c.id).where(user_task.c.state == "open").order_by(user_task.c.id)
    return tasks if key is None else tasks.join(instance).where(instance.c.key == key)


def _poll(database: Database, orders: Orders, journal: Journal, now: datetime) -> None:
    job_executor.tick(database, now)
    later = now + timedelta(days=7)  # mail of today leaves in the morning; the box need not wait
    dispatch(database, _channel(orders, journal), now=later, wall=database.clock.wall(), public_url="http://localhost")


def _channel(orders: Orders, journal: Journal) -> Channel:
    if orders.smtp is None:
        return Box(journal, orders.points)
    return Post(journal, SmtpChannel(parse_url(orders.smtp, default_sender="arshjul@region.example"), timeout=0.3))


def ask(database: Database, orders: Orders, journal: Journal, task: int, now: datetime) -> None:
    key, note = f"{orders.name}:{task}", f"{orders.name} svarar på {task}"
    journal.note(what="asked", by=orders.name, task=task, key=key, note=note)

    def answered() -> user_tasks.Receipt:
        with database.page() as tx:
            by = holders(tx, task, now)[0]
        return complete(database, task, note, by=by, key=key, now=now)

    try:
        receipt = _outlasting(orders, answered)
        if orders.outlast and _outlasting(orders, answered) != receipt:
            journal.note(what="broken", why=f"A: the answer to task {task} had two receipts")
    except EngineError as refusal:
        journal.note(what="refused", by=orders.name, task=task, why=refusal.code)
        return
    orders.points.reach("before response")
    journal.note(what="answered", by=orders.name, task=task, note=note, at=receipt.at.isoformat())


def holders(tx: Tx, task: int, now: datetime) -> list[Actor]:
    """Those who hold the task's position."""
    found = identity.actors_for(tx, user_tasks.get(tx, task).position_id, now.date())
    return [Actor(holder.person_id, holder.name) for holder in found]


def complete(database: Database, task: int, note: str, *, by: Actor, key: str, now: datetime) -> user_tasks.Receipt:
    """An answer as a page gives it. Raises what `user_tasks.complete` raises."""
    with database.verb() as tx:
        return user_tasks.complete(tx, task, {"note": note}, by=by, now=now, key=key)


def forked(orders: Orders, do: Callable[[Orders], None] = work) -> int:
    """The id of a new process that carries out the orders; what it raises goes into its journal as a crash."""
    child = os.fork()
    if child:
        return child
    code = 0
    logging.disable(logging.CRITICAL)  # libraries tell of broken connections; the journal does too
    try:
        do(orders)
    except BaseException as fault:  # noqa: BLE001 - told, then the process ends
        Journal(orders.journal).note(what="crash", by=orders.name, why=f"{type(fault).__name__}: {fault}"[:300])
        code = 1
    finally:
        os._exit(code)
