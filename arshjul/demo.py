"""The demo: an invented region whose cycles have been played up to today, in a database of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from arshjul.composition import DEMO_MARK, packages
from arshjul.needs import handed_in
from arshjul.peopling import people
from arshjul.player import Behaviour, Player
from arshjul.region import Region, invent
from arshjul.settings import DATABASE_FILE, Settings, SettingsError
from engine import accounts, deployments, playing, process_instances
from engine.actor import SYSTEM
from engine.clock import OffsetClock, SimulatedClock
from engine.deployments import Deployed
from engine.rules import calendar
from engine.store import migrate
from engine.store.database import Database
from engine.store.faults import DatabaseError
from engine.store.queries import settings as kept
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch

BUILDING = "building.db"
MANAGERS = 90
YEARS_BACK, YEARS_AHEAD = 8, 8
YEARS_DEPLOYED = 3  # a plan year begins two years before, and lives on into the January after it

Say = Callable[[str], None]


def is_demo(database: Database) -> bool:
    with database.page() as tx:
        return kept.read(tx, DEMO_MARK) is not None


def open_demo(
    settings: Settings, *, say: Say, managers: int = MANAGERS, now: datetime | None = None
) -> tuple[Database, OffsetClock]:
    """The demo's database and clock; made first when there is none.

    Raises SettingsError when the folder holds real data.

    `now`: the instant that the past is played up to, by default the present.
    """
    if settings.database_url is not None:
        raise SettingsError("Demot har alltid en egen SQLite-databas. Ta bort ARSHJUL_DATABASE_URL och kör igen.")
    folder = demo_folder(settings)
    path = folder / DATABASE_FILE
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _refuse_real_data(path)
        if settings.fresh:
            say(f"Kastar den gamla regionen i {folder} …")
            _remove(path)
    if not path.exists():
        _build(folder, path, managers, now or OffsetClock().now(), say, settings.address)
    clock = OffsetClock()
    database = Database(f"sqlite:///{path}", clock)
    with database.page() as tx:
        clock.offset = timedelta(seconds=kept.read(tx, DEMO_MARK)["ahead"])
    return database, clock


def demo_folder(settings: Settings) -> Path:
    return settings.data or Path("var") / "demo"


def keep_time(database: Database, clock: OffsetClock) -> None:
    """Remember how far the process clock is ahead, for the next start."""
    with database.verb() as tx:
        kept.write(tx, DEMO_MARK, {"ahead": clock.offset.total_seconds()})


def _refuse_real_data(path: Path) -> None:
    database = Database(f"sqlite:///{path}", OffsetClock())
    try:
        found = is_demo(database)
    except DatabaseError:
        found = False
    finally:
        database.dispose()
    if not found:
        raise SettingsError(
            f"{path} är inte demots databas, så den lämnas i fred. Välj en annan mapp med ARSHJUL_DATA."
        )


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _build(folder: Path, path: Path, managers: int, now: datetime, say: Say, address: str) -> None:
    """Made under another name and renamed when it is whole: one that was interrupted is begun anew."""
    building = folder / BUILDING
    _remove(building)
    url = f"sqlite:///{building}"
    migrate.upgrade(url)
    clock = SimulatedClock(now)
    database = Database(url, clock, volatile=True)
    try:
        _fill(database, clock, invent(managers), now, say, address)
    finally:
        database.dispose()
    os.replace(building, path)


def _fill(database: Database, clock: SimulatedClock, region: Region, now: datetime, say: Say, address: str) -> None:
    found = {folder.name: deployments.read_folder(folder) for folder in packages()}
    say(f"Driftsätter {len(found)} processer …")
    clock.move_to(datetime(now.year - YEARS_DEPLOYED, 1, 2, 9, tzinfo=UTC))  # before all that it rules
    with database.verb() as tx:
        deployed = [deployments.deploy(tx, key, files, by=SYSTEM, now=clock.now()) for key, files in found.items()]
    starts = sorted(start for definition in deployed for start in live_starts(definition, now))
    clock.move_to(min([start[0] for start in starts], default=now) - timedelta(days=1))
    units = sum(unit.kind == "unit" for unit in region.units)
    say(f"Hittar på en region: {units} enheter, {len(region.people)} personer, {len(region.positions)} befattningar …")
    with database.verb() as tx:
        people(tx, region, now=clock.now())
        accounts.create_invented(tx, {person.id: person.id for person in region.people}, secrets.token_urlsafe(24))
    _play(database, clock, starts, now, say, address)
    with database.verb() as tx:
        for key in found:
            process_instances.schedule_starts(tx, key, now=now)
        kept.write(tx, DEMO_MARK, {"ahead": 0})


def live_starts(deployed: Deployed, now: datetime) -> Iterator[tuple[datetime, str, int]]:
    """The instances that live at `now`: started by themselves on their day, last window not closed yet."""
    begins = deployed.package.start
    if begins is None or begins.at is None:
        return
    texts = {element: {"opens": t.opens, "closes": t.closes, "due": t.due} for element, t in deployed.tasks.items()}
    given = {element: {name: text for name, text in days.items() if text} for element, days in texts.items()}
    for year in range(now.year - YEARS_BACK, now.year + YEARS_AHEAD):
        first = begins.first_plan_year
        if first is not None and (year < first or (year - first) % begins.every_years):
            continue
        opens = calendar.resolve(begins.at, plan_year=year, edge="opens")
        closes = max(window.closes for window in calendar.resolve_windows(given, year).values())
        if opens <= now <= closes:
            yield opens, deployed.key, year


def _play(
    database: Database,
    clock: SimulatedClock,
    starts: list[tuple[datetime, str, int]],
    now: datetime,
    say: Say,
    address: str,
) -> None:
    channel = MailboxChannel()
    shown: set[int] = set()

    def after(moment: datetime) -> None:
        dispatch(database, channel, now=moment, wall=clock.wall(), public_url=address)
        year = moment.astimezone(UTC).year
        if year not in shown:
            shown.add(year)
            say(f"Spelar det som har hänt under {year} …")

    player = Player(
        database,
        clock,
        behaviour=Behaviour(silent=0.08, quick=0.7),
        script=handed_in(),
        after=after,
        wake=playing.next_send,
        starts=starts,
    )
    player.play(now)
