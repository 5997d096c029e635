"""The same process as `drawn.linear`, in the peer's own way: three tasks in a row for one person."""

from __future__ import annotations

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


def page(_request: object) -> None:
    """The peer wants a page for each task; nobody opens it here."""


class Linear(flow.Flow):
    process_class = Process
    start = flow.StartHandle().Next(this.step_1)
    step_1 = flow.View(page).Assign(username="bench").Next(this.step_2)
    step_2 = flow.View(page).Assign(username="bench").Next(this.step_3)
    step_3 = flow.View(page).Assign(username="bench").Next(this.end)
    end = flow.End()
