"""An answer that is given with one button, for one unit or for all of the reader's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import inbox as tasks
from engine import user_tasks
from engine.inbox_cards import InboxEntry
from engine.rules.forms import Quick
from engine.task_page import TaskPage
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist.blueprint import blueprint
from web.tasklist.keys import idempotency_key
from web.tasklist.reading import read, task_form
from web.tasklist.routes import unanswered


@blueprint.get("/tasks/<int:task_id>/quick")
@allow("signed_in")
def quick(task_id: int) -> ResponseReturnValue:
    """The page that a mail's link opens: one button gives the answer."""
    page = quick_page(task_id)
    if not page.can_act or page.state != "open":
        return redirect(url_for("tasklist.task", task_id=task_id))
    return confirm(page, [page], url_for("tasklist.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/quick")
@allow("signed_in")
def give_quick(task_id: int) -> ResponseReturnValue:
    return answer(quick_answer(task_id), [task_id])


@blueprint.get("/steps/<int:instance_id>/<element_id>/quick")
@allow("signed_in")
def quick_all(instance_id: int, element_id: str) -> ResponseReturnValue:
    entry = group(instance_id, element_id)
    page = quick_page(entry.rows[0].task_id)
    other = url_for("tasklist.group", instance_id=instance_id, element_id=element_id)
    return confirm(page, unanswered(entry), other)


@blueprint.post("/steps/<int:instance_id>/<element_id>/quick")
@allow("signed_in")
def give_quick_all(instance_id: int, element_id: str) -> ResponseReturnValue:
    entry = group(instance_id, element_id)
    given = quick_answer(entry.rows[0].task_id)
    shown = set(request.form.getlist("_task"))
    mine = [row.task_id for row in entry.rows if str(row.task_id) in shown]
    return answer(given, mine) if mine else redirect(url_for("tasklist.inbox"))


def quick_page(task_id: int) -> TaskPage:
    page = read(task_id)
    if page.quick is None:
        abort(404)
    return page


def quick_answer(task_id: int) -> Quick:
    given = task_form(task_id).form.quick
    if given is None:
        abort(404)
    return given


def group(instance_id: int, element_id: str) -> InboxEntry:
    with database().page() as tx:
        return tasks.group_page(tx, instance_id, element_id, actor(), now())


def confirm(page: TaskPage, rows: Sequence[Any], other_url: str) -> ResponseReturnValue:
    return render_template("tasklist/quick.html", page=page, rows=rows, other_url=other_url, key=uuid4().hex)


def answer(given: Quick, task_ids: list[int]) -> ResponseReturnValue:
    """All units in one transaction: all of them or none, and no answer that a colleague has given meanwhile is changed.

    In one order everywhere, so that two who answer the same units at once do not wait for each other.
    """
    key = idempotency_key()
    with database().verb() as tx:
        for task_id in sorted(task_ids):
            user_tasks.complete(tx, task_id, given.data, by=actor(), now=now(), key=f"{key}-{task_id}", first=True)
    return redirect(url_for("tasklist.receipt", task_id=task_ids[0]))
