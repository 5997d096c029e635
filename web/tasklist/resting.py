"""Letting a task rest until a day of one's own choice."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import follow_ups
from engine.errors import InvalidInput
from engine.rules import calendar
from engine.task_page import TaskPage
from web import dates
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist.blueprint import blueprint
from web.tasklist.reading import read
from web.words import gettext as _


@blueprint.get("/tasks/<int:task_id>/follow-up")
@allow("signed_in")
def follow_up(task_id: int) -> ResponseReturnValue:
    page = read(task_id)
    if not page.may_rest:
        return redirect(url_for("tasklist.task", task_id=task_id))
    return show(page, dates.machine_day(page.resting_until), "")


@blueprint.post("/tasks/<int:task_id>/follow-up")
@allow("signed_in")
def set_follow_up(task_id: int) -> ResponseReturnValue:
    if "_wake" in request.form:
        with database().verb() as tx:
            follow_ups.wake(tx, task_id, by=actor(), now=now())
        flash(_("Uppgiften ligger överst i inkorgen igen."), "success")
        return redirect(url_for("tasklist.inbox"))
    typed = request.form.get("until", "").strip()[:20]
    until = calendar.typed_day(typed)
    if until is None:
        return show(read(task_id), typed, _("Ange ett datum som finns, till exempel 2027-03-21")), 422
    try:
        with database().verb() as tx:
            follow_ups.rest(tx, task_id, until, by=actor(), now=now())
    except InvalidInput as refused:
        page = read(task_id)
        return show(page, typed, REFUSALS[refused.params["reason"]](page)), 422
    flash(_("Uppgiften vilar till %(day)s.", day=dates.day(until)), "success")
    return redirect(url_for("tasklist.inbox"))


REFUSALS: dict[str, Callable[[TaskPage], str]] = {
    "not_later": lambda _page: _("Ange en dag som kommer, i morgon eller senare"),
    "past_due": lambda page: _("Ange en dag senast på uppgiftens sista dag, %(day)s", day=dates.day(page.due_at)),
}


def show(page: TaskPage, value: str, error: str) -> str:
    return render_template("tasklist/follow_up.html", page=page, value=value, error=error)
