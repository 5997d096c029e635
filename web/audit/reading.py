"""What the history pages show: events as sentences with their details."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from flask import request

from engine import access_log, history, identity, instances, subjects
from engine.history import Event, Narrow
from engine.rules import calendar, value_words
from engine.store.database import Tx
from engine.subjects import Subject
from web import dates
from web.audit import kinds
from web.audit.naming import Names
from web.audit.sentences import sentence
from web.audit.wording import Titles
from web.context import actor, database, in_words, now
from web.words import gettext as _

PAGE = 50
LONGEST_QUESTION = 100
MOST_NAMESAKES = 50
NARROWING = ("about", "process", "year", "role", "unit", "task", "since", "until")


@dataclass(frozen=True)
class Change:
    """A field by what it is called; `old` and `new` in words (`engine.rules.value_words`)."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Line:
    """One event as it is read. `about`: the record that it concerns."""

    event: Event
    said: str
    reason: str
    plan: str
    changes: list[Change]
    about: Subject | None
    details: str


@dataclass(frozen=True)
class Question:
    """What the reader asked for: kinds, a person's name, events before one, and what `asked_for` holds as written."""

    kinds: list[str]
    person: str
    before: int | None
    asked_for: dict[str, str]

    @property
    def narrows(self) -> bool:
        """Whether it is another question than the one that a reader begins with."""
        return bool(self.person or self.asked_for) or set(self.kinds) != set(kinds.chosen([]))

    def query(self) -> dict[str, Any]:
        """For the address of another page of the same answer."""
        return {"kind": self.kinds, "person": self.person or None, **self.asked_for}


@dataclass(frozen=True)
class Answer:
    """`older`: the event to ask before for the page of older ones, or None. `cut`: the search stopped for the time
    that it takes, not because the page is full. `titles`: of what the lines' details name."""

    lines: list[Line]
    titles: Titles
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


def narrowed(tx: Tx, question: Question) -> Narrow:
    """What cannot be read as a year or a day is left out."""
    told = question.asked_for
    since, until = a_date(told.get("since")), a_date(told.get("until"))
    return Narrow(
        key=told.get("process"),
        plan_year=a_year(told.get("year", "")),
        role=told.get("role"),
        unit=told.get("unit", ""),
        task=told.get("task", ""),
        since=calendar.start_of(since) if since else None,
        until=calendar.end_of(until) if until else None,
        records=tuple(subjects.called(tx, told["about"])) if "about" in told else None,
    )


def unread(question: Question) -> list[str]:
    """The conditions that say no year or no day, which the answer is therefore not narrowed by."""
    told = question.asked_for
    found: list[str] = [name for name in ("since", "until") if name in told and a_date(told[name]) is None]
    if "year" in told and a_year(told["year"]) is None:
        found.append("year")
    return found


def a_year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


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
        narrow=narrowed(tx, question),
    )
    if len(found.events) > limit:
        shown = found.events[1:]
        return answered(tx, shown, shown[0].id, cut=False)
    return answered(tx, found.events, found.further, cut=found.further is not None)


def answered(tx: Tx, events: list[Event], older: int | None, *, cut: bool) -> Answer:
    found = lines(tx, events)
    told = (value for each in found for change in each.changes for value in (change.old, change.new))
    return Answer(found, Titles(tx, told), older, cut)


def people_called(tx: Tx, text: str) -> list[str]:
    wanted = text.casefold()
    return [person.id for person in identity.people(tx) if wanted in person.name.casefold()][:MOST_NAMESAKES]


def lines(tx: Tx, events: list[Event]) -> list[Line]:
    names = Names(tx)
    for instance_id in {event.instance_id for event in events if event.instance_id is not None}:
        names.know(instances.label(tx, instance_id))
    about = (event.body.get("record") for event in events)
    names.subjects = subjects.by_id(tx, (record_id for record_id in about if isinstance(record_id, int)), now())
    return [line(event, names) for event in events]


def line(event: Event, names: Names) -> Line:
    reason = event.body.get("reason")
    return Line(
        event,
        sentence(event, names),
        str(reason) if reason else "",
        names.plan(event.instance_id),
        changes(event, names),
        names.subject(event.body.get("record")),
        json.dumps(event.body, ensure_ascii=False, indent=2, sort_keys=True),
    )


def changes(event: Event, names: Names) -> list[Change]:
    """Of a record that was made or changed what is said of it now; of an answer what was answered; of an escalation
    whose answers were missing.
    """
    if event.type == "escalated":
        return [Change(_("Svar saknades från"), None, "; ".join(event.body.get("units") or []))]
    words = names.words(event.instance_id)
    if words is None:
        return []
    if event.type in ("task_completed", "task_harvested"):
        answer = event.body.get("answer")
        told = words.of_answer(str(event.body.get("form")), answer) if isinstance(answer, Mapping) else []
        return [Change(in_words(label), None, value) for label, value in told if not value_words.is_empty(value)]
    new, old, type_ = event.body.get("new"), event.body.get("old"), str(event.body.get("type"))
    if not isinstance(new, Mapping):
        return []
    before = old if isinstance(old, Mapping) else {}
    return [
        Change(
            in_words(words.label(name, type_=type_)),
            words.value(name, before.get(name), type_=type_),
            words.value(name, value, type_=type_),
        )
        for name, value in new.items()
        if not (value_words.is_empty(value) and value_words.is_empty(before.get(name)))
    ]


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
            ", ".join(each.event.erased),
        ]
        for each in found
    ]
