"""`arshjul history`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import click

from arshjul import settings
from arshjul.composition import open_database
from engine import erasing, history, identity
from engine.actor import Actor
from engine.clock import SystemClock
from engine.erasing.kinds import KINDS, STAYS
from engine.history import bundle, verifier
from engine.history.exports import as_csv, as_xes
from engine.store.database import Tx

FORMATS: dict[str, Callable[[Tx], Iterator[str]]] = {
    "ndjson": history.export_ndjson, "csv": as_csv, "xes": as_xes,
}  # fmt: skip


@click.group("history")
def command() -> None:
    """Historiken: lämna ut den, kontrollera den och gallra ur den."""


@command.command("export")
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(FORMATS)),
    default="ndjson",
    show_default=True,
    help="ndjson går att kontrollera med history verify; csv och xes är för läsning och processanalys.",
)
@click.option(
    "--output", type=click.File("w", encoding="utf-8"), default="-", help="Fil att skriva till, annars terminalen."
)
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path),
    help="Skriv också en kontrollpunkt hit. Förvara den utanför systemet.",
)
def export(kind: str, output: IO[str], checkpoint: Path | None) -> None:
    """Skriv hela historiken."""
    clock = SystemClock()
    database = open_database(settings.read(), clock)
    try:
        if checkpoint is not None:
            with database.verb() as tx:
                checkpoint.write_text(history.checkpoint(tx, clock.now()).document, encoding="utf-8")
        with database.page() as tx:
            output.writelines(FORMATS[kind](tx))
    finally:
        database.dispose()


@command.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Kontrollpunkt som du har sparat.")
@click.option(
    "--key", "keys", multiple=True, help="Nyckel eller fingeravtryck som paketet ska vara signerat med; kan ges igen."
)
def verify(file: Path, checkpoint: Path | None, keys: tuple[str, ...]) -> None:
    """Kontrollera en export (ndjson) eller ett paket (zip).

    Slutar med 1 när något inte stämmer, med 2 när en fil inte går att läsa.
    """
    given = ["--checkpoint", str(checkpoint)] if checkpoint else []
    sys.exit(verifier.main([str(file), *given, *(part for key in keys for part in ("--key", key))]))


@command.command("verifier")
@click.argument("file", type=click.Path(path_type=Path))
def write_verifier(file: Path) -> None:
    """Skriv kontrollprogrammet till FILE: en enda fil, som bara behöver Python."""
    file.write_text(bundle.the_verifier(), encoding="utf-8")


@command.command("erase")
@click.argument("person")
@click.option("--decision", required=True, help="Gallringsbeslutets nummer. Det står kvar där texten stod.")
@click.option(
    "--text", prompt="Text som ska gallras", help="Utan --text frågas efter den, så att den inte blir kvar i skalet."
)
def erase(person: str, decision: str, text: str) -> None:
    """Gallra en text överallt, som PERSON, enligt ett gallringsbeslut. Visar först var den står och frågar."""
    clock = SystemClock()
    database = open_database(settings.read(), clock)
    try:
        with database.page() as tx:
            by = Actor(person, identity.person(tx, person).name)
            found = erasing.preview(tx, text, decision, by=by, now=clock.now())
        show(found)
        again = click.prompt("Det går inte att ångra. Skriv beslutets nummer igen för att gallra")
        if again.strip() != found.decision:
            raise click.ClickException("Numret stämmer inte med beslutets. Inget har gallrats.")
        with database.verb() as tx:
            done = erasing.erase(tx, text, decision, seen=found.seen, by=by, now=clock.now())
        click.echo(f"Gallrat på {done.count} ställen enligt beslut {done.decision}.")
    finally:
        database.dispose()


def show(found: erasing.Preview) -> None:
    """Every place, for the one who is to confirm. Raises ClickException when there is none."""
    for hit in (*found.hits, *found.stays):
        about = f", {hit.about.sv}" if hit.about.sv else ""
        stays = f" Blir kvar: {STAYS[hit.stays].sv}" if hit.stays else ""
        click.echo(f"{KINDS[hit.kind].sv}{about}: {' / '.join(hit.excerpts)}{stays}")
    for file in found.files:
        click.echo(f"Går inte att söka i, och raderas bara från sidan Gallra personuppgifter: {file.name}")
    if not found.hits:
        raise click.ClickException("Texten står inte på något ställe där den kan gallras.")


@command.command("key")
def key() -> None:
    """Skriv den öppna nyckel som granskningspaketen signeras med, och dess fingeravtryck.

    Ge fingeravtrycket till granskarna, på annan väg än paketen.
    """
    found = settings.read().bundle_key()
    click.echo(f"Fingeravtryck: {verifier.spaced(found.id)}\nÖppen nyckel: {found.public}")
