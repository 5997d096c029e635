"""`arshjul check`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from engine import deployments
from engine.uploads import Screened, screen, screen_alone

MOST_BYTES = 8_000_000
"""Read of a diagram: eight times as many as are checked, so that one is said to be too large without being read."""


@click.command("check")
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Skriv fynden som JSON.")
def command(package: Path, *, as_json: bool) -> None:
    """Kontrollera mappen PACKAGE som vid driftsättning, alla fel på en gång. Slutar med 1 när något är fel.

    PACKAGE kan också vara ett diagram för sig, en BPMN-fil.
    """
    folder = package.resolve()
    if package.is_file():
        with package.open("rb") as stream:
            found = screen_alone(stream.read(MOST_BYTES))
    else:
        found = screen(folder.name, deployments.read_folder(folder))
    if as_json:
        lines = [asdict(problem) for problem in found.findings]
        document = {"package": folder.name, "findings": lines, "more": found.more}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in said(folder.name, found):
            click.echo(line)
    sys.exit(1 if found.refused else 0)


def said(name: str, found: Screened) -> list[str]:
    """What was found, a line for each; the first line says what it means."""
    lines = [f"  {problem.where or name}: {problem.sv}" for problem in found.findings]
    if found.more:
        lines.append(f"  … och {found.more} till. Rätta dessa först.")
    if found.refused:
        return [f"{name} går inte att driftsätta ({len(found.findings) + found.more} fel):", *lines]
    return [f"{name} går att driftsätta.", *lines]
