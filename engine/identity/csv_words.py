"""What is wrong with an imported file, in words."""

from __future__ import annotations

from engine.identity.changes import KINDS, LOCALES
from engine.identity.csv_files import CsvError
from engine.identity.csv_import import FUNCTIONS
from engine.texts import Text

REASONS = {
    "unknown_file": Text("filen är ingen av dem som läses in", "this is none of the files that are imported"),
    "too_large": Text("filen är för stor", "the file is too large"),
    "not_text": Text("filen är inte en textfil", "the file is not a text file"),
    "broken_line": Text("raden går inte att läsa", "the line cannot be read"),
    "missing_column": Text("kolumnen saknas", "the column is missing"),
    "unknown_column": Text("filen har ingen sådan kolumn", "the file has no such column"),
    "repeated_column": Text("kolumnen står två gånger", "the column stands twice"),
    "cells": Text(
        "raden har inte lika många celler som rubriken", "the line does not have as many cells as the headings"
    ),
    "unknown": Text("det finns inget sådant", "there is no such thing"),
    "repeated": Text("samma sak står på flera rader", "the same stands on several lines"),
    "loop": Text("enheten ligger under sig själv", "the unit lies below itself"),
    "too_deep": Text("enheten ligger för djupt i trädet", "the unit lies too deep in the tree"),
    "text": Text("skriv en text på en rad med högst 200 tecken", "write one line of at most 200 characters"),
    "identifier": Text(
        "skriv ett id med högst 64 bokstäver och siffror", "write an id with at most 64 letters and digits"
    ),
    "address": Text("skriv en e-postadress", "write an email address"),
    "date": Text("skriv dagen som 2027-01-15", "write the day as 2027-01-15"),
    "before_from": Text("sista dagen ligger före den första", "the last day comes before the first"),
    "yes_or_no": Text("skriv ja eller nej", "write yes or no"),
    "not_of_role": Text("rollen har inte den funktionen", "the role does not have that function"),
    "overlaps": Text(
        "dagarna går in i ett annat innehav av samma befattning",
        "the days run into another holding of the same position",
    ),
    "oneself": Text("du kan inte stänga ditt eget konto", "you cannot close your own account"),
}
"""By the reason of a CsvError."""
CHOICES = {"kind": KINDS, "locale": LOCALES, "function": FUNCTIONS}
"""What a column may hold."""


def in_words(error: CsvError) -> Text:
    """units.csv, rad 2, kolumn parent: det finns inget med det id:t (norra)."""
    place, reason = _place(error), _reason(error)
    value = f" ({error.value})" if error.value else ""
    return Text(f"{place.sv}: {reason.sv}{value}", f"{place.en}: {reason.en}{value}")


def _reason(error: CsvError) -> Text:
    if error.reason == "unknown" and error.column in CHOICES:
        choices = ", ".join(CHOICES[error.column])
        return Text(f"välj bland {choices}", f"choose among {choices}")
    return REASONS[error.reason]


def _place(error: CsvError) -> Text:
    sv = en = error.file
    if error.line is not None:
        sv, en = f"{sv}, rad {error.line}", f"{en}, line {error.line}"
    if error.column is not None:
        sv, en = f"{sv}, kolumn {error.column}", f"{en}, column {error.column}"
    return Text(sv, en)
