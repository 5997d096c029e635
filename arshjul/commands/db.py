"""`arshjul db`."""

from __future__ import annotations

import click

from arshjul import settings
from arshjul.commands.restore import taken_over
from arshjul.composition import grant_rights, open_installation
from engine import open_work
from engine.clock import SystemClock
from engine.store import migrate


@click.group("db")
def command() -> None:
    """Databasens schema."""


@command.command("upgrade")
def upgrade() -> None:
    """Ge databasen det nyaste schemat, helt eller inte alls. Ta en säkerhetskopia först.

    Med ARSHJUL_MIGRATION_DATABASE_URL får rollen i ARSHJUL_DATABASE_URL sina rättigheter: att läsa och lägga till i
    historiken, men inte att ändra eller ta bort i den.
    """
    given = settings.read()
    if given.is_sqlite and given.database_url is None:
        given.folder.mkdir(parents=True, exist_ok=True)
    before = migrate.current(given.migration_url)
    after = migrate.upgrade(given.migration_url)
    click.echo(
        f"Databasen har redan det nyaste schemat ({after})."
        if before == after
        else f"Databasen har nu schemat {after}."
    )
    role = grant_rights(given)
    if role is not None:
        click.echo(f"Rollen {role} får läsa och lägga till i historiken, inte ändra eller ta bort.")


@command.command("recount")
def recount() -> None:
    """Räkna om de öppna uppgifter som hålls räknade, och rätta det som inte stämmer. Går att göra under drift."""
    database = open_installation(settings.read(), SystemClock())
    try:
        with database.verb() as tx:
            wrong = open_work.recount(tx)
    finally:
        database.dispose()
    click.echo("Alla antal stämmer." if not wrong else f"Antal som inte stämde och är rättade: {wrong}.")


@command.command("restored")
def restored() -> None:
    """Efter pg_restore, innan systemet startas: säg vad som är borta och håll inne mejl som kan ha skickats."""
    given = settings.read()
    migrate.upgrade(given.migration_url)
    click.echo(taken_over(given))
