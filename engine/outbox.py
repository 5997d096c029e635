"""What someone is to be told: written in the transaction that caused it, bound to one mail (`engine.mails`) afterwards.

`now` is process time: when a message is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from engine.clock import STOCKHOLM
from engine.rules import calendar
from engine.store.database import Tx
from engine.store.queries import outbox as query

OFFICE_HOURS = range(8, 18)
# What one person did to another, or a body decided, is told the same day; the rest waits for the morning.
AT_ONCE = frozenset({"notice", "take_over"})

NEVER_HELD_BACK = frozenset({"overdue", "escalation"})


class Announcement(NamedTuple):
    """One event and those to be told of it; `content` as in `announce`."""

    event_key: str
    person_ids: Sequence[str]
    content: Mapping[str, Any]
    instance_id: int | None
    task_id: int | None


@dataclass(frozen=True)
class Message:
    """One due message with its reader. `settled`: its task was done meanwhile, so nothing is left to say."""

    id: int
    person_id: str
    name: str
    email: str | None
    locale: str
    active: bool
    kind: str
    content: dict[str, Any]
    task_id: int | None
    settled: bool


def announce(
    tx: Tx,
    *,
    event_key: str,
    person_ids: Iterable[str],
    kind: str,
    content: Mapping[str, Any],
    instance_id: int | None = None,
    task_id: int | None = None,
    now: datetime,
    send_at: datetime | None = None,
) -> int:
    """Tell these people about one event, once each; returns how many were not told of it before.

    `kind`: task_assigned, reminder, overdue, escalation, take_over, notice, comment (a notice that can wait).
    `content` of a notice and a comment: `{"subject": {sv, en}, "body": {sv, en}}` and, for a link, "unit_name" and
    "url_path". Of the others: `{"title": {sv, en}, "unit_name", "due_at" (ISO instant), "plan_year", "task_id",
    "url_path", "vacant", "quick": {sv, en} or None}`; of take_over also "giver" and "reason", of an escalation
    `"missing"`: the names of those who have not answered, or their number.
    `send_at`: when it is due; by default 08.00 on the next working day, a notice at once in office hours.
    """
    told = Announcement(event_key, list(person_ids), content, instance_id, task_id)
    return announce_all(tx, kind, [told], now=now, send_at=send_at)


def announce_all(
    tx: Tx, kind: str, announcements: Iterable[Announcement], *, now: datetime, send_at: datetime | None = None
) -> int:
    """`announce` for many events of one kind at once: a campaign tells thousands in one statement."""
    announcements = list(announcements)
    usual = send_at or send_time(kind, now)
    people = {person for told in announcements for person in told.person_ids}
    wished = query.rhythms(tx, sorted(people)) if send_at is None else {}
    rows = [
        {
            "event_key": told.event_key,
            "person_id": person,
            "kind": kind,
            "content": dict(told.content),
            "instance_id": told.instance_id,
            "task_id": told.task_id,
            "created_at": now,
            "send_at": send_time(kind, now, wished[person], _due(told.content)) if person in wished else usual,
        }
        for told in announcements
        # In one order everywhere: two transactions that tell the same people of the same event do not deadlock.
        for person in sorted(set(told.person_ids))
    ]
    return query.insert_messages(tx, rows)


def send_time(kind: str, now: datetime, rhythm: str = "daily", due_at: datetime | None = None) -> datetime:
    """When a message caused at `now` is due: 08.00 on a working day, or at once in office hours (UTC).

    `rhythm` is the person's own wish. Weekly waits for Monday (the next working day when that is a holiday), but
    never with what is late, what others have missed, or a task (`due_at`) whose last day would come first.
    """
    local = now.astimezone(STOCKHOLM)
    if rhythm == "weekly" and kind not in NEVER_HELD_BACK:
        monday = _next_monday(now)
        return monday if due_at is None or monday <= due_at else calendar.next_workday_at(now)
    if (rhythm == "at_once" or kind in AT_ONCE) and calendar.is_workday(local.date()) and local.hour in OFFICE_HOURS:
        return now
    return calendar.next_workday_at(now)


def _next_monday(now: datetime) -> datetime:
    """08.00 on the first Monday not before `now`, or on the working day after it when it is a holiday."""
    day = calendar.civil_date(now)
    for days in range(8):
        ahead = day + timedelta(days=days)
        moment = datetime.combine(ahead, time(8), STOCKHOLM).astimezone(UTC)
        if ahead.weekday() == 0 and moment >= now:
            return calendar.next_workday_at(moment)
    return calendar.next_workday_at(now)


def _due(content: Mapping[str, Any]) -> datetime | None:
    """The last day of the task that a message is about; a broken one is dealt with where the letter is written."""
    try:
        return datetime.fromisoformat(content["due_at"])
    except (KeyError, TypeError, ValueError):
        return None


def unsent(tx: Tx, now: datetime, limit: int) -> list[list[Message]]:
    """All that is due, one list per person (at most `limit` people), locked until the transaction ends.

    Whose tasks have all been done by the time that the messages are locked has nothing to be told. Nothing where
    another transaction writes mails just now: it is not waited for, and one person's messages are never split.
    """
    people = query.people_to_tell(tx, now, limit) if query.compose_alone(tx) else []
    lists: dict[str, list[Message]] = {person: [] for person in people}
    for row in query.lock_messages(tx, people, now) if people else []:
        lists[row.person_id].append(_message(row))
    return [messages for messages in lists.values() if any(not message.settled for message in messages)]


def _message(row: Any) -> Message:
    return Message(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        active=row.active,
        kind=row.kind,
        content=row.content,
        task_id=row.task_id,
        settled=bool(row.settled),
    )
