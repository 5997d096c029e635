"""Importing the organisation from CSV files, tried before it is written."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import identity
from engine.errors import InvalidForm
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
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
        return show(report=None, errors=[in_words(identity.csv_fault(error)) for error in refused.errors]), 422
    if trying:
        return show(report=report, errors=[])
    flash(_("Organisationen är uppdaterad."), "success")
    return redirect(url_for("cockpit.organisation"))


def show(report: identity.ImportReport | None, errors: list[str]) -> str:
    return render_template(
        "cockpit/organisation_import.html", report=report, errors=errors, files=FILES, columns=identity.CSV_COLUMNS
    )
