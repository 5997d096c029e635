"""`arshjul db`."""

from __future__ import annotations

import click

from arshjul import settings
from engine.store import migrate


@click.group("db")
def command() -> None:
    """Databasens schema."""


@command.command("upgrade")
def upgrade() -> None:
    """Ge databasen det nyaste schemat, helt eller inte alls. Ta en säkerhetskopia först."""
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
