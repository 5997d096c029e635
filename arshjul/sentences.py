"""Faults as sentences for the terminal: what went wrong and what to do."""

from __future__ import annotations

from arshjul.player import Stuck
from arshjul.settings import SettingsError
from engine.errors import AlreadyExists, EngineError, InvalidForm, InvalidInput, NotFound, PackageRefused
from engine.store.faults import DatabaseError
from engine.store.migrate import BrokenReferences

SAID = (EngineError, SettingsError, Stuck, BrokenReferences, DatabaseError, OSError)
"""What a command may raise; anything else is a fault of the program and shows as one."""

REASONS = {
    "too_short": "Skriv minst 12 tecken.",
    "too_long": "Skriv högst 256 tecken.",
    "common": "Det är för lätt att gissa. Välj ett annat.",
    "contains_username": "Det innehåller användarnamnet. Välj ett annat.",
    "identifier": "Använd bokstäver, siffror och tecknen . : @ + - _, högst 64.",
    "address": "Skriv en e-postadress, till exempel vera@exempel.se.",
}


def sentence(fault: Exception) -> str:
    """One or more sentences in Swedish."""
    if isinstance(fault, PackageRefused):
        return refused(fault)
    if isinstance(fault, InvalidForm):
        return not_imported(fault)
    if isinstance(fault, AlreadyExists):
        return f"Det finns redan ({_told(fault)})."
    if isinstance(fault, NotFound):
        return f"Det som söks finns inte ({_told(fault)})."
    if isinstance(fault, InvalidInput):
        reason = REASONS.get(str(fault.params.get("reason")), f"Skäl: {fault.params.get('reason')}.")
        return f"Värdet för {fault.params.get('field')} går inte att använda. {reason}"
    if isinstance(fault, EngineError):
        return f"Det gick inte: {fault}."
    if isinstance(fault, BrokenReferences):
        return f"Uppgraderingen avbröts och inget har ändrats: {fault}."
    if isinstance(fault, DatabaseError):
        return f"Databasen svarar inte som den ska: {_first_line(fault)}"
    if isinstance(fault, FileNotFoundError):
        return f"{fault.filename or fault} finns inte."
    if isinstance(fault, OSError):
        return f"{fault.filename or 'Systemet'}: {fault.strerror or fault}."
    return str(fault)


def refused(fault: PackageRefused) -> str:
    """Every finding of a package on a line of its own."""
    lines = [f"  {finding.where}: {finding.sv}" for finding in fault.findings]
    return "\n".join([f"Paketet går inte att driftsätta ({len(lines)} fel):", *lines])


def not_imported(fault: InvalidForm) -> str:
    """Every fault of imported files on a line of its own."""
    lines = [f"  {error.file}, rad {error.line or 1}, {error.column or 'raden'}: {error.reason} {error.value}".rstrip()
             for error in fault.errors]
    return "\n".join([f"Filerna går inte att läsa in, och inget har ändrats ({len(lines)} fel):", *lines])


def _told(fault: EngineError) -> str:
    return ", ".join(str(value) for value in fault.params.values())


def _first_line(fault: Exception) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0]
