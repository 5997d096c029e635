"""`arshjul demo`."""

from __future__ import annotations

import click

from arshjul import settings
from arshjul.demo import demo_folder, open_demo
from arshjul.demo_clock import DemoClock
from arshjul.serving import serve


@click.command("demo")
def command() -> None:
    """Visa årshjulet med en påhittad region, spelad fram till i dag.

    PORT och ARSHJUL_DATA väljer port och mapp, FRESH=1 börjar om. En andra körning fortsätter där den förra slutade.
    """
    given = settings.read()
    mine = given.model_copy(update={"data": demo_folder(given)})
    database, clock = open_demo(mine, say=click.echo)
    try:
        click.echo(f"Klart. Öppna {mine.address} i webbläsaren, välj en roll och flytta tiden. Avsluta med Ctrl+C.")
        serve(mine, database, clock, demo=DemoClock(database, clock, mine.address))
    finally:
        database.dispose()
