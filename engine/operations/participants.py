"""Adding a participant to an open fan-out, and excusing one from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, answers, identity, jobs, user_tasks
from engine.actor import Actor
from engine.errors import InvalidInput, NotFound, NotPossible
from engine.operating import why
from engine.operations.common import Preview, concerned, day_of, ensure_active, hold, listed, sentence, tell
from engine.operations.joining import lock_step, still_takes_answers
from engine.rules.calendar import civil_date
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.queries import user_tasks as task_rows
from engine.store.tables import activity, draft, user_task
from engine.task_messages import announce
from engine.texts import Text


def candidates(tx: Tx, activity_id: int, *, now: datetime) -> list[identity.Position]:
    """Positions of the step's roles that stand today and are not asked (or are excused), by name. Raises NotFound."""
    step, run = _look(tx, activity_id, Actor(None, ""), now)
    asked = {
        row.position_id
        for row in tx.rows(
            sa.select(user_task.c.position_id).where(
                user_task.c.activity_id == activity_id, user_task.c.state != "cancelled"
            )
        )
    }
    roles = list(run.deployed.tasks[step.element_id].roles)
    found = [p for p in identity.positions_with_role(tx, roles, civil_date(now)) if p.id not in asked]
    return sorted(found, key=lambda p: (p.unit_name, p.name))


