"""`arshjul run-model FILE.bpmn`: runs one file as a model and prints what it did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from arshjul.run_model import play, refusals
from engine.bpmn import Finding

MOST_WAITING = 20
WAITS = {
    "user_task": "väntar på att någon svarar",
    "service": "väntar på en tjänst",
    "timer": "väntar på sin tid",
    "message": "väntar på ett meddelande",
    "signal": "väntar på en signal",
    "script": "vilar",
    "throw": "har inte sänt än",
}


@click.command("run-model")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--variables",
    type=click.Path(path_type=Path),
    help="JSON-fil med processens variabler; _processes och _horizon styr körningen.",
)
@click.option("--test-scripts", is_flag=True, help="Låt filen ha skriptuppgifter med trace, set, wait och throw.")
def command(file: Path, variables: Path | None, test_scripts: bool) -> None:
    """Kör en BPMN-fil i minnet med simulerad klocka och skriv vad dess skriptuppgifter spårade, som JSON.

    Varför en fil inte går att köra skrivs på standard error, liksom var en körning blev stående: ingen svarar på
    användaruppgifter.
    """
    xml = file.read_bytes()
    given = _given(variables) if variables is not None else {}
    played = play(xml, given, test_scripts=test_scripts)
    if played.traced == ["ERROR_deployment"]:
        for finding in refusals(xml, given, test_scripts=test_scripts):
            click.echo(f"{_place(finding)}{finding.sv}", err=True)
    for element_id, name, kind in played.waiting[:MOST_WAITING]:
        click.echo(f"{element_id}: ”{name or element_id}” {WAITS[kind]} när körningen slutar.", err=True)
    click.echo(json.dumps(played.traced, ensure_ascii=False, default=str))


def _place(finding: Finding) -> str:
    """Where it is, as far as that is known: what is called alike in a drawing has ids that differ."""
    known = [finding.element_id, finding.line and f"rad {finding.line}", finding.rule]
    return ", ".join(str(part) for part in known if part) + ": "


def _given(file: Path) -> dict[str, Any]:
    """Raises click.ClickException for what is no JSON object with the values that steer the run."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise click.ClickException(f"{file} är inte JSON: {fault}") from fault
    if not isinstance(given, dict):
        raise click.ClickException(f"{file} ska innehålla ett JSON-objekt, variabel för variabel.")
    processes, horizon = given.get("_processes", []), given.get("_horizon", 0)
    named = isinstance(processes, list) and all(isinstance(process, str) for process in processes)
    if not named or not isinstance(horizon, int | float) or not horizon >= 0:
        raise click.ClickException("_processes ska vara en lista med processernas id, och _horizon ett antal sekunder.")
    return given
