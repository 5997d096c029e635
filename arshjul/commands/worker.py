"""`arshjul worker`."""

from __future__ import annotations

import threading

import click

from arshjul import collecting, settings
from arshjul.composition import mail_channel, open_installation, poller
from engine.clock import SystemClock


@click.command("worker")
def command() -> None:
    """Gör det som det är dags för och skicka mejl, utan sidor. Flera kan köra samtidigt mot samma PostgreSQL."""
    given = settings.read()
    clock = SystemClock()
    database = open_installation(given, clock)
    collecting.seldom()
    try:
        with poller(database, clock, mail_channel(given), given.address, given.checkpoint_folder):
            click.echo("Arbetar. Avsluta med Ctrl+C.")
            threading.Event().wait()
    finally:
        database.dispose()