def preview_add(tx: Tx, activity_id: int, position_id: str, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, InvalidInput, NotPossible."""
    step, run = _look(tx, activity_id, by, now)
    _ensure_open(run, step)
    position = _candidate(tx, activity_id, position_id, now)
    people = [holder.name for holder in identity.actors_for(tx, position.id, civil_date(now))]
    title = run.deployed.tasks[step.element_id].title.fill(run.names())
    told = listed(people) if people else Text("ingen, eftersom befattningen är vakant", "nobody, as the post is vacant")
    return Preview(
        (
            sentence(
                "{position} ({unit}) får uppgiften ”{title}” i dag, med sista dag {day}.",
                "{position} ({unit}) gets the task “{title}” today, due by {day}.",
                position=position.name, unit=position.unit_name, title=title, day=day_of(step.due_at),
            ),
            sentence("Den som får brev om det är {told}.", "Told by mail: {told}.", told=told),
            Text("Kommande påminnelser går också dit.", "Coming reminders go there too."),
        )
    )  # fmt: skip


def add(tx: Tx, activity_id: int, position_id: str, *, reason: str, by: Actor, now: datetime) -> int:
    """Ask one more position; gives the task's id. Asked already: no harm, the same id.

    Raises NotFound, Forbidden, InvalidInput (no reason, a role the step does not ask), NotPossible.
    """
    step, _run = _look(tx, activity_id, by, now)
    run, reason = hold(tx, step.instance_id, by=by, now=now), why(reason)
    lock_step(tx, activity_id)
    step = activities.get(tx, activity_id)
    row = tx.one(
        sa.select(user_task).where(user_task.c.activity_id == activity_id, user_task.c.position_id == position_id)
    )
    if row is not None and row.state != "cancelled":
        return int(row.id)
    _ensure_open(run, step)
    position = _candidate(tx, activity_id, position_id, now)
    if row is None:
        activities.create_rows(tx, run, step, run.deployed.tasks[step.element_id], [position])
    else:
        _ask_again(tx, run, step, row)
    task = tx.connection.execute(
        sa.select(user_task).where(user_task.c.activity_id == activity_id, user_task.c.position_id == position_id)
    ).one()
    run.note_about(
        tx,
        task,
        "participant_added",
        {"position": position_id, "unit_name": task.unit_name, "title": task.title_sv, "reason": reason},
    )
    return int(task.id)


def _ask_again(tx: Tx, run: Run, step: Any, row: Any) -> None:
    """One who was excused: the same row, with its drafts."""
    tx.execute(
        user_task.update()
        .where(user_task.c.id == row.id, user_task.c.state == "cancelled")
        .values(
            state="open",
            outcome=None,
            ended_at=None,
            due_at=step.due_at,
            closes_at=step.closes_at,
            revision=row.revision + 1,
        )
    )
    jobs.cancel(tx, task_id=row.id)  # of a day of its own, which it no longer has
    task = user_tasks.get(tx, row.id)
    people = list(concerned(tx, [task], run.now))
    announce(tx, run, task, "task_assigned", people, f"assigned:{row.id}:{task.revision}")


def preview_excuse(tx: Tx, task_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, NotPossible."""
    task, step, run = _participant(tx, task_id, by, now)
    left = _open_beside(tx, task)
    drafts = tx.scalar(sa.select(sa.func.count()).where(draft.c.task_id == task_id))
    people = listed(list(concerned(tx, [task], now).values()))
    said = [
        sentence(
            "{unit} behöver inte svara på ”{title}”. Uppgiften försvinner ur inkorgen hos {people}, som får besked.",
            "{unit} need not answer “{title}”. The task leaves the inbox of {people}, who are told.",
            unit=task.unit_name, title=Text(task.title_sv, task.title_en), people=people,
        )
    ]  # fmt: skip
    if drafts:
        said.append(
            Text(
                "Det som är skrivet sparas men blir inte ett svar.",
                "What has been written is kept but does not become an answer.",
            )
        )
    if left == 0 and run.deployed.tasks[step.element_id].completes == "when-all":
        said.append(
            Text("Alla andra har svarat, så processen går vidare.", "All others have answered, so the process goes on.")
        )
    else:
        said.append(_others_left(left))
    return Preview(tuple(said))


def _others_left(count: int) -> Text:
    if count == 0:
        return Text("Ingen annan har uppgiften.", "Nobody else has the task.")
    if count == 1:
        return Text("1 annan har fortfarande uppgiften.", "1 other person still has the task.")
    return Text(f"{count} andra har fortfarande uppgiften.", f"{count} others still have the task.")


def excuse(tx: Tx, task_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """The participant need not answer. Excused already: no harm.

    Raises NotFound, Forbidden, InvalidInput, NotPossible (not a fan-out), TaskNotOpen (an answer was faster).
    """
    task = user_tasks.get(tx, task_id)
    run, reason = hold(tx, task.instance_id, by=by, now=now), why(reason)
    if user_tasks.get(tx, task_id).state == "cancelled":
        return
    task, step, run = _participant(tx, task_id, by, now)
    lock_step(tx, step.id)
    if not task_rows.cancel(tx, task_id, now):
        raise answers.lost_race(tx, task_id)
    run.note_about(
        tx, task, "participant_excused", {"title": task.title_sv, "unit_name": task.unit_name, "reason": reason}
    )
    title = Text(task.title_sv, task.title_en)
    subject = sentence("Du behöver inte svara: {title}", "You need not answer: {title}", title=title)
    body = sentence(
        "”{title}” för {unit} är struken ur din inkorg. Skäl: {reason}",
        "“{title}” for {unit} has been taken out of your inbox. Reason: {reason}",
        title=title,
        unit=task.unit_name,
        reason=Text(reason, reason),
    )
    tell(tx, run, list(concerned(tx, [task], now)), f"excused:{task_id}:{task.revision}", subject, body)
    if run.deployed.tasks[step.element_id].completes == "when-all":
        user_tasks.advance_if_last(tx, step, now)


def _look(tx: Tx, activity_id: int, by: Actor, now: datetime) -> tuple[Any, Run]:
    if tx.scalar(sa.select(activity.c.id).where(activity.c.id == activity_id)) is None:
        raise NotFound(kind="activity")
    step = activities.get(tx, activity_id)
    return step, look(tx, step.instance_id, by=by, now=now)


def _ensure_open(run: Run, step: Any) -> None:
    ensure_active(run)
    if not step.multi:
        raise NotPossible(reason="not_a_campaign")
    if step.state != "open" or not still_takes_answers(run, step):
        raise NotPossible(reason="step_not_open")


def _candidate(tx: Tx, activity_id: int, position_id: str, now: datetime) -> identity.Position:
    for position in candidates(tx, activity_id, now=now):
        if position.id == position_id:
            return position
    raise InvalidInput(field="position", reason="not_candidate", value=position_id[:64])


def _participant(tx: Tx, task_id: int, by: Actor, now: datetime) -> tuple[Any, Any, Run]:
    task = user_tasks.get(tx, task_id)
    run = look(tx, task.instance_id, by=by, now=now)
    ensure_active(run)
    step = activities.get(tx, task.activity_id) if task.activity_id else None
    if step is None or not step.multi:
        raise NotPossible(reason="not_a_campaign")
    if task.state != "open":
        raise answers.lost_race(tx, task_id)
    return task, step, run


def _open_beside(tx: Tx, task: Any) -> int:
    others = sa.select(sa.func.count()).where(
        user_task.c.activity_id == task.activity_id, user_task.c.state == "open", user_task.c.id != task.id
    )
    return int(tx.scalar(others))
