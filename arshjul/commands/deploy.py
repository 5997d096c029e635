"""`arshjul deploy`."""

from __future__ import annotations

from pathlib import Path

import click

from arshjul import settings
from arshjul.composition import open_database
from engine import deployments, process_instances
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.errors import PackageRefused
from engine.uploads import screen


@click.command("deploy")
@click.argument("package", type=click.Path(path_type=Path))
def command(package: Path) -> None:
    """Driftsätt mappen PACKAGE som nästa version. Samma innehåll igen ändrar inget."""
    folder = package.resolve()
    files = deployments.read_folder(folder)
    found = screen(folder.name, files)
    if found.refused:
        raise PackageRefused(list(found.findings))
    clock = SystemClock()
    database = open_database(settings.read(), clock)
    try:
        with database.verb() as tx:
            done = deployments.deploy(tx, folder.name, files, by=SYSTEM, now=clock.now())
            process_instances.schedule_starts(tx, folder.name, now=clock.now())
    finally:
        database.dispose()
    click.echo(f"{done.package.name.sv}: version {done.version} är driftsatt (SHA-256 {done.sha256[:12]}…).")
