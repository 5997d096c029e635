"""`arshjul serve`."""

from __future__ import annotations

import click

from arshjul import settings
from arshjul.composition import open_installation
from arshjul.serving import serve
from engine.clock import SystemClock


@click.command("serve")
def command() -> None:
    """Visa sidorna på PORT och gör det som har dag: en process räcker för en region."""
    given = settings.read()
    clock = SystemClock()
    database = open_installation(given, clock)
    try:
        click.echo(f"Årshjulet finns på {given.address}. Avsluta med Ctrl+C.")
        serve(given, database, clock)
    finally:
        database.dispose()
