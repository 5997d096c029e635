"""What every operation shares: who may, a reason, the instance under its lock, and sentences about people and days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import identity, outbox
from engine.actor import Actor
from engine.errors import InvalidInput, NotFound, NotPossible
from engine.operating import ensure_may_operate
from engine.rules import calendar
from engine.rules.calendar import civil_date
from engine.running import Run, look
from engine.store.database import Tx
from engine.store.queries import instances as instance_rows
from engine.store.queries import user_tasks as task_rows
from engine.store.tables import draft, user_task
from engine.texts import Text

NAMED = 12
FARTHEST = timedelta(days=5 * 366)
WEEKDAYS_SV = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_SV = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What an operation would do now, in the order in which a person would want to know it. Nothing is done."""

    sentences: tuple[Text, ...]
    obstacles: tuple[Text, ...] = ()
    """What must be mended first; with any of these the verb refuses."""
    warnings: tuple[Text, ...] = ()
    """What a person must have seen before it is done: other steps' days that clash, tasks that are left as they are."""


def hold(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Run:
    """The instance under its lock, its diagram not loaded. Raises Forbidden, NotFound."""
    ensure_may_operate(tx, by, now)
    if instance_rows.lock_state(tx, instance_id) is None:
        raise NotFound(kind="instance")
    return look(tx, instance_id, by=by, now=now)


def ensure_active(run: Run) -> None:
    """Raises NotPossible when the instance is suspended, cancelled, completed or failed."""
    if run.state != "active":
        raise NotPossible(reason=f"instance_{run.state}")


def last_instant(day: date, opens_at: datetime | None, now: datetime, *, field: str) -> datetime:
    """The end of a last day that somebody chose, in UTC.

    Raises InvalidInput: too_early (gone by, or before the work opens), too_far (more than five years ahead).
    """
    if day > civil_date(now) + FARTHEST:
        raise InvalidInput(field=field, reason="too_far", value=day.isoformat())
    if day <= calendar.EARLIEST:
        raise InvalidInput(field=field, reason="too_early", value=day.isoformat())
    instant = calendar.end_of(day)
    if instant <= now or (opens_at is not None and instant <= opens_at):
        raise InvalidInput(field=field, reason="too_early", value=day.isoformat())
    return instant


def name_of(run: Run) -> Text:
    """Utbildningsplan 2028."""
    return run.deployed.package.instance_name.fill(run.names())


def open_tasks(tx: Tx, instance_id: int) -> list[sa.Row[Any]]:
    """Every open task of the instance, follow-on tasks too, oldest first."""
    return tx.rows(
        sa.select(user_task)
        .where(user_task.c.instance_id == instance_id, user_task.c.state == "open")
        .order_by(user_task.c.id)
    )


def cancel_task(tx: Tx, run: Run, task: Any, reason: str) -> None:
    """Take the task away, unless it was answered or closed meanwhile."""
    if task_rows.cancel(tx, task.id, run.now):
        run.note_about(tx, task, "task_cancelled", {"title": task.title_sv, "reason": reason})


def concerned(tx: Tx, tasks: Iterable[Any], now: datetime) -> dict[str, str]:
    """Who is told about these tasks, name by person id: whoever took one, else who can act for it; and deputies."""
    found: dict[str, str] = {}
    day = civil_date(now)
    for task in tasks:
        if task.assignee_id is not None:
            people = identity.with_deputies(tx, [task.assignee_id], day)
            found |= {person_id: identity.person_name(tx, person_id) or person_id for person_id in people}
        else:
            found |= {holder.person_id: holder.name for holder in identity.actors_for(tx, task.position_id, day)}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def written_by_others(tx: Tx, task_ids: Sequence[int], person_id: str) -> bool:
    """Whether anyone but the person has a draft in one of the tasks."""
    drafts = sa.select(draft.c.task_id).where(draft.c.task_id.in_(list(task_ids)), draft.c.person_id != person_id)
    return bool(tx.rows(drafts.limit(1)))


def listed(names: Sequence[str], most: int = NAMED) -> Text:
    """Anna, Bo och Cleo; a long list ends with how many more."""
    shown, more = list(names[:most]), len(names) - most
    if more > 0:
        return Text(f"{', '.join(shown)} och {more} till", f"{', '.join(shown)} and {more} more")
    if len(shown) < 2:
        return Text("".join(shown), "".join(shown))
    first, last = ", ".join(shown[:-1]), shown[-1]
    return Text(f"{first} och {last}", f"{first} and {last}")


def day_of(instant: datetime) -> Text:
    """31 december 2026, the day in Stockholm."""
    day = civil_date(instant)
    return Text(f"{day.day} {MONTHS_SV[day.month - 1]} {day.year}", f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}")


def full_day_of(instant: datetime) -> Text:
    """torsdag 31 december 2026, where somebody chooses a day."""
    written, weekday = day_of(instant), civil_date(instant).weekday()
    return Text(f"{WEEKDAYS_SV[weekday]} {written.sv}", f"{WEEKDAYS_EN[weekday]} {written.en}")


def sentence(sv: str, en: str, **values: Text | str | int) -> Text:
    """A sentence in both languages with its gaps filled, each in its language."""
    return Text(
        sv.format(**{k: v.sv if isinstance(v, Text) else v for k, v in values.items()}),
        en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
    )


def counted(number: int, one: tuple[str, str], many: tuple[str, str]) -> Text:
    """The number with its word: 1 öppen uppgift, 4 öppna uppgifter."""
    chosen = one if number == 1 else many
    return Text(f"{number} {chosen[0]}", f"{number} {chosen[1]}")


def tasks_in_words(number: int) -> Text:
    return counted(number, ("öppen uppgift", "open task"), ("öppna uppgifter", "open tasks"))


def tell(tx: Tx, run: Run, people: Iterable[str], key: str, subject: Text, body: Text) -> int:
    """A notice to each of them, once for the key. Gives how many were not told before."""
    return outbox.announce(
        tx,
        event_key=key,
        person_ids=people,
        kind="notice",
        instance_id=run.id,
        now=run.now,
        content={
            "subject": {"sv": subject.sv, "en": subject.en},
            "body": {"sv": body.sv, "en": body.en},
            "plan_year": run.plan_year,
        },
    )
