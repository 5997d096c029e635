"""Importing the organisation from CSV files, tried before it is written."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import identity
from engine.errors import InvalidForm
from web.cockpit.blueprint import blueprint
from web.context import actor, database, now
from web.permissions import allow
from web.words import gettext as _

FILES = ("units.csv", "people.csv", "positions.csv", "holdings.csv")


@blueprint.get("/organisation/import")
@allow("admin")
def organisation_import() -> ResponseReturnValue:
    return show(report=None, errors=[])


@blueprint.post("/organisation/import")
@allow("admin")
def import_organisation() -> ResponseReturnValue:
    """The first button only tries; the second writes."""
    files = {name: upload.read() for name in FILES if (upload := request.files.get(name)) and upload.filename}
    if not files:
        return show(report=None, errors=[_("Välj minst en fil.")]), 422
    trying = request.form.get("do") != "write"
    try:
        with database().verb() as tx:
            report = identity.import_csv(
                tx, files, by=actor(), now=now(), complete="complete" in request.form, dry_run=trying
            )
    except InvalidForm as refused:
        return show(report=None, errors=[error_sentence(error) for error in refused.errors]), 422
    if trying:
        return show(report=report, errors=[])
    flash(_("Organisationen är uppdaterad."), "success")
    return redirect(url_for("cockpit.organisation"))


def error_sentence(error: identity.CsvError) -> str:
    """The file, the line and the column, and what is wrong there."""
    where = error.file
    if error.line is not None:
        where += _(", rad %(line)d", line=error.line)
    if error.column is not None:
        where += _(", kolumn %(column)s", column=error.column)
    reason = REASONS.get(error.reason)
    said = reason() if reason else _("värdet går inte att använda")
    return f"{where}: {said}" + (f" ({error.value})" if error.value else "")


REASONS = {
    "unknown": lambda: _("det finns inget med det id:t"),
    "repeated": lambda: _("samma id står på flera rader"),
    "loop": lambda: _("enheten ligger under sig själv"),
    "too_deep": lambda: _("enheten ligger för djupt i trädet"),
    "text": lambda: _("skriv en text på en rad med högst 200 tecken"),
    "identifier": lambda: _("skriv ett id med högst 64 bokstäver och siffror"),
    "address": lambda: _("skriv en e-postadress"),
    "before_from": lambda: _("sista dagen ligger före den första"),
    "not_of_role": lambda: _("rollen har inte den funktionen"),
    "too_large": lambda: _("filen är för stor"),
    "not_text": lambda: _("filen är inte en textfil"),
    "broken_line": lambda: _("raden går inte att läsa"),
}


def show(report: identity.ImportReport | None, errors: list[str]) -> str:
    return render_template("cockpit/organisation_import.html", report=report, errors=errors, files=FILES)
