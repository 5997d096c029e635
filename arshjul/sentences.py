"""Faults as sentences for the terminal: what went wrong and what to do."""

from __future__ import annotations

from functools import singledispatch
from typing import IO

import click

from arshjul.player import Stuck
from arshjul.settings import SettingsError
from engine import identity
from engine.errors import AlreadyExists, EngineError, InvalidForm, InvalidInput, NotFound, PackageRefused
from engine.store.faults import DatabaseError
from engine.store.migrate import BrokenReferences


class Said(click.ClickException):
    """A command cannot go on, for a reason the user can do something about: shown as the sentence it is."""

    def show(self, file: IO[str] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


SAID = (EngineError, SettingsError, Stuck, BrokenReferences, DatabaseError, OSError)
"""What a command may raise; anything else is a fault of the program and shows as one."""

REASONS = {
    "too_short": "Skriv minst 12 tecken.",
    "too_long": "Skriv högst 256 tecken.",
    "common": "Det är för lätt att gissa. Välj ett annat.",
    "contains_username": "Det innehåller användarnamnet. Välj ett annat.",
    "identifier": "Använd bokstäver, siffror och tecknen . : @ + - _, högst 64.",
    "text_too_short": "Skriv minst fyra tecken.",
    "text_too_long": "Skriv högst 2000 tecken.",
    "text_missing": "Skriv texten.",
    "decision_missing": "Skriv beslutets nummer.",
    "decision_too_long": "Skriv högst 100 tecken.",
    "address": "Skriv en e-postadress, till exempel vera@exempel.se.",
}


@singledispatch
def sentence(fault: Exception) -> str:
    """One or more sentences in Swedish."""
    return str(fault)


@sentence.register
def refused(fault: PackageRefused) -> str:
    """Every finding of a package on a line of its own."""
    lines = [f"  {finding.where}: {finding.sv}" for finding in fault.findings]
    return "\n".join([f"Paketet går inte att driftsätta ({len(lines)} fel):", *lines])


@sentence.register
def not_imported(fault: InvalidForm) -> str:
    """Every fault of imported files on a line of its own."""
    lines = [f"  {identity.csv_fault(error).sv}" for error in fault.errors]
    return "\n".join([f"Filerna går inte att läsa in, och inget har ändrats ({len(lines)} fel):", *lines])


@sentence.register
def _(fault: InvalidInput) -> str:
    reason = REASONS.get(str(fault.params.get("reason")), f"Skäl: {fault.params.get('reason')}.")
    return f"Värdet för {fault.params.get('field')} går inte att använda. {reason}"


@sentence.register
def _(fault: AlreadyExists) -> str:
    return f"Det finns redan ({_told(fault)})."


@sentence.register
def _(fault: NotFound) -> str:
    return f"Det som söks finns inte ({_told(fault)})."


@sentence.register
def _(fault: EngineError) -> str:
    return f"Det gick inte: {fault}."


@sentence.register
def _(fault: BrokenReferences) -> str:
    return f"Uppgraderingen avbröts och inget har ändrats: {fault}."


@sentence.register
def _(fault: DatabaseError) -> str:
    first_line = next(iter(str(fault).splitlines()), type(fault).__name__)
    return f"Databasen svarar inte som den ska: {first_line}"


@sentence.register
def _(fault: FileNotFoundError) -> str:
    return f"{fault.filename or fault} finns inte."


@sentence.register
def _(fault: OSError) -> str:
    return f"{fault.filename or 'Systemet'}: {fault.strerror or fault}."


def _told(fault: EngineError) -> str:
    return ", ".join(str(value) for value in fault.params.values())
