"""Handing several open tasks of others to one person at once: finding them, who may do them, what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import cycles, identity, inbox_rows
from engine.actor import SYSTEM, Actor
from engine.errors import InvalidInput, NotPossible
from engine.operating import ensure_may_operate
from engine.operations import handing_over
from engine.operations.common import (
    Preview,
    concerned,
    counted,
    hold,
    listed,
    sentence,
    written_by_others,
)
from engine.reach import ACTING
from engine.rules.calendar import civil_date
from engine.running import look
from engine.store.database import Tx
from engine.store.sql import spelled
from engine.store.tables import user_task
from engine.texts import Text

MOST = 200
"""Tasks at a time."""
LOOKED_AT = 2000
LISTED = 30


@dataclass(frozen=True)
class OpenTask:
    """An open task and the names of those who would do it now."""

    id: int
    title: Text
    plan_year: int
    unit_name: str
    names: list[str]
    due_at: datetime
    late: bool


def open_tasks(tx: Tx, now: datetime, *, text: str = "", activity_id: int | None = None) -> list[OpenTask]:
    """Open tasks by last day, one more than MOST at most: of one step, or with every word in title, unit or name."""
    words = text.split()
    conditions = [_has(tx, word, number, now) for number, word in enumerate(words)]
    query = sa.select(user_task).where(user_task.c.state == spelled("open"), *conditions)
    if activity_id is not None:
        query = query.where(user_task.c.activity_id == activity_id)
    found = []
    for row in tx.rows(query.order_by(user_task.c.due_at, user_task.c.id).limit(LOOKED_AT)):
        names = cycles.names_of_doers(tx, row, now)
        told = f"{row.title_sv} {row.title_en} {row.unit_name} {' '.join(names)}".casefold()
        if all(word.casefold() in told for word in words):
            title = Text(row.title_sv, row.title_en)
            found.append(OpenTask(row.id, title, row.plan_year, row.unit_name, names, row.due_at, now > row.due_at))
        if len(found) > MOST:
            break
    return found


def _has(tx: Tx, word: str, number: int, now: datetime) -> sa.ColumnElement[bool]:
    """In the task's own words, or in the name of one who has it or may act for its position."""
    named = [p.id for p in identity.people(tx) if p.active and word.casefold() in p.name.casefold()]
    places = {each for person_id in named for each in identity.effective_positions(tx, person_id, civil_date(now))}
    text, given = inbox_rows.has_word(word, f"word{number}_")
    return sa.or_(
        sa.text(text).bindparams(**given),
        user_task.c.assignee_id.in_(named),
        user_task.c.position_id.in_(sorted(places)),
    )


def candidates(tx: Tx, task_ids: Sequence[int], *, now: datetime) -> list[tuple[identity.Person, int]]:
    """Who could take over any of the tasks today, and how many of them: those who could take most come first."""
    tasks = _chosen(tx, task_ids, now)
    able = [(person, len(_sorted_out(tx, tasks, person.id, now)[0])) for person in identity.people(tx) if person.active]
    return sorted((each for each in able if each[1]), key=lambda each: (-each[1], each[0].name))


def preview_assign(tx: Tx, task_ids: Sequence[int], person_id: str, *, by: Actor, now: datetime) -> Preview:
    """What would happen with each task and for whom; what would be left as it is stands among the warnings.

    Raises NotFound, Forbidden, InvalidInput (field person: not_candidate_of_any, when the person may do none of them).
    """
    ensure_may_operate(tx, by, now)
    ready, left = _sorted_out(tx, _chosen(tx, task_ids, now), person_id, now)
    if not ready:
        raise InvalidInput(field="person", reason="not_candidate_of_any")
    name = identity.person(tx, person_id).name
    said = [
        sentence("{tasks} lämnas över till {name}, som får besked.", "{tasks} are handed to {name}, who is told.",
                 tasks=_tasks(len(ready)), name=name),
        *(
            sentence("”{title}” ({unit}), nu hos {people}.", "“{title}” ({unit}), now with {people}.",
                     title=_title(task), unit=task.unit_name,
                     people=listed(cycles.names_of_doers(tx, task, now) or ["–"]))
            for task in ready[:LISTED]
        ),
    ]  # fmt: skip
    if len(ready) > LISTED:
        said.append(sentence("Och {tasks} till.", "And {tasks} more.", tasks=_tasks(len(ready) - LISTED)))
    others = [other for key, other in concerned(tx, ready, now).items() if key != person_id]
    if others:
        said.append(
            sentence(
                "{others} kan inte längre svara på dem, så länge {name} har dem.",
                "{others} can no longer answer them as long as {name} has them.",
                others=listed(others),
                name=name,
            )
        )
    if written_by_others(tx, [task.id for task in ready], person_id):
        said.append(handing_over.DRAFTS_STAY)
    said.append(
        Text("Sista dagarna ändras inte. Allt görs på en gång, och skälet sparas i varje uppgifts historik.",
             "The last days do not change. All is done at once, and each task's history keeps the reason.")
    )  # fmt: skip
    return Preview(
        tuple(said),
        warnings=tuple(
            sentence(
                "”{title}” ({unit}): {why}",
                "“{title}” ({unit}): {why}",
                title=_title(task),
                unit=task.unit_name,
                why=why,
            )
            for task, why in left
        ),
    )


