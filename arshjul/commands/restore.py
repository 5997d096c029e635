"""`arshjul restore`."""

from __future__ import annotations

from pathlib import Path

import click

from arshjul import settings
from arshjul.composition import open_database, sqlite_file
from arshjul.restoring import take_over
from arshjul.sentences import Said
from engine.clock import STOCKHOLM, SystemClock
from engine.store import migrate
from engine.store.copies import copy


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Lägg säkerhetskopian FILE som databas. Stoppa systemet först. En databas som redan finns skrivs aldrig över."""
    given = settings.read()
    target = sqlite_file(given, "Återställ PostgreSQL med pg_restore, och kör sedan arshjul db restored.")
    if not file.is_file():
        raise Said(f"{file} finns inte.")
    if target.exists():
        raise Said(f"{target} finns redan. Flytta undan den först, eller välj en tom mapp med ARSHJUL_DATA.")
    target.parent.mkdir(parents=True, exist_ok=True)
    copy(file, target)
    migrate.upgrade(given.migration_url)
    click.echo(f"{target} är återställd ur {file}.")
    click.echo(taken_over(given))


def taken_over(given: settings.Settings) -> str:
    """What is lost and what is held back, in words."""
    clock = SystemClock()
    database = open_database(given, clock)
    try:
        restored = take_over(database, clock, given.address)
    finally:
        database.dispose()
    until = "Kopian har inga händelser."
    if restored.until is not None:
        moment = restored.until.astimezone(STOCKHOLM)
        until = f"Den senaste händelsen är från {moment:%Y-%m-%d kl. %H.%M}. Det som hände senare är borta."
    return (
        f"{until}\nJämför med den senaste kontrollpunkten: arshjul history verify --checkpoint.\n"
        f"{restored.held} mejl hålls inne, eftersom de kan ha skickats efter kopian. De står bland tekniska fel."
    )
