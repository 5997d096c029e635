"""What the history pages show: events as sentences with their details."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from flask import request

from engine import access_log, history, identity, instances
from engine.history import Event, Narrow
from engine.rules import calendar
from engine.store.database import Tx
from web import dates
from web.audit import kinds
from web.audit.naming import Names
from web.audit.sentences import sentence
from web.context import actor, database
from web.words import gettext as _

PAGE = 50
LONGEST_QUESTION = 100
MOST_NAMESAKES = 50
NARROWING = ("process", "year", "role", "unit", "task", "since", "until")


@dataclass(frozen=True)
class Line:
    """One event as it is read."""

    event: Event
    said: str
    reason: str
    plan: str
    changes: list[tuple[str, str, str]]
    details: str


@dataclass(frozen=True)
class Question:
    """What the reader asked for: kinds, a person's name, events before one, and what `asked_for` holds as written."""

    kinds: list[str]
    person: str
    before: int | None
    asked_for: dict[str, str]

    def query(self) -> dict[str, Any]:
        """For the address of another page of the same answer."""
        return {"kind": self.kinds, "person": self.person or None, **self.asked_for}


@dataclass(frozen=True)
class Answer:
    """`older`: the event to ask before for the page of older ones, or None. `cut`: the search stopped for the time
    that it takes, not because the page is full."""

    lines: list[Line]
    older: int | None
    cut: bool


def asked() -> Question:
    before = request.args.get("before", "")
    return Question(
        kinds.chosen(request.args.getlist("kind")),
        request.args.get("person", "").strip()[:LONGEST_QUESTION],
        int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        {name: text for name in NARROWING if (text := request.args.get(name, "").strip()[:LONGEST_QUESTION])},
    )


def narrowed(question: Question) -> Narrow:
    """What cannot be read as a year or a day is left out."""
    told = question.asked_for
    year = told.get("year", "")
    since, until = a_date(told.get("since")), a_date(told.get("until"))
    return Narrow(
        key=told.get("process"),
        plan_year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        role=told.get("role"),
        unit=told.get("unit", ""),
        task=told.get("task", ""),
        since=calendar.start_of(since) if since else None,
        until=calendar.end_of(until) if until else None,
    )


def a_date(text: str | None) -> date | None:
    return calendar.typed_day(text) if text else None


def note_reading(target: str) -> None:
    """Who reads the history is itself kept, in the access log."""
    with database().verb() as tx:
        access_log.note(tx, actor().person_id, "read_history", target, "200", request.remote_addr)


def find(tx: Tx, question: Question, instance_id: int | None, limit: int = PAGE) -> Answer:
    """The newest events that fit, oldest of them first."""
    found = history.search(
        tx,
        instance_id=instance_id,
        types=kinds.types_of(question.kinds),
        people=people_called(tx, question.person) if question.person else None,
        before=question.before,
        limit=limit + 1,
        narrow=narrowed(question),
    )
    if len(found.events) > limit:
        shown = found.events[1:]
        return Answer(lines(tx, shown), shown[0].id, cut=False)
    return Answer(lines(tx, found.events), found.further, cut=found.further is not None)


def people_called(tx: Tx, text: str) -> list[str]:
    wanted = text.casefold()
    return [person.id for person in identity.people(tx) if wanted in person.name.casefold()][:MOST_NAMESAKES]


def lines(tx: Tx, events: list[Event]) -> list[Line]:
    names = Names(tx)
    for instance_id in {event.instance_id for event in events if event.instance_id is not None}:
        names.know(instances.label(tx, instance_id))
    return [line(event, names) for event in events]


def line(event: Event, names: Names) -> Line:
    reason = event.body.get("reason")
    return Line(
        event,
        sentence(event, names),
        str(reason) if reason else "",
        names.plan(event.instance_id),
        list(changes(event, names)),
        json.dumps(event.body, ensure_ascii=False, indent=2, sort_keys=True),
    )


def changes(event: Event, names: Names) -> list[tuple[str, str, str]]:
    """(field, old, new) of a record that was made or changed; an answer's fields as (field, "", value)."""
    new, old = event.body.get("new"), event.body.get("old")
    if event.type in ("task_completed", "task_harvested"):
        new, old = event.body.get("answer"), {}
    if not isinstance(new, Mapping):
        return []
    before = old if isinstance(old, Mapping) else {}
    return [
        (names.field(event.instance_id, name), plain(before.get(name)), plain(value)) for name, value in new.items()
    ]


def plain(value: Any) -> str:
    """A value as a reader sees it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, (list, Mapping)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def as_rows(found: list[Line]) -> list[list[str]]:
    """For the CSV file: times in UTC and as the reader says them."""
    return [
        [
            str(each.event.id),
            each.event.occurred_at.astimezone(UTC).isoformat(),
            dates.moment(each.event.occurred_at),
            each.event.type,
            each.said,
            each.event.actor_name or "",
            each.reason,
        ]
        for each in found
    ]
