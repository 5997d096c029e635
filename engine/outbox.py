"""What someone is to be told: written in the transaction that caused it, bound to one mail, sent afterwards.

Two clocks: `now` is process time (when a message is due, when a letter was written and sent); `wall` is wall time
(leases and new attempts), so that moving a demo's clock neither loses nor doubles a mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.clock import STOCKHOLM
from engine.rules import calendar
from engine.store.database import Tx
from engine.store.queries import outbox as query

OFFICE_HOURS = range(8, 18)
# What a person has just done to another, or decided, is told the same day; all else waits for the morning's one mail.
AT_ONCE = frozenset({"notice", "take_over"})


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

    `kind`: task_assigned, reminder, overdue, escalation, take_over, notice.
    `content` of a notice: `{"subject": {sv, en}, "body": {sv, en}}`. Of the others: `{"title": {sv, en}, "unit_name",
    "due_at" (ISO instant), "plan_year", "task_id", "url_path", "vacant", "quick": {sv, en} or None}` and, for an
    escalation, `"missing"`: the names of those who have not answered, or their number.
    `send_at`: when it is due; by default 08.00 on the next working day, a notice at once in office hours.
    """
    due = send_at or send_time(kind, now)
    row = {
        "event_key": event_key, "kind": kind, "content": dict(content), "instance_id": instance_id,
        "task_id": task_id, "created_at": now, "send_at": due,
    }  # fmt: skip
    # In one order everywhere: two transactions that tell the same people of the same event do not deadlock.
    return query.insert_messages(tx, [{**row, "person_id": person} for person in sorted(set(person_ids))])


def send_time(kind: str, now: datetime) -> datetime:
    """When a message caused at `now` is due: 08.00 civil time on a working day, or at once in office hours."""
    local = now.astimezone(STOCKHOLM)
    if kind in AT_ONCE and calendar.is_workday(local.date()) and local.hour in OFFICE_HOURS:
        return now
    return calendar.next_workday_at(now)
