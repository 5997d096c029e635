"""When mail leaves (annual-cycle, section 2.1), and when a failed one is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import STOCKHOLM
from engine.mails import retry_delay
from engine.outbox import send_time


def civil(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("kind", "caused", "leaves"),
    [
        ("task_assigned", "2026-11-01T00:00", "2026-11-02T08:00"),  # a Sunday
        ("task_assigned", "2026-12-01T00:00", "2026-12-01T08:00"),
        ("reminder", "2026-12-01T10:15", "2026-12-02T08:00"),
        ("overdue", "2026-12-31T23:59:59", "2027-01-04T08:00"),  # New Year's Day is a Friday
        ("escalation", "2026-06-19T09:00", "2026-06-22T08:00"),  # Midsummer Eve
        ("notice", "2026-12-01T10:15", "2026-12-01T10:15"),
        ("notice", "2026-12-01T07:59", "2026-12-01T08:00"),
        ("notice", "2026-12-01T18:00", "2026-12-02T08:00"),
        ("take_over", "2026-12-05T10:15", "2026-12-07T08:00"),  # a Saturday
    ],
)
def test_mail_leaves_at_eight_on_the_next_working_day_and_notices_at_once_in_office_hours(
    kind: str, caused: str, leaves: str
) -> None:
    assert send_time(kind, civil(caused).astimezone(UTC)) == civil(leaves)


@pytest.mark.parametrize(
    ("rhythm", "kind", "caused", "due", "leaves"),
    [
        ("at_once", "task_assigned", "2026-12-01T10:15", None, "2026-12-01T10:15"),
        ("at_once", "reminder", "2026-12-01T18:15", None, "2026-12-02T08:00"),
        ("daily", "reminder", "2026-12-01T10:15", None, "2026-12-02T08:00"),
        ("weekly", "notice", "2026-12-01T10:15", None, "2026-12-07T08:00"),  # a Tuesday
        ("weekly", "notice", "2026-12-07T07:15", None, "2026-12-07T08:00"),  # a Monday before eight
        ("weekly", "notice", "2026-12-07T10:15", None, "2026-12-14T08:00"),  # a Monday after eight
        ("weekly", "notice", "2027-03-24T10:15", None, "2027-03-30T08:00"),  # Easter Monday is no working day
        ("weekly", "reminder", "2026-12-01T10:15", "2026-12-04T23:59", "2026-12-02T08:00"),
        ("weekly", "reminder", "2026-12-01T10:15", "2026-12-31T23:59", "2026-12-07T08:00"),
        ("weekly", "overdue", "2026-12-01T10:15", "2026-11-30T23:59", "2026-12-02T08:00"),
        ("weekly", "escalation", "2026-12-01T10:15", None, "2026-12-02T08:00"),
    ],
)
def test_mail_comes_as_often_as_the_person_wants_and_what_is_late_is_never_held_back(
    rhythm: str, kind: str, caused: str, due: str | None, leaves: str
) -> None:
    due_at = civil(due).astimezone(UTC) if due else None
    assert send_time(kind, civil(caused).astimezone(UTC), rhythm, due_at) == civil(leaves)


def test_attempts_come_rarer_up_to_an_hour_and_spread() -> None:
    delays = [retry_delay(attempt, "<a@b>") for attempt in range(1, 30)]
    assert timedelta(seconds=45) <= delays[0] <= timedelta(seconds=75)
    assert all(timedelta(minutes=45) <= delay <= timedelta(minutes=75) for delay in delays[7:])
    assert len({retry_delay(1, f"<{n}@b>") for n in range(50)}) > 40
