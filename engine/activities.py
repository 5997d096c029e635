"""Activities: a user task that a token has reached, its window, and its rows of human work.

The diagram holds one waiting token for each, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import answers, bpmn, effects, feel, history, identity, incidents, jobs
from engine.actor import SYSTEM
from engine.contexts import base, of_instance
from engine.rules.calendar import Window, add_period, civil_date, end_of
from engine.rules.user_task_spec import UserTaskSpec
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import activities as rows
from engine.store.queries import user_tasks
from engine.store.tables import user_task
from engine.task_messages import announce_new


def reach(tx: Tx, run: Run, wait: bpmn.Wait) -> None:
    """A token has come to a user task: open it now, or when its window opens."""
    spec = run.deployed.tasks[wait.element_id]
    round_ = rows.rounds(tx, run.id, wait.element_id) + 1
    window = _window(run, wait.element_id, spec, round_)
    later = window.opens if window.opens is not None and window.opens > run.now else None
    asked, fault = ([], None) if later is not None else _found(tx, run, spec, wait.multi)
    row = rows.add(
        tx,
        instance_id=run.id,
        element_id=wait.element_id,
        step=spec.step,
        token=wait.token,
        round=round_,
        multi=wait.multi,
        state="open" if asked else "coming",
        opens_at=window.opens,
        closes_at=window.closes,
        due_at=window.due,
        reached_at=run.now,
        opened_at=run.now if asked else None,
    )
    if later is not None:
        jobs.add(tx, "open_activity", run.id, due_at=later, activity_id=row.id)
    else:
        _ask(tx, run, row, spec, asked, fault)


def _window(run: Run, element_id: str, spec: UserTaskSpec, round_: int) -> Window:
    window = run.windows[element_id]
    if round_ == 1 or spec.again is None:
        return window
    again = end_of(civil_date(add_period(run.now, spec.again)))
    return Window(window.opens, max(window.closes, again), max(window.due, again))


get, live = rows.get, rows.live
CREATED = ("position", "role", "unit", "unit_name", "vacant")
"""What the first event of a task says of it alone: its row's own columns."""


def open_activity(tx: Tx, run: Run, row: Any) -> None:
    """The window of a coming activity opens."""
    spec = run.deployed.tasks[row.element_id]
    _ask(tx, run, row, spec, *_found(tx, run, spec, row.multi))


def _found(tx: Tx, run: Run, spec: UserTaskSpec, multi: bool) -> tuple[list[identity.Position], feel.FeelError | None]:
    """Who is asked, or why that cannot be worked out."""
    try:
        return participants(tx, run, spec, multi), None
    except feel.FeelError as fault:
        return [], fault


def _ask(
    tx: Tx,
    run: Run,
    row: Any,
    spec: UserTaskSpec,
    positions: list[identity.Position],
    fault: feel.FeelError | None,
) -> None:
    """Create the rows, tell those concerned, and set the reminders.

    A fan-out with nobody to ask is left at once; a single task without a position stays coming until that is mended.
    """
    if fault is not None:
        _unopened(tx, run, row, "diagram_condition", f"FeelError: {fault}")
        return
    if not positions and not row.multi:
        _nobody(tx, run, row, spec)
        return
    if row.state != "open":
        rows.set_open(tx, row.id, run.now)
    run.note(
        tx,
        "activity_opened",
        {
            "activity": row.id,
            "round": row.round,
            "due_at": row.due_at.isoformat(),
            "rows": len(positions),
        },
        element_id=row.element_id,
    )
    if not positions:
        jobs.add(tx, "advance_activity", run.id, due_at=run.now, activity_id=row.id)
        return
    create_rows(tx, run, row, spec, positions)
    schedule_notices(tx, run, row, spec)


def _nobody(tx: Tx, run: Run, row: Any, spec: UserTaskSpec) -> None:
    """No position to ask: a technical fault."""
    message = f"no position holds the role {spec.roles[0]}" + (f": {spec.position}" if spec.position else "")
    _unopened(tx, run, row, "no_position", message)


def _unopened(tx: Tx, run: Run, row: Any, kind: str, message: str) -> None:
    """Once the technical fault is resolved, its job opens the activity again."""
    job_id = jobs.add_failed(tx, "open_activity", run.id, due_at=run.now, activity_id=row.id, error=message)
    incidents.raise_incident(
        tx,
        kind=kind,
        instance_id=run.id,
        element_id=row.element_id,
        job_id=job_id,
        message=message,
        now=run.now,
    )


def participants(tx: Tx, run: Run, spec: UserTaskSpec, multi: bool) -> list[identity.Position]:
    """Every position with one of the roles (fan-out, minus those the `where` rule leaves out), or the one position."""
    day = civil_date(run.now)
    if spec.position is not None and not multi:
        return _named(tx, run, spec, spec.position)
    found = identity.positions_with_role(tx, list(spec.roles), day)
    if not multi:
        rank = {role: n for n, role in enumerate(spec.roles)}
        return sorted(found, key=lambda p: (rank[p.role], p.id))[:1]
    return _fitting(run, spec, found)


def asks_any(tx: Tx, run: Run, spec: UserTaskSpec, multi: bool, held: Collection[str]) -> bool:
    """Whether one of these positions would be asked, were it now. A fan-out to thousands is not worked out for it."""
    own = [position for position in (identity.position(tx, name) for name in held) if position.role in spec.roles]
    if not own:
        return False
    try:
        asked = _fitting(run, spec, own) if multi else participants(tx, run, spec, multi)
    except feel.FeelError:
        return False
    return any(position.id in held for position in asked)


