"""Follow-on tasks: work that an outcome leaves behind, standing beside the diagram."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import identity, incidents, jobs, task_messages
from engine.rules import calendar
from engine.rules import effects as rules
from engine.rules.calendar import civil_date
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import user_tasks
from engine.store.tables import user_task


def create(tx: Tx, run: Run, change: rules.FollowOn, cause: Any) -> int | None:
    """A task of the package's `follow_on` table. The same one for the same record stays one: gives its id then."""
    spec = run.deployed.package.follow_on[change.name]
    known = _known(tx, run, change)
    if known is not None:
        return known
    day = civil_date(run.now)
    position = identity.position(tx, change.position) if change.position else _by_role(tx, spec.role, day)
    if position is None:
        incidents.raise_incident(
            tx,
            kind="no_position",
            instance_id=run.id,
            element_id=change.name,
            now=run.now,
            message=f"no position holds the role {spec.role}",
        )
        return None
    due_at = _due(run, change.due, spec.due)
    title = spec.title.fill(run.names())
    task = user_tasks.add_follow_on(
        tx,
        instance_id=run.id,
        element_id=change.name,
        follow_on=change.name,
        record_id=change.record,
        step=spec.step,
        form=spec.form,
        title_sv=title.sv,
        title_en=title.en,
        plan_year=run.plan_year,
        role=position.role,
        position_id=position.id,
        unit_id=position.unit_id,
        unit_name=position.unit_name,
        vacant=not identity.holders(tx, position.id, day),
        opened_at=run.now,
        due_at=due_at,
    )
    if task is None:  # another answer has left it behind meanwhile
        return _known(tx, run, change)
    run.note_about(
        tx,
        task,
        "follow_on_created",
        {
            "position": position.id,
            "unit_name": position.unit_name,
            "due_at": due_at.isoformat(),
            "title": title.sv,
            "cause": cause.id if cause is not None else None,
            "record": change.record,
        },
    )
    told = [holder.person_id for holder in identity.actors_for(tx, position.id, day)]
    task_messages.announce(tx, run, task, "task_assigned", told, f"assigned:{task.id}")
    jobs.add(tx, "overdue", run.id, due_at=jobs.overdue_instant(due_at), task_id=task.id)
    return int(task.id)


def _known(tx: Tx, run: Run, change: rules.FollowOn) -> int | None:
    found = tx.scalar(
        sa.select(user_task.c.id).where(
            user_task.c.instance_id == run.id,
            user_task.c.follow_on == change.name,
            user_task.c.state == "open",
            user_task.c.record_id == change.record,
        )
    )
    return None if found is None else int(found)


def _by_role(tx: Tx, role: str, day: date) -> identity.Position | None:
    found = sorted(identity.positions_with_role(tx, [role], day), key=lambda p: p.id)
    return found[0] if found else None


def _due(run: Run, given: Any, standard: str) -> datetime:
    """The task's last second: a day given by the effect, else the package's own."""
    if isinstance(given, datetime):
        return given
    if isinstance(given, date):
        return calendar.end_of(given)
    moment = calendar.resolve(
        given if isinstance(given, str) and given else standard,
        plan_year=run.plan_year,
        windows=run.windows,
        variables=run.variables,
        relative_to=run.now,
    )
    return calendar.end_of(calendar.civil_date(moment))
