"""Recording an answer: check the form, decide the race by a conditional UPDATE, carry out the effects, note it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import contexts, effects, history, identity, reach
from engine.actor import Actor
from engine.errors import InvalidForm, StaleRevision, TakenBySomeoneElse, TaskNotOpen
from engine.rules import forms
from engine.rules.effects import Departure
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import user_tasks
from engine.store.tables import draft, person, user_task


@dataclass(frozen=True)
class Recorded:
    """What an answer led to."""

    data: Mapping[str, Any]
    departures: list[Departure]


def context_of(tx: Tx, run: Run, task: sa.Row[Any], round_: int, actor: Actor) -> dict[str, Any]:
    """The names that the task's form can read."""
    form = run.deployed.package.forms[task.form]
    context = contexts.of_instance(tx, run.deployed, run.facts, run.now, form.source)
    return contexts.of_task(tx, context, task, round_, actor, run.now)


def record(tx: Tx, run: Run, task: sa.Row[Any], round_: int, data: Mapping[str, Any], actor: Actor) -> Recorded:
    """A person's answer. An answer given before is replaced while it may be.

    Raises InvalidForm with every field refused, and as `lost_race` says when another was faster.
    """
    form = run.deployed.package.forms[task.form]
    context = context_of(tx, run, task, round_, actor)
    checked = forms.validate(form, dict(data), context, now=run.now)
    if checked.errors:
        raise InvalidForm(checked.errors)
    _take(tx, run, task, "answered", checked.data, actor)
    return _carry_out(tx, run, task, form, context, checked, actor, "task_completed")


def harvest(tx: Tx, run: Run, activity: sa.Row[Any], task: sa.Row[Any]) -> bool:
    """At the close: the newest draft counts as the answer if it is valid. True when it was taken.

    A draft of somebody who could not send it, since another has the task, does not count.
    """
    drafts = tx.rows(
        sa.select(draft.c.data, person.c.id, person.c.name)
        .join(person, person.c.id == draft.c.person_id)
        .where(draft.c.task_id == task.id)
        .order_by(draft.c.saved_at.desc())
    )
    for row in drafts:
        author = Actor(row.id, row.name)
        if reach.is_free_for(tx, task, author, run.now):
            return _harvest_from(tx, run, activity, task, row.data, author)
    return False


def _harvest_from(
    tx: Tx, run: Run, activity: sa.Row[Any], task: sa.Row[Any], data: Mapping[str, Any], author: Actor
) -> bool:
    form = run.deployed.package.forms[task.form]
    context = context_of(tx, run, task, activity.round, author)
    checked = forms.validate(form, dict(data), context, now=run.now)
    if checked.errors:
        return False
    _take(tx, run, task, "harvested", checked.data, author)
    _carry_out(tx, run, task, form, context, checked, author, "task_harvested")
    return True


def _take(tx: Tx, run: Run, task: sa.Row[Any], outcome: str, data: Mapping[str, Any], actor: Actor) -> None:
    """The database decides: only the row as it was read can be answered."""
    if not user_tasks.take(tx, task, outcome, dict(data), actor.person_id, run.now):
        raise lost_race(tx, task.id)


def lost_race(tx: Tx, task_id: int) -> TaskNotOpen | TakenBySomeoneElse | StaleRevision:
    """Who was faster, and when. A task that is open still was taken meanwhile, or changed by one who has let it go."""
    row = tx.one(
        sa.select(
            user_task.c.state, user_task.c.assignee_id, user_task.c.answered_at, user_task.c.ended_at, person.c.name
        )
        .outerjoin(person, person.c.id == user_task.c.answered_by)
        .where(user_task.c.id == task_id)
    )
    if row is None:
        return TaskNotOpen(state="gone", by=None, at=None)
    if row.state == "open":
        return StaleRevision(by=None, at=None) if row.assignee_id is None else taken(tx, row)
    return TaskNotOpen(state=row.state, by=row.name, at=row.answered_at or row.ended_at)


def taken(tx: Tx, task: sa.Row[Any]) -> TakenBySomeoneElse:
    """Who has the task."""
    return TakenBySomeoneElse(by=identity.person_name(tx, task.assignee_id))


def _carry_out(
    tx: Tx,
    run: Run,
    task: sa.Row[Any],
    form: forms.Form,
    context: dict[str, Any],
    checked: forms.Validated,
    actor: Actor,
    event: str,
) -> Recorded:
    run.note_about(
        tx,
        task,
        event,
        {
            "position": task.position_id,
            "role": task.role,
            "unit_name": task.unit_name,
            "title": task.title_sv,
            "definition": run.deployed.sha256,
            "form": task.form,
            "late": run.now > task.due_at,
            "decided_by": form.decided_by.sv if form.decided_by else None,
            "previous": task.outcome,
            "on_behalf_of": reach.absent(tx, task, actor, run.now),
            "answer": history.personal(tx, "answer", dict(checked.data)),
        },
        by=actor,
    )
    departures = [
        Departure(code=w.rule_id, sv=w.message.sv, en=w.message.en, guideline=w.guideline) for w in checked.warnings
    ]
    for departure in departures:
        effects.depart(tx, run, task, departure)
    departures += effects.carry_out(tx, run, form.complete_effects, {**context, **checked.names}, task)
    user_tasks.drop_draft(tx, task.id, actor.person_id)
    return Recorded(checked.data, departures)
