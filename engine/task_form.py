"""A task's form as it is asked of one reader: all that taking an answer needs, and nothing of the page around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import activities, answers, pauses, reach, user_tasks
from engine.actor import Actor
from engine.rules import forms
from engine.running import Run, look
from engine.store.database import Tx
from engine.texts import Text


@dataclass(frozen=True)
class TaskForm:
    """`how` the reader reaches the task, `names`: what the form can read. `why_not` the task is not open to the reader:
    not_candidate, taken, closed, answered, instance; `revisable`: answered, and the answer can be changed.
    """

    task: Any
    how: str | None
    run: Run
    step: Any | None
    form: forms.Form
    names: Mapping[str, Any]
    why_not: str | None
    revisable: bool

    @property
    def title(self) -> Text:
        return Text(self.task.title_sv, self.task.title_en)

    @property
    def can_act(self) -> bool:
        return self.why_not is None or self.revisable

    def view(self, data: Mapping[str, Any], errors: Sequence[forms.FieldError] = ()) -> forms.FormView:
        """The form filled with what was just typed and with what was refused."""
        return forms.view(self.form, self.names, data, now=self.run.now, errors=errors)

    def answer(self, data: Mapping[str, Any]) -> forms.FormView:
        """The form as an answer that was given, to be read."""
        return forms.view(self.form, self.names, data, now=self.run.now, answered=True)

    def check(self, data: Mapping[str, Any]) -> forms.Validated:
        """What would be refused, and what would be noted as a departure, if this were submitted now."""
        return forms.validate(self.form, data, self.names, now=self.run.now)

    def prefilled(self) -> dict[str, Any]:
        """What the form begins with, without anyone's draft."""
        return forms.prefill(self.form, self.names, now=self.run.now)

    def new_row(self, data: Mapping[str, Any], path: str) -> dict[str, Any]:
        """What a row just added to `data` at `path` (proposals.0) begins with, by key."""
        return forms.prefill_row(self.form, self.names, data, path, self.run.now)


def task_form(tx: Tx, task_id: int, actor: Actor, now: datetime) -> TaskForm:
    """Raises NotFound when the actor may not see the task."""
    task, how = reach.visible_task(tx, task_id, actor, now)
    run = look(tx, task.instance_id, by=actor, now=now)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    return TaskForm(
        task=task,
        how=how,
        run=run,
        step=step,
        form=run.deployed.package.forms[task.form],
        names=answers.context_of(tx, run, task, step.round if step else 1, actor),
        why_not=_why_not(run.state, task, how, free=reach.is_free_for(tx, task, actor, now)),
        revisable=how in reach.ACTING and user_tasks.is_revisable(task, step, run),
    )


def _why_not(instance_state: str, task: Any, how: str | None, *, free: bool) -> str | None:
    if how not in reach.ACTING:
        return "not_candidate"
    if task.state == "completed":
        return "answered"
    if task.state != "open":
        return "closed"
    if pauses.stops(instance_state, task):
        return "instance"
    if not free:
        return "taken"
    return None
