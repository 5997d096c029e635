"""The inbox, and one step's units as rows."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engine import inbox as tasks
from engine import task_page
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist.blueprint import blueprint


@blueprint.get("/")
@allow("signed_in")
def inbox() -> ResponseReturnValue:
    with database().page() as tx:
        found = tasks.inbox(tx, actor(), now())
    return render_template("tasklist/inbox.html", inbox=found)


@blueprint.get("/steps/<int:instance_id>/<element_id>")
@allow("signed_in")
def group(instance_id: int, element_id: str) -> ResponseReturnValue:
    with database().page() as tx:
        entry = tasks.group_page(tx, instance_id, element_id, actor(), now())
        page = task_page.task_page(tx, entry.rows[0].task_id, actor(), now())
    open_rows = unanswered(entry)
    return render_template("tasklist/group.html", entry=entry, page=page, open_rows=open_rows)


def unanswered(entry: tasks.InboxEntry) -> list[tasks.InboxRow]:
    """The rows that the reader can answer now."""
    return [row for row in entry.rows if row.state == "open" and row.can_act]
