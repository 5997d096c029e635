"""`arshjul restore`."""

from __future__ import annotations

from pathlib import Path

import click

from arshjul import settings
from arshjul.composition import sqlite_file
from arshjul.sentences import Said
from engine.store.copies import copy


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Lägg säkerhetskopian FILE som databas. Stoppa systemet först. En databas som redan finns skrivs aldrig över."""
    target = sqlite_file(settings.read(), "Återställ PostgreSQL med pg_restore.")
    if not file.is_file():
        raise Said(f"{file} finns inte.")
    if target.exists():
        raise Said(f"{target} finns redan. Flytta undan den först, eller välj en tom mapp med ARSHJUL_DATA.")
    target.parent.mkdir(parents=True, exist_ok=True)
    copy(file, target)
    click.echo(f"{target} är återställd ur {file}. Kör arshjul db upgrade om kopian är från en äldre version.")
