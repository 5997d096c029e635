"""The organisation: units, positions and who holds them; and its import from CSV files, tried before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import identity
from engine.errors import InvalidForm
from engine.identity import Position, Unit
from engine.store.database import Tx
from engine.texts import Text
from web import dates
from web.cockpit.blueprint import blueprint
from web.context import actor, database, now
from web.doors import open_to
from web.permissions import allow
from web.words import gettext as _

FILES = ("units.csv", "people.csv", "positions.csv", "holdings.csv")


@dataclass(frozen=True)
class Held:
    """A position on a day; nobody among `holders` means vacant."""

    position: Position
    role: Text
    holders: list[str]


@dataclass(frozen=True)
class Branch:
    """A unit at its depth in the tree, with its positions."""

    unit: Unit
    depth: int
    positions: list[Held]


@blueprint.get("/organisation")
@open_to("admin", "cockpit")
def organisation() -> ResponseReturnValue:
    with database().page() as tx:
        found = branches(tx, dates.today())
    vacant_only = request.args.get("show") == "vacant"
    if vacant_only:
        found = [Branch(b.unit, b.depth, [h for h in b.positions if not h.holders]) for b in found]
        found = [branch for branch in found if branch.positions]
    return render_template(
        "cockpit/organisation.html",
        branches=found,
        vacant_only=vacant_only,
        may_import="admin" in current_user.capabilities,
    )


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


def branches(tx: Tx, today: date) -> list[Branch]:
    """The whole tree, each unit before those below it, by name."""
    day, roles = identity.on(tx, today), identity.roles(tx)
    below: dict[str | None, list[Unit]] = {}
    for unit in identity.units(tx):
        below.setdefault(unit.parent_id, []).append(unit)
    held: dict[str, list[Held]] = {}
    for position in day.positions.values():
        role = roles.get(position.role)
        names = [holder.name for holder in day.holders(position.id)]
        said = Text(role.sv, role.en) if role else Text(position.role, position.role)
        held.setdefault(position.unit_id, []).append(Held(position, said, names))
    return list(walk(below, held, None, 0))


def walk(
    below: dict[str | None, list[Unit]], held: dict[str, list[Held]], parent: str | None, depth: int
) -> list[Branch]:
    found: list[Branch] = []
    for unit in sorted(below.get(parent, []), key=lambda u: u.name):
        found.append(Branch(unit, depth, sorted(held.get(unit.id, []), key=lambda h: h.position.name)))
        found.extend(walk(below, held, unit.id, depth + 1))
    return found
