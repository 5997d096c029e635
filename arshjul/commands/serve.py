"""`arshjul serve`."""

from __future__ import annotations

import click

from arshjul import settings
from arshjul.composition import open_installation
from arshjul.serving import NO_PROXY, ensure_safe, serve
from engine.clock import SystemClock


@click.command("serve")
def command() -> None:
    """Visa sidorna på PORT och gör det som det är dags för: en process räcker för en region."""
    given = settings.read()
    ensure_safe(given)
    clock = SystemClock()
    database = open_installation(given, clock)
    try:
        click.echo(f"Årshjulet finns på {given.address}. Avsluta med Ctrl+C.")
        if given.is_https and not given.trusted_proxies:
            click.echo(NO_PROXY)
        serve(given, database, clock)
    finally:
        database.dispose()
