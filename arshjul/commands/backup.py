"""`arshjul backup`."""

from __future__ import annotations

from pathlib import Path

import click

from arshjul import settings
from arshjul.composition import sqlite_file
from arshjul.sentences import Said
from engine.store.copies import copy


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Kopiera databasen till FILE medan systemet kör, och kontrollera kopian. PostgreSQL: använd pg_dump."""
    source = sqlite_file(settings.read(), "Säkerhetskopiera PostgreSQL med pg_dump.")
    if file.exists():
        raise Said(f"{file} finns redan. Välj ett annat namn, så att ingen kopia skrivs över.")
    copy(source, file)
    click.echo(
        f"Kopian {file} är hel ({file.stat().st_size // 1024} kB). Glöm inte den hemliga nyckeln i {source.parent}."
    )
