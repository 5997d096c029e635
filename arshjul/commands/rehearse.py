"""`arshjul rehearse`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from arshjul.composition import WORKFLOWS
from arshjul.region import FEWEST_MANAGERS
from arshjul.rehearsal import rehearse
from arshjul.reporting import tables


@click.command("rehearse")
@click.option("--plan-year", type=click.IntRange(2003, 2190), required=True, help="Första planåret.")
@click.option("--years", type=click.IntRange(1, 50), default=1, show_default=True, help="Antal planår i följd.")
@click.option(
    "--managers", type=click.IntRange(FEWEST_MANAGERS, 20_000), default=90, show_default=True, help="Antal chefer."
)
@click.option("--process", default="annual_plan", show_default=True, help="Processens mapp i workflows/.")
@click.option("--json", "as_json", is_flag=True, help="Skriv resultatet som JSON.")
def command(plan_year: int, years: int, managers: int, process: str, *, as_json: bool) -> None:
    """Spela hela omgångar på några sekunder, med påhittade svar, i en databas som kastas.

    Visar svarstider, uppgifter, meddelanden och arbete per månad. Slutar med 1 när en omgång inte kommer i mål
    eller historiken inte går att verifiera.
    """
    with _progress() as progress:
        report = rehearse(WORKFLOWS / process, plan_year, years=years, managers=managers, progress=progress)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for table in tables(report):
            Console().print(table)
    faults = [f"Utbildningsplan {year} kom inte i mål." for year in report.stuck]
    faults += [] if report.verified else ["Historiken går inte att verifiera."]
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar on the terminal's error stream; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("Repeterar"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Repeterar", total=1.0)
        yield lambda share: bar.update(task, completed=share)
