"""The diagram's list, the tasks and the records as they stood at the end of an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import as_of, instances
from engine.rules import calendar
from web import dates, security
from web.audit import reading
from web.audit.blueprint import blueprint
from web.audit.wording import Titles
from web.context import database, now
from web.permissions import allow
from web.words import gettext as _
from web.words import lazy_gettext as _l
from web.words import ngettext

TASK_STATES = {
    "open": _l("öppen"),
    "answered": _l("besvarad"),
    "no_answer": _l("utan svar"),
    "excused": _l("behöver inte svara"),
    "cancelled": _l("avbruten"),
}


@blueprint.get("/history/<int:instance_id>/as-of")
@allow("history")
def earlier(instance_id: int) -> ResponseReturnValue:
    typed = " ".join(request.args.get("at", "").split())[:40] or dates.machine_day(now())
    day, wrong = asked_day(typed)
    by = as_of.WRITTEN if request.args.get("by") == as_of.WRITTEN else as_of.HAPPENED
    with database().page() as tx:
        label = instances.label(tx, instance_id)
        if day is None:
            return render_template("audit/as_of.html", by=by, label=label, typed=typed, wrong=wrong)
        latest = tx.recorded_at if by == as_of.WRITTEN else now()
        stood = as_of.then(tx, instance_id, min(calendar.end_of(day), latest), by)
        first = as_of.first_written(tx, instance_id) if by == as_of.WRITTEN else None
        titles = Titles(tx, (value for record in stood.records for _name, value in record.values))
    reading.note_reading(f"instance {instance_id} as of {day.isoformat()} {by}")
    security.allow_diagram_styles()
    return render_template(
        "audit/as_of.html",
        by=by,
        label=label,
        then=stood,
        day=day,
        typed=typed,
        wrong="",
        task_states=TASK_STATES,
        counts=counted(stood.counts),
        titles=titles,
        first_after=first if first is not None and dates.civil(first) > day else None,
    )


def counted(counts: Mapping[str, int]) -> list[str]:
    """How many tasks were in which state; the usual states also when no task was."""
    number = {state: counts.get(state, 0) for state in TASK_STATES}
    said = {
        "open": ngettext("%(num)d öppen", "%(num)d öppna", number["open"]),
        "answered": ngettext("%(num)d besvarad", "%(num)d besvarade", number["answered"]),
        "no_answer": _("%(num)d utan svar", num=number["no_answer"]),
        "excused": _("%(num)d behöver inte besvaras", num=number["excused"]),
        "cancelled": ngettext("%(num)d avbruten", "%(num)d avbrutna", number["cancelled"]),
    }
    return [said[state] for state in said if number[state] or state in ("open", "answered", "no_answer")]


def asked_day(typed: str) -> tuple[date | None, str]:
    """The day, or what is wrong with it in words: no day, or one that has not been."""
    day = calendar.typed_day(typed)
    if day is None:
        return None, _("Skriv en dag, till exempel 2026-03-31.")
    if day > dates.today():
        return None, _("Den dagen har inte varit än. Välj %(today)s eller en tidigare dag.", today=dates.day(now()))
    return day, ""
