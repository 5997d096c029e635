"""9: nights on which the clock is changed, leap days, year ends, week 53; and a wall clock that jumps."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from torture.more import begin
from torture.place import LINEAR
from torture.trial import Trial
from torture.worker import Box, Journal, Orders, Points, ask, prepare

from arshjul.bench.site import NOW
from engine import job_executor, outbox
from engine.clock import SystemClock
from engine.rules import calendar
from engine.store.database import Database, Tx
from engine.store.tables import audit_event, instance, user_task
from notifications.dispatcher import dispatch

YEARS = range(2026, 2046)
HOURS = 96
EACH = 2
"""Timers around each moment."""
LONGEST_JUMP = timedelta(days=2)


def last_sunday(year: int, month: int) -> date:
    """Of March or October, which have 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def offset(instant: datetime) -> timedelta:
    """Sweden's distance from UTC by the directive 2000/84/EC: summer time between 01.00 UTC on two last Sundays."""
    one = time(1, tzinfo=UTC)
    begins, ends = (datetime.combine(last_sunday(instant.year, month), one) for month in (3, 10))
    return timedelta(hours=2 if begins <= instant < ends else 1)


def moments() -> list[datetime]:
    """The forty changes of the clock, and each leap day, year end and Monday of week 53 (UTC)."""
    days = [last_sunday(year, month) for year in YEARS for month in (3, 10)]
    days += [date(year, 2, 29) for year in YEARS if year % 4 == 0]
    days += [date(year, 12, 31) for year in YEARS]
    days += [date.fromisocalendar(year, 53, 1) for year in YEARS if date(year, 12, 28).isocalendar().week == 53]
    return [datetime.combine(day, time(1), UTC) for day in days]


def civil_times(trial: Trial) -> int:
    """Every hour from 48 before to 48 after each of the moments: days, ends of days and periods as the law has them."""
    for moment in moments():
        within_the_hour = timedelta(seconds=trial.rng.randrange(3600))
        for hour in range(-48, 49):
            for wrong in _wrong(moment + timedelta(hours=hour) + within_the_hour):
                trial.broken(wrong)
    return len(moments()) * 97


def _wrong(instant: datetime) -> list[str]:
    local = (instant + offset(instant)).replace(tzinfo=None)
    day = local.date()
    found = []
    if calendar.civil_date(instant) != day:
        found.append(f"{instant} is {day} in Sweden, not {calendar.civil_date(instant)}")
    midnight = _utc(datetime.combine(day, time.min))
    if calendar.start_of(day) != midnight:
        found.append(f"{day} begins at {midnight}, not {calendar.start_of(day)}")
    if calendar.end_of(day) + timedelta(seconds=1) != calendar.start_of(day + timedelta(days=1)):
        found.append(f"{day} does not end where the next day begins")
    if calendar.add_period(instant, "PT24H") != instant + timedelta(hours=24):
        found.append(f"PT24H after {instant} is not 24 hours later")
    tomorrow = local + timedelta(days=1)
    if not _is_odd(tomorrow) and calendar.add_period(instant, "P1D") != _utc(tomorrow):
        found.append(f"P1D after {instant} is not at the same time of day")
    sent = outbox.send_time("reminder", instant)
    if sent < instant or (sent + offset(sent)).time() != time(8) or not calendar.is_workday(sent.date()):
        found.append(f"a reminder of {instant} is sent at {sent}")
    return found


def _utc(local: datetime) -> datetime:
    """Of a civil time that there is exactly once."""
    guess = local.replace(tzinfo=UTC) - timedelta(hours=1)
    return local.replace(tzinfo=UTC) - offset(guess)


def _is_odd(local: datetime) -> bool:
    """Whether that time of day does not exist on that day, or exists twice."""
    changes = last_sunday(local.year, local.month) if local.month in (3, 10) else None
    return local.date() == changes and 2 <= local.hour < 3


class Jumping(SystemClock):
    """Wall time that is up to two days wrong, another way each time."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def wall(self) -> datetime:
        return super().wall() + LONGEST_JUMP * self.rng.uniform(-1, 1)


def wall_clock_jumps(trial: Trial) -> int:
    """Four days around each of the moments to come, a poll each hour, while the wall clock jumps back and forth: each
    timer fires once, in the hour in which it is due, a civil day after the answer that it waits for."""
    begins = _begins()
    begin(trial, linear=EACH * len(begins) - 3)
    trial.finish(_live_through)
    database = Database(trial.orders.url, SystemClock())
    with database.page() as tx:
        answered = {event["instance"]: _when(event) for event in _events(tx, "element_left", "step_1")}
        fired = {event["instance"]: event for event in _events(tx, "timer_fired", "pause")}
    database.dispose()
    for number, event in fired.items():
        due = datetime.fromisoformat(event["body"]["due_at"])
        tomorrow = (answered[number] + offset(answered[number])).replace(tzinfo=None) + timedelta(days=1)
        if not _is_odd(tomorrow) and due != _utc(tomorrow):
            trial.broken(f"a day after {answered[number]} is {_utc(tomorrow)}, but the timer was due at {due}")
        if not timedelta() <= _when(event) - due < timedelta(hours=1):
            trial.broken(f"D: a timer due at {due} fired at {_when(event)}")
    if len(fired) != EACH * len(begins):
        trial.broken(f"D: {len(fired)} timers fired, not {EACH * len(begins)}")
    return HOURS * len(begins)


def _begins() -> list[datetime]:
    """Of four days around each of the moments that the site has before it, none of which overlap."""
    found: list[datetime] = []
    for moment in sorted(moments()):
        first = moment - timedelta(hours=48)
        if first > NOW and (not found or first >= found[-1] + timedelta(hours=HOURS)):
            found.append(first)
    return found


def _events(tx: Tx, type_: str, element_id: str) -> list[Any]:
    query = sa.select(audit_event.c.body).where(audit_event.c.type == type_, audit_event.c.element_id == element_id)
    return [json.loads(row.body) for row in tx.rows(query.order_by(audit_event.c.id))]


def _when(event: Any) -> datetime:
    return datetime.fromisoformat(event["occurred_at"])


def _live_through(orders: Orders) -> None:
    """All of the days, in one process; each first task is answered at an hour of its own."""
    prepare(orders)
    rng = random.Random(orders.seed)
    journal = Journal(orders.journal)
    database = Database(orders.url, Jumping(rng))
    with database.page() as tx:
        first = tx.rows(
            sa.select(user_task.c.id)
            .select_from(user_task.join(instance))
            .where(instance.c.key == LINEAR, user_task.c.state == "open")
            .order_by(user_task.c.id)
        )
    for number, begins in enumerate(_begins()):
        hours = {row.id: rng.randrange(HOURS - 30) for row in first[EACH * number : EACH * (number + 1)]}
        for hour in range(HOURS):
            now = begins + timedelta(hours=hour, minutes=rng.randrange(60))
            for task in [task for task, at in hours.items() if at == hour]:
                ask(database, orders, journal, task, now)
            now = begins + timedelta(hours=hour + 1)
            job_executor.tick(database, now)
            box = Box(journal, Points(None))
            dispatch(database, box, now=now, wall=database.clock.wall(), public_url="http://localhost")
    database.dispose()
