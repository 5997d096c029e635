"""Starting many from a CSV file: the file is looked at row by row first, and nothing is started before that."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field

from babel.numbers import format_decimal
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from engine import deployments
from engine.batches import csv_rows, starting
from engine.batches.making import LARGEST
from engine.errors import InvalidForm, InvalidInput
from engine.identity.csv_files import CsvError
from engine.rules.packages import Package
from web import csvfile, messages, reasons, sizes
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@dataclass
class Asked:
    reason: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@blueprint.get("/processes/<key>/start-many")
@allow("operate")
def start_many(key: str) -> ResponseReturnValue:
    return show(package_of(key), Asked())


def too_large(key: str) -> ResponseReturnValue:
    return show(package_of(key), Asked(errors={"file": [_("Filen är för stor. Dela den i flera.")]})), 413


@blueprint.post("/processes/<key>/start-many")
@allow("operate")
@sizes.larger(too_large)
def start_from_file(key: str) -> ResponseReturnValue:
    package = package_of(key)
    asked = Asked(request.form.get("reason", "").strip())
    name, content = uploaded()
    if not name:
        asked.errors["file"] = [_("Välj en fil.")]
    wrong = reasons.fault(asked.reason, _("Skriv varför. Skälet sparas i historiken."))
    if wrong is not None:
        asked.errors["reason"] = [wrong]
    if not asked.errors:
        try:
            rows = csv_rows.read(package.columns, name, content)
            with database().verb() as tx:
                made = starting.prepare(tx, key, rows, reason=asked.reason, by=actor(), now=now())
        except InvalidForm as refused:
            asked.errors["file"] = [file_sentence(error) for error in refused.errors]
        except InvalidInput as refused:
            place = "reason" if refused.params.get("field") == "reason" else "file"
            asked.errors[place] = [messages.sentence(refused).text]
        else:
            return redirect(url_for("cockpit.batch", batch_id=made))
    return show(package, asked), 422


@blueprint.get("/processes/<key>/start-many.csv")
@allow("operate")
def start_many_template(key: str) -> ResponseReturnValue:
    """An empty file with the right headings."""
    package = package_of(key)
    columns = package.columns or csv_rows.ONLY_YEAR
    return csvfile.download(f"{package.key}.csv", [in_words(column.label) for column in columns], [])


def uploaded() -> tuple[str, bytes]:
    """The file's name and what of it can be read; an empty name without a file."""
    upload = request.files.get("file")
    if upload is None:
        return "", b""
    with closing(upload):
        return upload.filename or "", upload.read(csv_rows.LARGEST_FILE + 1)


def package_of(key: str) -> Package:
    """Raises NotFound."""
    with database().page() as tx:
        return deployments.latest(tx, key).package


def file_sentence(error: CsvError) -> str:
    """The line, and what is wrong there."""
    known = {
        "unknown_column": _("Processen har ingen kolumn som heter %(name)s. Ta bort den.", name=error.value),
        "missing_column": _("Kolumnen %(name)s saknas. Lägg till den.", name=error.value),
        "repeated_column": _("Kolumnen %(name)s står två gånger. Ta bort den ena.", name=error.value),
        "cells": _("Rad %(line)s har ett annat antal kolumner än rubrikraden.", line=error.line),
        "broken_line": _("Rad %(line)s går inte att läsa. Titta efter citattecken som inte stängs.", line=error.line),
        "not_text": _("Filen är inte en textfil. Spara den som CSV."),
    }
    return known[error.reason]


def show(package: Package, asked: Asked) -> str:
    columns = package.columns or csv_rows.ONLY_YEAR
    return render_template(
        "cockpit/start_many.html",
        package=package,
        columns=columns,
        asked=asked,
        largest=format_decimal(LARGEST, locale=get_locale()),
    )
