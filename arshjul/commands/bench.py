"""`arshjul bench`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from arshjul.bench import floor, table
from arshjul.bench.measured import Row


@click.command("bench")
@click.option("--json", "as_json", is_flag=True, help="Skriv raderna som JSON.")
@click.option("--full", is_flag=True, help="De fulla storlekarna: tar mycket längre tid.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=tempfile.gettempdir,
    help="Mät på den här mappens disk.",
)
def command(folder: Path, *, as_json: bool, full: bool) -> None:
    """Mät årshjulet mot en grundkostnad och mot django-viewflow i samma körning.

    Jämför bara kvoter: maskinens egen fart växlar. En rad vars mål inte nås står kvar som den är.
    """
    with tempfile.TemporaryDirectory(prefix="arshjul-fdatasync", dir=folder) as place:
        waited = floor.fdatasync(Path(place))
    rows = []
    for row in table.measure(folder, table.FULL if full else table.SHORT):
        rows.append(row)
        click.echo(f"{row.name}: {_said(row)}", err=True)
    if as_json:
        click.echo(json.dumps({"rows": [row.as_json() for row in rows], "fdatasync_ms": round(waited * 1000, 3)}))
        return
    Console().print(_drawn(rows))
    click.echo(f"fdatasync av 4 KiB: {waited * 1000:.2f} ms")


def _said(row: Row) -> str:
    return "inte mätt" if row.value is None else f"{row.value:g} {row.unit}"


def _drawn(rows: list[Row]) -> Table:
    drawn = Table("Mått", "Värde", "Mot", "Kvot", "Mål", "Nått", "Anmärkning")
    for row in rows:
        ratio = "–" if row.ratio is None else f"{row.ratio:g}"
        drawn.add_row(row.name, _said(row), row.against, ratio, row.goal, "ja" if row.goal_met else "nej", row.note)
    return drawn