def assign(tx: Tx, task_ids: Sequence[int], person_id: str, *, reason: str, by: Actor, now: datetime) -> int:
    """The person has all of the tasks that they may do, or, if one of them is refused, none. Gives how many.

    Raises NotFound, Forbidden, InvalidInput (the reason), NotPossible (not_candidate: none of them), TaskNotOpen.
    """
    ensure_may_operate(tx, by, now)
    for instance_id in sorted({task.row.instance_id for task in _chosen(tx, task_ids, now)}):
        hold(tx, instance_id, by=by, now=now)
    ready, _left = _sorted_out(tx, _chosen(tx, task_ids, now), person_id, now)
    if not ready:
        raise NotPossible(reason="not_candidate")
    for task in ready:
        handing_over.assign(tx, task.id, person_id, reason=reason, by=by, now=now)
    return len(ready)


@dataclass(frozen=True)
class _Chosen:
    """`doers`: the ids of those who would do it as things are."""

    row: sa.Row[Any]
    is_open: bool
    doers: set[str]


def _chosen(tx: Tx, task_ids: Sequence[int], now: datetime) -> list[_Chosen]:
    rows = tx.rows(
        sa.select(user_task)
        .where(user_task.c.id.in_(list(task_ids)[:MOST]))
        .order_by(user_task.c.due_at, user_task.c.id)
    )
    states = {each: look(tx, each, by=SYSTEM, now=now).state for each in {row.instance_id for row in rows}}
    return [_Chosen(row, _is_open(row, states[row.instance_id]), _doers(tx, row, now)) for row in rows]


def _is_open(task: sa.Row[Any], state: str) -> bool:
    return task.state == "open" and (state in ("active", "suspended") or (state == "completed" and task.follow_on))


def _doers(tx: Tx, task: sa.Row[Any], now: datetime) -> set[str]:
    if task.assignee_id is not None:
        return {task.assignee_id}
    return {holder.person_id for holder in identity.actors_for(tx, task.position_id, civil_date(now))}


def _sorted_out(
    tx: Tx, tasks: Sequence[_Chosen], person_id: str, now: datetime
) -> tuple[list[sa.Row[Any]], list[tuple[sa.Row[Any], Text]]]:
    """Those that the person can be given, and the others with why not. Raises NotFound for an unknown person."""
    identity.person(tx, person_id)
    positions = identity.effective_positions(tx, person_id, civil_date(now))
    ready: list[sa.Row[Any]] = []
    left: list[tuple[sa.Row[Any], Text]] = []
    for task in tasks:
        why = _why_not(task, person_id, positions.get(task.row.position_id) in ACTING)
        if why is None:
            ready.append(task.row)
        else:
            left.append((task.row, why))
    return ready, left


def _why_not(task: _Chosen, person_id: str, may: bool) -> Text | None:
    if not task.is_open:
        return Text("den är inte öppen längre.", "it is no longer open.")
    if not may:
        return Text("befattningen ligger hos andra.", "the position is others'.")
    if task.doers == {person_id}:
        return Text("den ligger redan där.", "it is there already.")
    return None


def _title(task: sa.Row[Any]) -> Text:
    return Text(task.title_sv, task.title_en)


def _tasks(number: int) -> Text:
    return counted(number, ("uppgift", "task"), ("uppgifter", "tasks"))
