"""The demo at a large region's size: more than 5,000 open tasks, three cycles under way, and the years before them.

The product's own verbs make it: people answer seldom, and only the last days' mails are written.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from support import development
from support.served import TODAY

from arshjul.composition import DEMO_MARK, packages
from arshjul.demo import live_starts
from arshjul.needs import handed_in
from arshjul.peopling import people
from arshjul.player import Behaviour, Player
from arshjul.region import Region, invent
from engine import accounts, deployments, job_executor, process_instances
from engine.actor import SYSTEM
from engine.batches import starting
from engine.clock import SimulatedClock
from engine.store import migrate
from engine.store.database import Database
from engine.store.queries import settings as kept
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch

MANAGERS = 1_300
TALKS = 1_000
"""Talks that one manager is to hold: her inbox alone is that long."""
TALKER = "chef-sv-1-1"
WRITTEN = timedelta(days=2)
"""Mails older than this are one digest: nobody reads years of them here."""


def make_large(path: Path) -> None:
    """Made under another name and renamed when it is whole."""
    unfinished = path.with_suffix(".part")
    url = f"sqlite:///{unfinished}"
    migrate.upgrade(url)
    clock = SimulatedClock(TODAY)
    database = Database(url, clock, volatile=True)
    _play(database, clock, invent(MANAGERS))
    _talks(database)
    with database.verb() as tx:
        for folder in packages():
            process_instances.schedule_starts(tx, folder.name, now=TODAY)
        kept.write(tx, DEMO_MARK, {"ahead": 0})
    _mail(database, clock, TODAY)
    database.dispose()
    unfinished.rename(path)


def _play(database: Database, clock: SimulatedClock, region: Region) -> None:
    with database.verb() as tx:
        deployed = [
            deployments.deploy(tx, folder.name, deployments.read_folder(folder), by=SYSTEM, now=TODAY)
            for folder in packages()
        ]
    starts = sorted(start for definition in deployed for start in live_starts(definition, TODAY))
    clock.move_to(starts[0][0] - timedelta(days=1))
    with database.verb() as tx:
        people(tx, region, now=clock.now())
        accounts.create_invented(tx, {person.id: person.id for person in region.people}, "ett påhittat lösenord")

    def after(moment: datetime) -> None:
        if moment > TODAY - WRITTEN:
            _mail(database, clock, moment)

    seldom = Behaviour(silent=0.96, quick=0.8)
    Player(database, clock, seed=2, behaviour=seldom, script=handed_in(), after=after, starts=starts).play(TODAY)


def _talks(database: Database) -> None:
    """One instance for each employee of a manager's, started in one go."""
    with database.verb() as tx:
        deployments.deploy(tx, development.KEY, development.package(), by=SYSTEM, now=TODAY)
        rows = [
            {"employee": f"E{number}", "plan_year": 2026, "manager": TALKER, "kind": "usual"} for number in range(TALKS)
        ]
        starting.start_many(tx, development.KEY, rows, reason="Årets samtal", by=SYSTEM, now=TODAY)
    while job_executor.run_inline(database, TODAY):
        pass


def _mail(database: Database, clock: SimulatedClock, moment: datetime) -> None:
    dispatch(database, MailboxChannel(), now=moment, wall=clock.wall(), public_url="http://127.0.0.1")
