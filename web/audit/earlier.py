"""The diagram's list, the tasks and the records as they stood at the end of an earlier day."""

from __future__ import annotations

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
from web.words import lazy_gettext as _l

TASK_STATES = {"open": _l("öppen"), "answered": _l("besvarad"), "no_answer": _l("utan svar")}


@blueprint.get("/history/<int:instance_id>/as-of")
@allow("history")
def earlier(instance_id: int) -> ResponseReturnValue:
    day, wrong = asked_day(request.args.get("at", ""))
    by = as_of.WRITTEN if request.args.get("by") == as_of.WRITTEN else as_of.HAPPENED
    with database().page() as tx:
        label = instances.label(tx, instance_id)
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
        wrong=wrong,
        task_states=TASK_STATES,
        titles=titles,
        first_after=first if first is not None and dates.civil(first) > day else None,
    )


def asked_day(text: str) -> tuple[date, bool]:
    """The day in the address, today when there is none; and whether what stood there was no day."""
    day = calendar.typed_day(text) if text else dates.today()
    return (dates.today(), True) if day is None else (day, False)
