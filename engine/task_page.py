"""Everything that a task's page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from engine import (
    attachments,
    comments,
    follow_ups,
    handovers,
    identity,
    inbox,
    inbox_cards,
    pauses,
    reach,
    receipts,
)
from engine.actor import Actor
from engine.deployments import Deployed
from engine.rules import forms
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import task_page as rows
from engine.task_form import TaskForm, task_form
from engine.texts import Text


@dataclass(frozen=True)
class TaskPage:
    """A task for one reader. `kept`: the row of what the reader has typed; `shows_draft`: the form begins with it.
    `why_not` the reader cannot act: not_candidate, taken, closed, answered, instance (`paused` says since when and why;
    None when it is over). The form is drawn when it is asked for: many pages show a task without it.
    """

    task_id: int
    instance_id: int
    instance_name: Text
    key: str
    plan_year: int
    element_id: str
    step_name: Text
    step_text: Text
    guideline: str
    title: Text
    role_name: Text
    position_name: str
    unit_name: str
    vacant: bool
    superior: bool
    state: str
    outcome: str | None
    due_at: datetime
    closes_at: datetime | None
    opened_at: datetime
    late: bool
    days_left: int
    assignee: str | None
    revision: int
    can_act: bool
    why_not: str | None
    paused: pauses.Pause | None
    can_claim: bool
    can_release: bool
    revisable: bool
    decides: bool
    answered_by: str | None
    answered_for: str | None
    """Whom the reader, who gave the answer, stands in for."""
    answered_at: datetime | None
    asked: TaskForm
    kept: Any | None
    quick: forms.Quick | None
    ahead: receipts.Ahead
    shows_draft: bool
    siblings: list[inbox_cards.InboxRow]
    on_behalf_of: str | None
    handed_by: str | None
    handed_reason: str | None
    can_hand_over: bool
    can_recall: bool
    resting_until: date | None
    comments: list[comments.Comment]
    can_comment: bool
    attachments: list[attachments.Attachment]
    can_attach: bool

    @property
    def may_rest(self) -> bool:
        """Not on the last day or later: no day is left to rest until. What rests already can be woken."""
        return self.can_act and self.state == "open" and (self.days_left > 0 or self.resting_until is not None)

    @property
    def draft_version(self) -> int:
        return 0 if self.kept is None else int(self.kept.version)

    @property
    def draft_saved_at(self) -> datetime | None:
        return None if self.kept is None else self.kept.saved_at

    @cached_property
    def typed(self) -> Mapping[str, Any]:
        """The person's own draft, else the answer given, else what the form fills in beforehand."""
        if self.kept is not None and self.shows_draft:
            return dict(self.kept.data)
        if self.asked.task.answer is not None:
            return dict(self.asked.task.answer)
        return self.asked.prefilled() if self.asked.why_not is None else {}

    @cached_property
    def view(self) -> forms.FormView:
        """The form as the page begins with it; to be read, when the answer cannot be changed."""
        if self.state == "completed" and not self.revisable:
            return self.given or self.asked.answer(self.typed)
        return self.asked.view(self.typed)

    @cached_property
    def given(self) -> forms.FormView | None:
        """The answer as it is."""
        answer = self.asked.task.answer
        return None if answer is None else self.asked.answer(answer)

    @cached_property
    def own_draft(self) -> forms.FormView | None:
        """What the reader has typed beside an answer."""
        return None if self.kept is None or self.state != "completed" else self.asked.view(self.kept.data)


def task_page(tx: Tx, task_id: int, actor: Actor, now: datetime) -> TaskPage:
    """Raises NotFound when the actor may not see the task."""
    asked = task_form(tx, task_id, actor, now)
    task, how, run, step, why_not = asked.task, asked.how, asked.run, asked.step, asked.why_not
    deployed = run.deployed
    kept = rows.own_draft(tx, task_id, actor.person_id)
    described = next((s for s in deployed.package.steps if s.id == task.step), None)
    several = len(identity.holders(tx, task.position_id, civil_date(now))) > 1
    capabilities = identity.capabilities(tx, actor.person_id or "", civil_date(now))
    open_to_me = how in reach.ACTING and task.state == "open"
    spec = deployed.tasks.get(task.element_id)
    absent = identity.person_name(tx, reach.absent(tx, task, actor, now))
    return TaskPage(
        task_id=task.id,
        instance_id=task.instance_id,
        instance_name=deployed.package.instance_name.fill(run.names()),
        key=run.key,
        plan_year=task.plan_year,
        element_id=task.element_id,
        step_name=inbox_cards.step_name(deployed, task.step),
        step_text=described.text if described else Text("", ""),
        guideline=_guideline(deployed, task),
        title=asked.title,
        role_name=_role_name(deployed, task.role),
        position_name=identity.position(tx, task.position_id).name,
        unit_name=task.unit_name,
        vacant=task.vacant,
        superior=how == "superior",
        state=task.state,
        outcome=task.outcome,
        due_at=task.due_at,
        closes_at=task.closes_at,
        opened_at=task.opened_at,
        late=now > task.due_at and task.state == "open",
        days_left=inbox_cards.days_left(task.due_at, now),
        assignee=identity.person_name(tx, task.assignee_id),
        revision=task.revision,
        can_act=asked.can_act,
        why_not=None if asked.revisable else why_not,
        paused=pauses.of(tx, run),
        can_claim=open_to_me and several and task.assignee_id is None and why_not != "instance",
        can_release=open_to_me and task.assignee_id == actor.person_id and task.assignee_id is not None,
        revisable=asked.revisable,
        decides=bool(spec and spec.decides),
        answered_by=identity.person_name(tx, task.answered_by),
        answered_for=absent if task.answered_by == actor.person_id else None,
        answered_at=task.answered_at,
        asked=asked,
        kept=kept,
        shows_draft=kept is not None and _counts(task, kept, revisable=asked.revisable),
        quick=asked.form.quick,
        ahead=receipts.ahead(tx, run, task, step, actor),
        siblings=inbox.beside(tx, task, actor, now),
        on_behalf_of=absent,
        handed_by=identity.person_name(tx, task.handed_by),
        handed_reason=task.handed_reason,
        can_hand_over=why_not is None and how != "handed",
        can_recall=how in reach.ACTING and handovers.may_recall(tx, task, actor, now),
        resting_until=follow_ups.until_of(tx, task, actor, now),
        comments=comments.of_task(tx, task_id, actor),
        can_comment=how is not None or "cockpit" in capabilities,
        attachments=attachments.of_task(tx, task, actor, now),
        can_attach=how in reach.ACTING and attachments.is_answerable(tx, run, task, step, actor),
    )


def _counts(task: Any, kept: Any, *, revisable: bool) -> bool:
    """Whether the person's draft is what the page shows: not beside an answer that is final or newer than it."""
    if task.state != "completed":
        return True
    return revisable and bool(kept.saved_at >= task.answered_at)


def _guideline(deployed: Deployed, task: Any) -> str:
    if task.follow_on is not None:
        return deployed.package.follow_on[task.follow_on].guideline
    return deployed.tasks[task.element_id].guideline


def _role_name(deployed: Deployed, role: str) -> Text:
    found = deployed.package.roles.get(role)
    return Text(found.sv, found.en) if found else Text(role, role)
