"""The same process as `drawn.linear`, in the peer's own way: three tasks in a row for one person, a form at each."""

from __future__ import annotations

from django.forms import modelform_factory
from viewflow import jsonstore, this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


class Measured(Process):
    """What is asked for at the start and at each step, kept with the process as the peer's own guide shows."""

    plan_year = jsonstore.IntegerField()
    note = jsonstore.CharField(max_length=1000)

    class Meta:
        proxy = True
        app_label = "peer"


StartForm = modelform_factory(Measured, fields=["plan_year"])
AnswerForm = modelform_factory(Measured, fields=["note"])


def page(_request: object) -> None:
    """The peer wants a page for each task; nobody opens it here."""


class Linear(flow.Flow):
    process_class = Measured
    start = flow.Start(page).Available(username="bench").Next(this.step_1)
    start_by_code = flow.StartHandle().Next(this.step_1)
    step_1 = flow.View(page).Assign(username="bench").Next(this.step_2)
    step_2 = flow.View(page).Assign(username="bench").Next(this.step_3)
    step_3 = flow.View(page).Assign(username="bench").Next(this.end)
    end = flow.End()
