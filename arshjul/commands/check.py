"""`arshjul check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from engine import deployments


@click.command("check")
@click.argument("package", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Skriv fynden som JSON.")
def command(package: Path, *, as_json: bool) -> None:
    """Kontrollera mappen PACKAGE som vid driftsättning, alla fel på en gång. Slutar med 1 när något är fel."""
    folder = package.resolve()
    found = deployments.check(folder.name, deployments.read_folder(folder))
    if as_json:
        lines = [{"where": problem.where, "sv": problem.sv, "en": problem.en} for problem in found]
        click.echo(json.dumps({"package": folder.name, "findings": lines}, ensure_ascii=False, indent=2))
    elif found:
        click.echo(f"{folder.name} går inte att driftsätta ({len(found)} fel):")
        for problem in found:
            click.echo(f"  {problem.where}: {problem.sv}")
    else:
        click.echo(f"{folder.name} går att driftsätta.")
    sys.exit(1 if found else 0)