def _fitting(run: Run, spec: UserTaskSpec, found: list[identity.Position]) -> list[identity.Position]:
    """Those that the `where` rule of a fan-out lets through."""
    if spec.where is None:
        return found
    context = base(run.deployed.package, run.plan_year, run.variables, run.now)
    return [
        position
        for position in found
        if feel.evaluate(
            spec.where,
            {**context, "position": position.id, "role": position.role, "unit": position.unit_id},
            now=run.now,
        )
        is True
    ]


def _named(tx: Tx, run: Run, spec: UserTaskSpec, expression: str) -> list[identity.Position]:
    """The position that the diagram's expression gives, if it stands and has one of the roles."""
    context = base(run.deployed.package, run.plan_year, run.variables, run.now)
    found = identity.standing(tx, str(feel.evaluate(expression, context, now=run.now)), civil_date(run.now))
    return [found] if found is not None and found.role in spec.roles else []


def create_rows(tx: Tx, run: Run, row: Any, spec: UserTaskSpec, positions: list[identity.Position]) -> None:
    """An open task for each position, its first event, and word to those who can act for it."""
    organisation, title = identity.on(tx, civil_date(run.now)), spec.title.fill(run.names())
    vacant = [not organisation.holders(position.id) for position in positions]
    shared = {
        "instance_id": run.id,
        "activity_id": row.id,
        "element_id": row.element_id,
        "step": spec.step,
        "form": spec.form,
        "title_sv": title.sv,
        "title_en": title.en,
        "plan_year": run.plan_year,
        "state": "open",
        "opened_at": run.now,
        "due_at": row.due_at,
        "closes_at": row.closes_at,
    }
    own = [(p.id, p.role, p.unit_id, p.unit_name, empty) for p, empty in zip(positions, vacant, strict=True)]
    ids = user_tasks.add(tx, shared, own)
    _note_created(tx, run, row, {"due_at": row.due_at.isoformat(), "title": title.sv}, dict(zip(ids, own, strict=True)))
    told = [
        (task_id, name, empty, [holder.person_id for holder in organisation.actors(position_id)])
        for task_id, (position_id, _role, _unit, name, empty) in zip(ids, own, strict=True)
    ]
    announce_new(tx, run, shared, told)


def _note_created(
    tx: Tx, run: Run, row: Any, shared: Mapping[str, Any], own: Mapping[int, tuple[str, str, str | None, str, bool]]
) -> None:
    """The first event of each task. `own`: by the task's id, in the order of `CREATED`."""
    if row.multi:
        alike = history.Alike(
            type="task_created", occurred_at=run.now, by=SYSTEM, element_id=row.element_id, body=shared, own=CREATED
        )
        history.append_alike(tx, alike, [(history.task_chain(i), run.id, i, of_one) for i, of_one in own.items()])
        return
    for task_id, of_one in own.items():
        history.append(
            tx,
            type="task_created",
            chain=run.chain,
            occurred_at=run.now,
            by=SYSTEM,
            instance_id=run.id,
            task_id=task_id,
            element_id=row.element_id,
            body={**shared, **dict(zip(CREATED, of_one, strict=True))},
        )


def schedule_notices(tx: Tx, run: Run, row: Any, spec: UserTaskSpec) -> None:
    """One job for each reminder and escalation of the activity, whatever its number of rows; one for lateness."""
    plans: list[tuple[str, datetime, dict[str, Any]]] = []
    for index, reminder in enumerate(spec.reminders):
        plans.append(("reminder", jobs.notice_instant(run, reminder.at, row.due_at), {"index": index}))
    for index, escalation in enumerate(spec.escalations):
        plans.append(("escalation", jobs.notice_instant(run, escalation.at, row.due_at), {"index": index}))
    plans.append(("overdue", jobs.overdue_instant(row.due_at), {}))
    wanted = [plan for plan in plans if plan[1] > run.now or plan[0] == "overdue"]
    jobs.add_many(tx, run.id, row.id, wanted)


def close_rows(tx: Tx, run: Run, row: Any) -> None:
    """Close what is still open before the token moves on: drafts are harvested or returned as the package says."""
    spec = run.deployed.tasks[row.element_id]
    open_rows = tx.rows(
        sa.select(user_task)
        .where(user_task.c.activity_id == row.id, user_task.c.state == "open")
        .order_by(user_task.c.id)
        .with_for_update(key_share=True)
    )  # one who takes it just now has taken it, or comes too late
    typed = user_tasks.with_drafts(tx, row.id) if spec.at_close == "harvest" else set()
    left = [task for task in open_rows if task.id not in typed or not answers.harvest(tx, run, row, task)]
    user_tasks.close(tx, row.id, run.now)
    for task in left:
        run.note_about(tx, task, "task_closed", {"outcome": "no_answer"})


def finish(tx: Tx, run: Run, row: Any, state: str) -> None:
    """The step is left: carry out its closing effects and stop its jobs. The token is moved by the caller."""
    spec = run.deployed.tasks[row.element_id]
    form = run.deployed.package.forms[spec.form]
    if form.close_effects:
        context = of_instance(tx, run.deployed, run.facts, run.now, form.source)
        context["task"] = {
            "id": None,
            "element": row.element_id,
            "round": row.round,
            "position": None,
            "unit": None,
            "unit_name": None,
            "role": None,
            "record": None,
        }
        effects.carry_out(tx, run, form.close_effects, context, task=None)
    jobs.cancel(tx, activity_id=row.id)
    end(tx, run, row, state)


def end(tx: Tx, run: Run, row: Any, state: str) -> None:
    """The step's row and its event alone, without its closing effects."""
    late = run.now > row.due_at
    rows.end(tx, row.id, state, run.now)
    run.note(tx, "activity_ended", {"activity": row.id, "state": state, "late": late}, element_id=row.element_id)
