"""Moving the process from one waiting task to another of the same diagram, when the diagram no longer fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, bpmn, jobs, step_windows
from engine.actor import SYSTEM, Actor
from engine.errors import InvalidInput, NotFound, NotPossible
from engine.operating import ensure_may_operate, why
from engine.operations import clashes
from engine.operations.common import (
    Preview,
    cancel_task,
    concerned,
    day_of,
    ensure_active,
    last_instant,
    listed,
    name_of,
    sentence,
    tasks_in_words,
    tell,
)
from engine.rules import calendar
from engine.running import Run, evaluator, lock, peek
from engine.settle import settle
from engine.store.database import Tx
from engine.store.tables import activity, user_task
from engine.texts import Text


def targets(tx: Tx, activity_id: int, *, now: datetime) -> list[tuple[str, Text]]:
    """Where the process can be moved from this step: (element, title), in the diagram's order. Raises NotFound."""
    step, run = _look(tx, activity_id, SYSTEM, now)
    model, here = run.deployed.model, run.deployed.model.element(step.element_id)
    return [
        (element_id, run.deployed.tasks[element_id].title.fill(run.names()))
        for element_id in model.order()
        if element_id in run.deployed.tasks
        and element_id != step.element_id
        and model.element(element_id).parent == here.parent
    ]


def preview_move(tx: Tx, activity_id: int, element_id: str, closes: date, *, by: Actor, now: datetime) -> Preview:
    """`closes`: the last day of the step that it moves to. Raises NotFound, InvalidInput, NotPossible."""
    step, run = _look(tx, activity_id, by, now)
    window = _checked(tx, run, step, element_id, closes)
    old, new = (run.deployed.tasks[e].title.fill(run.names()) for e in (step.element_id, element_id))
    tasks = _open(tx, activity_id)
    said = [
        sentence("{name} flyttas från ”{old}” till ”{new}”.", "{name} moves from “{old}” to “{new}”.",
                 name=name_of(run), old=old, new=new),
    ]  # fmt: skip
    if tasks:
        said.append(
            sentence(
                "{tasks} stängs utan svar, och {people} får besked. Det som är skrivet finns kvar.",
                "{tasks} are closed without an answer, and {people} are told. What has been written is kept.",
                tasks=tasks_in_words(len(tasks)),
                people=listed(list(concerned(tx, tasks, now).values())),
            )
        )
    said.append(Text("Svar som redan är lämnade ligger kvar.", "Answers already given are kept."))
    spec = run.deployed.tasks[element_id]
    asked = activities.participants(tx, run, spec, run.deployed.model.element(element_id).multi)
    if window.opens is not None and window.opens > now:
        said.append(sentence("”{new}” öppnar {day}.", "“{new}” opens on {day}.", new=new, day=day_of(window.opens)))
    said.append(
        sentence(
            "”{new}” går till {people}, med sista dag {day}.",
            "“{new}” goes to {people}, due by {day}.",
            new=new,
            people=listed([position.name for position in asked]) if asked else Text("ingen", "nobody"),
            day=day_of(window.due),
        )
    )
    said.append(
        Text("Steg däremellan hoppas över och görs inte om av sig själva.",
             "Steps in between are passed over and are not done by themselves.")
    )  # fmt: skip
    return Preview(tuple(said), warnings=clashes.of_move(tx, run, step.element_id, element_id, window.due))


def move(tx: Tx, activity_id: int, element_id: str, closes: date, *, reason: str, by: Actor, now: datetime) -> None:
    """Close the step as it stands and let the process wait at another, open until `closes`.

    Sent again it is refused, since the step is closed then. Raises NotFound, Forbidden, InvalidInput, NotPossible.
    """
    ensure_may_operate(tx, by, now)
    reason, (step, _seen) = why(reason), _look(tx, activity_id, by, now)
    run = lock(tx, step.instance_id, by=by, now=now)
    step = activities.get(tx, activity_id)
    window = _checked(tx, run, step, element_id, closes)
    tasks = _open(tx, activity_id)
    people = list(concerned(tx, tasks, now))
    execution, token = _placed(run, step, element_id)
    run.note(tx, "token_moved", {"old": step.element_id, "new": element_id, "reason": reason})
    _leave(tx, run, step, tasks, reason)
    _keep_window(tx, run, element_id, window, reason)
    run = replace(run, held=execution)
    run.note(tx, "element_entered", {"element": element_id, "token": token}, element_id=element_id)
    settle(tx, run)
    title = run.deployed.tasks[step.element_id].title.fill(run.names())
    subject = sentence("Du behöver inte svara: {title}", "You need not answer: {title}", title=title)
    body = sentence(
        "”{title}” är stängd, eftersom processen har flyttats. Skäl: {reason}",
        "“{title}” is closed, as the process has been moved. Reason: {reason}",
        title=title,
        reason=Text(reason, reason),
    )
    tell(tx, run, people, f"moved:{activity_id}", subject, body)


def _look(tx: Tx, activity_id: int, by: Actor, now: datetime) -> tuple[Any, Run]:
    if tx.scalar(sa.select(activity.c.id).where(activity.c.id == activity_id)) is None:
        raise NotFound(kind="activity")
    step = activities.get(tx, activity_id)
    return step, replace(peek(tx, step.instance_id, now=now), by=by)


def _checked(tx: Tx, run: Run, step: Any, element_id: str, closes: date) -> calendar.Window:
    """The window that the step it moves to would have."""
    ensure_active(run)
    if step.state not in ("coming", "open"):
        raise NotPossible(reason="step_not_open")
    if element_id not in {found for found, _title in targets(tx, step.id, now=run.now)}:
        raise InvalidInput(field="element", reason="not_a_place", value=element_id[:120])
    old = run.windows[element_id]
    closes_at = last_instant(closes, old.opens, run.now, field="closes")
    _placed(run, step, element_id)
    return old if closes_at == old.closes else calendar.Window(old.opens, closes_at, closes_at)


def _placed(run: Run, step: Any, element_id: str) -> tuple[bpmn.Execution, str]:
    evaluate = evaluator(run.deployed, run.plan_year, run.now)
    try:
        return bpmn.move(run.deployed.model, run.execution.dump(), step.token, element_id, evaluate)
    except bpmn.BpmnError as fault:
        raise InvalidInput(field="element", reason="not_a_place", value=element_id[:120]) from fault


def _open(tx: Tx, activity_id: int) -> list[sa.Row[Any]]:
    return tx.rows(
        sa.select(user_task)
        .where(user_task.c.activity_id == activity_id, user_task.c.state == "open")
        .order_by(user_task.c.id)
    )


def _leave(tx: Tx, run: Run, step: Any, tasks: list[Any], reason: str) -> None:
    """The step ends without its closing effects: it was neither answered nor closed by its day."""
    for task in tasks:
        cancel_task(tx, run, task, reason)
    jobs.cancel(tx, activity_id=step.id)
    activities.end(tx, run, step, "cancelled")
    run.note(tx, "element_cancelled", {"element": step.element_id, "token": step.token}, element_id=step.element_id)


def _keep_window(tx: Tx, run: Run, element_id: str, window: calendar.Window, reason: str) -> None:
    old = run.windows[element_id]
    if window == old:
        return
    run.windows[element_id] = window
    step_windows.keep(tx, run.id, run.windows)
    run.note(
        tx,
        "window_moved",
        {
            "old": calendar.civil(old.closes),
            "old_due": calendar.civil(old.due),
            "new": calendar.civil(window.closes),
            "reason": reason,
        },
        element_id=element_id,
    )
