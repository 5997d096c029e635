"""The inbox, and one step's units as rows."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import bulk, saved_filters, task_page
from engine import inbox as tasks
from engine.inbox_cards import InboxEntry, InboxRow
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist import filtering
from web.tasklist.blueprint import blueprint


@blueprint.get("/")
@allow("signed_in")
def inbox() -> ResponseReturnValue:
    filters = filtering.asked(request.args)
    with database().page() as tx:
        found = tasks.inbox(tx, actor(), now(), filters, filtering.cursor())
        saved = saved_filters.of_person(tx, actor())
        units = tasks.units_of(tx, actor(), now())
        processes = tasks.processes(tx)
        years = tasks.plan_years(tx)
        selecting = request.args.get("select") == "1"
        latest = bulk.latest(tx, actor()) if selecting else []
    return render_template(
        "tasklist/inbox.html",
        inbox=found,
        filters=filters,
        first_page="after" not in request.args,
        query=filtering.as_query(filters),
        after=filtering.as_text(found.after) if found.after else None,
        saved=[(each.name, filtering.as_query(each.filters)) for each in saved],
        units=units,
        processes=processes,
        years=years,
        selecting=selecting,
        latest=latest,
        most_at_a_time=bulk.MOST,
    )


@blueprint.get("/steps/<int:instance_id>/<element_id>")
@allow("signed_in")
def group(instance_id: int, element_id: str) -> ResponseReturnValue:
    with database().page() as tx:
        entry = tasks.group_page(tx, instance_id, element_id, actor(), now())
        page = task_page.task_page(tx, entry.rows[0].task_id, actor(), now())
    open_rows = unanswered(entry)
    return render_template("tasklist/group.html", entry=entry, page=page, open_rows=open_rows)


def unanswered(entry: InboxEntry) -> list[InboxRow]:
    """The rows that the reader can answer now."""
    return [row for row in entry.rows if row.state == "open" and row.can_act]
