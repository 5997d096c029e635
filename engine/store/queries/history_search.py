"""Searching the history: the newest events that meet every condition, at the same cost however many there are.

One condition leads: an index gives its newest candidates, at most LOOKED_AT, and each is held against the other
conditions; when some candidates were left, another condition has a try. When no try filled the page, `Found.further`
says before which event to go on. SQLite's few newest events, which no index knows yet, are looked at one by one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import audit_event, audit_term, instance, user_task
from engine.store.terms import BLOCK, EVERYDAY, OF_EVENTS, unnoted

LOOKED_AT = 10_000
FIRST_LOOK = 2_000
FEW_VALUES, MOST_VALUES = 12, 50
"""A condition with more values than this does not lead: so many ranges of an index are not read side by side."""


@dataclass(frozen=True)
class _Leader:
    """A condition by name and, for each of its values, the (event_id, type) of the events, newest first."""

    kind: str
    ranges: list[sa.Select[tuple[int, str]]]


@dataclass(frozen=True)
class Narrow:
    """More conditions of a search. `role`, `unit` and `task` (words of its title) are those of the event's task.

    `record`: events that name it; `records`: any of these.
    """

    key: str | None = None
    plan_year: int | None = None
    role: str | None = None
    unit: str = ""
    task: str = ""
    since: datetime | None = None
    until: datetime | None = None
    record: int | None = None
    records: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Found:
    """`rows`, oldest first. `further`: the event before which there may be more, or None when all has been seen."""

    rows: list[sa.Row[Any]]
    further: int | None


@dataclass(frozen=True)
class _Asked:
    """Every condition as values that an index knows.

    `terms`: of each kind that is asked for, any of these. The events wanted are at least `first` and before `before`.
    """

    terms: dict[str, list[str]]
    instances: list[int] | None
    types: list[str] | None
    first: int | None
    before: int | None
    narrow: Narrow


@dataclass(frozen=True)
class _Newest:
    """The events from `first` on, which are not noted: by kind and value, the numbers of those that it finds."""

    first: int
    found_by: dict[tuple[str, str], set[int]]


def search(
    tx: Tx,
    instance_id: int | None,
    types: Sequence[str] | None,
    people: Sequence[str] | None,
    before: int | None,
    limit: int,
    narrow: Narrow,
) -> Found:
    """The newest `limit` events before event `before`."""
    tx.flush()
    newest = _newest_of(tx)
    asked = _asked(tx, newest, instance_id, types, people, narrow)
    if not all(asked.terms.values()) or [] in (asked.instances, asked.types):
        return Found([], None)
    rows = _one_by_one(tx, newest, asked, before, limit) if newest is not None else []
    if len(rows) == limit:
        return Found(rows, rows[0].id)
    found = _indexed(tx, _within(tx, asked, before, newest), limit - len(rows))
    return Found(found.rows + rows, found.further)


def _indexed(tx: Tx, asked: _Asked, limit: int) -> Found:
    seen: list[Found] = []
    for leader in _leaders(asked):
        for look in (FIRST_LOOK, LOOKED_AT):
            found = _look(tx, asked, leader, look, limit)
            if len(found.rows) == limit or found.further is None:
                return found
            seen.append(found)
    return min(seen, key=lambda found: found.further or 0)


def _newest_of(tx: Tx) -> _Newest | None:
    """None on PostgreSQL, where every event is noted."""
    if not tx.is_sqlite:
        return None
    first = unnoted(tx.scalar(sa.select(sa.func.max(audit_event.c.id))) or 0)
    found_by: dict[tuple[str, str], set[int]] = {}
    for told in tx.rows(sa.text(OF_EVENTS), {"first": first, "end": sys.maxsize}):
        found_by.setdefault((told.kind, str(told.value)), set()).add(told.event_id)
    return _Newest(first, found_by)


def _one_by_one(tx: Tx, newest: _Newest, asked: _Asked, before: int | None, limit: int) -> list[sa.Row[Any]]:
    """Those of the newest events that meet every condition, oldest first."""
    wanted = sa.select(audit_event).where(audit_event.c.id >= newest.first, *_of_event(asked, ""))
    if before is not None:
        wanted = wanted.where(audit_event.c.id < before)
    if asked.types is not None:
        wanted = wanted.where(audit_event.c.type.in_(asked.types))
    for kind in ("record", "person"):
        if kind in asked.terms:
            theirs = [newest.found_by.get((kind, value), set()) for value in asked.terms[kind]]
            wanted = wanted.where(audit_event.c.id.in_(sorted(set().union(*theirs))))
    return tx.rows(wanted.order_by(audit_event.c.id.desc()).limit(limit))[::-1]


def _asked(
    tx: Tx,
    newest: _Newest | None,
    instance_id: int | None,
    types: Sequence[str] | None,
    people: Sequence[str] | None,
    narrow: Narrow,
) -> _Asked:
    """The conditions, of the whole history; one that is met by nothing is an empty list."""
    terms: dict[str, list[str]] = {}
    if narrow.record is not None:
        terms["record"] = [str(narrow.record)]
    elif narrow.records is not None:
        terms["record"] = [str(record_id) for record_id in narrow.records]
    if people is not None:
        terms["person"] = list(people)
    if narrow.unit:
        terms["unit"] = _values_with(tx, newest, "unit", narrow.unit)
    if narrow.task:
        terms["task"] = _values_with(tx, newest, "task", narrow.task)
    if narrow.role is not None:
        terms["role"] = [narrow.role]
    instances = _instances(tx, instance_id, narrow)
    return _Asked(terms, instances, list(types) if types is not None else None, None, None, narrow)


def _within(tx: Tx, asked: _Asked, before: int | None, newest: _Newest | None) -> _Asked:
    """The same, of those events that are noted, within the page's and the period's numbers."""
    first, last = _bounds(tx, asked.narrow)
    ends = [end for end in (before, last, newest.first if newest is not None else None) if end is not None]
    return replace(asked, first=first, before=min(ends, default=None))


def _values_with(tx: Tx, newest: _Newest | None, kind: str, words: str) -> list[str]:
    """The values of that kind with these words somewhere, in whatever case."""
    unnoted_yet = [value for of_kind, value in newest.found_by if of_kind == kind] if newest is not None else []
    wanted = words.casefold()
    return [value for value in sorted({*values_of(tx, kind), *unnoted_yet}) if wanted in value.casefold()]


def values_of(tx: Tx, kind: str) -> list[str]:
    """Every value of that kind, by leaps through the index from each to the next."""
    following = sa.select(sa.func.min(audit_term.c.value)).where(audit_term.c.kind == kind)
    leap = following.cte("leap", recursive=True)
    further = following.where(audit_term.c.value > leap.c[0]).correlate(leap).scalar_subquery()
    leap = leap.union_all(sa.select(further).where(leap.c[0].is_not(None)))
    return [value for (value,) in tx.rows(sa.select(leap)) if value is not None]


def _instances(tx: Tx, instance_id: int | None, narrow: Narrow) -> list[int] | None:
    """The ones asked for; None for all, and for more than may lead (they are told apart row by row)."""
    if instance_id is not None:
        return [instance_id]
    told = _of_instance(narrow)
    if not told:
        return None
    found = tx.rows(sa.select(instance.c.id).where(*told).order_by(instance.c.id).limit(MOST_VALUES + 1))
    return [row.id for row in found] if len(found) <= MOST_VALUES else None


def _of_instance(narrow: Narrow) -> list[sa.ColumnElement[bool]]:
    pairs = ((instance.c.key, narrow.key), (instance.c.plan_year, narrow.plan_year))
    return [column == value for column, value in pairs if value is not None]


def _bounds(tx: Tx, narrow: Narrow) -> tuple[int | None, int | None]:
    """The first event that may be of the period, and one after all of its events; (…, 0) when it has none."""
    if narrow.since is None and narrow.until is None:
        return None, None
    since = narrow.since.strftime("%Y-%m") if narrow.since else ""
    until = narrow.until.strftime("%Y-%m") if narrow.until else "9999-12"
    months = [month for month in values_of(tx, "month") if since <= month <= until]
    if not months:
        return None, 0
    of_month = audit_term.c.kind == "month"
    ends = [
        tx.one(sa.select(edge(audit_term.c.event_id)).where(of_month, audit_term.c.value == month))
        for edge in (sa.func.min, sa.func.max)
        for month in months
    ]
    events = [int(end[0]) for end in ends if end is not None]
    return min(events), max(events) + BLOCK


def _leaders(asked: _Asked) -> list[_Leader]:
    """The conditions that can lead, what is likely to leave the fewest events first."""
    event, term = audit_event.c, audit_term.c
    by_event, by_term = (event.id.label("event_id"), event.type), (term.event_id, term.type)
    found = [
        _Leader(kind, [_newest(asked, by_term, term.kind == kind, term.value == value) for value in asked.terms[kind]])
        for kind in ("record", "person", "unit", "task", "role")
        if kind in asked.terms
    ]
    if asked.instances is not None:
        of_instances = [_newest(asked, by_event, event.instance_id == one) for one in asked.instances]
        found.insert(len(found) - ("role" in asked.terms), _Leader("instance", of_instances))
    if asked.types is not None and not set(asked.types) & set(EVERYDAY):
        of_types = [_newest(asked, by_term, term.kind == "type", term.value == one) for one in asked.types]
        found.append(_Leader("type", of_types))
    leading = [leader for leader in found if len(leader.ranges) <= MOST_VALUES]
    if not leading or (leading[0].kind == "type" and len(leading[0].ranges) > FEW_VALUES):
        leading.insert(0, _Leader("all", [_newest(asked, by_event)]))
    return leading


def _newest(asked: _Asked, columns: tuple[Any, Any], *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int, str]]:
    event_id = columns[0].element if isinstance(columns[0], sa.Label) else columns[0]
    wanted = sa.select(*columns).where(*conditions)
    if asked.before is not None:
        wanted = wanted.where(event_id < asked.before)
    if asked.first is not None:
        wanted = wanted.where(event_id >= asked.first)
    return wanted.order_by(event_id.desc())


def _look(tx: Tx, asked: _Asked, leader: _Leader, look: int, limit: int) -> Found:
    """Hold the newest `look` candidates of the leader, shared out over its values, against every condition."""
    size = max(look // len(leader.ranges), limit)
    ranges = [one.limit(size).subquery() for one in leader.ranges]
    alone = len(ranges) == 1
    # Below the end of a range that was cut off there may be events of its that are not looked at.
    cut = None if alone else _cut(tx, ranges, size)
    candidate = ranges[0] if alone else sa.union(*(sa.select(one) for one in ranges)).subquery()
    fitting = sa.select(candidate.c.event_id).where(*_of_candidate(asked, leader.kind, candidate))
    if cut is not None:
        fitting = fitting.where(candidate.c.event_id >= cut)
    if of_event := list(_of_event(asked, leader.kind)):
        fitting = fitting.join(audit_event, candidate.c.event_id == audit_event.c.id).where(*of_event)
    page = fitting.order_by(candidate.c.event_id.desc()).limit(limit).subquery()
    wanted = sa.select(audit_event).join(page, page.c.event_id == audit_event.c.id)
    rows = tx.rows(wanted.order_by(audit_event.c.id.desc()))
    if len(rows) == limit:
        return Found(rows[::-1], rows[-1].id)
    return Found(rows[::-1], _cut(tx, ranges, size) if alone else cut)


def _cut(tx: Tx, ranges: list[sa.Subquery], size: int) -> int | None:
    """The highest last event of the ranges that have more than was read of them."""
    ends = sa.union_all(*(sa.select(sa.func.count(), sa.func.min(one.c.event_id)).select_from(one) for one in ranges))
    found = [tuple(end) for end in tx.rows(ends)]
    return max((int(last) for count, last in found if count == size), default=None)


def _of_candidate(asked: _Asked, led_by: str, candidate: sa.Subquery) -> Iterator[sa.ColumnElement[bool]]:
    """What can be told without reading the event, beside the leader's condition."""
    if asked.types is not None:
        yield candidate.c.type.in_(asked.types)
    for kind in ("record", "person"):
        if kind in asked.terms and kind != led_by:
            same = sa.and_(audit_term.c.event_id == candidate.c.event_id, audit_term.c.kind == kind)
            yield sa.exists().where(same, audit_term.c.value.in_(asked.terms[kind]))


def _of_event(asked: _Asked, led_by: str) -> Iterator[sa.ColumnElement[bool]]:
    """What the event itself, its task and its instance must meet."""
    narrow, event, task = asked.narrow, audit_event.c, user_task.c
    of_task = [
        column.in_(asked.terms[kind])
        for kind, column in (("role", task.role), ("unit", task.unit_name), ("task", _titles()))
        if kind in asked.terms and kind != led_by
    ]
    if of_task:
        yield sa.exists().where(task.id == event.task_id, *of_task)
    if asked.instances is not None and led_by != "instance":
        yield event.instance_id.in_(asked.instances)
    if asked.instances is None and (told := _of_instance(narrow)):
        yield sa.exists().where(instance.c.id == event.instance_id, *told)
    if narrow.since is not None:
        yield event.occurred_at >= narrow.since
    if narrow.until is not None:
        yield event.occurred_at <= narrow.until


def _titles() -> sa.ColumnElement[str]:
    """A task's two titles, as its term has them."""
    return user_task.c.title_sv + "\n" + user_task.c.title_en
