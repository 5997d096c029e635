"""One person's due messages as one letter's content: what is missing, late, to do, to know.

Values in, values out: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from engine.outbox import Message
from engine.rules.calendar import civil_date
from engine.texts import Text
from notifications.plain import paragraphs, single_line

URGENCY = ("task_assigned", "take_over", "reminder", "overdue")  # of several about one task the last is kept
SECTIONS = ("escalation", "overdue", "reminder", "take_over", "task_assigned", "notice")


@dataclass(frozen=True)
class Place:
    """A unit that the task is for, and the page where it is done."""

    unit_name: str
    url: str
    vacant: bool


@dataclass(frozen=True)
class Entry:
    """One thing to say: a task with its units, or a notice with its paragraphs."""

    kind: str
    title: str
    due: date | None = None
    late: bool = False
    quick: str | None = None
    missing: int = 0
    missing_names: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    paragraphs: tuple[str, ...] = ()
    giver: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Digest:
    """All that one letter says. `left_out`: a task that somebody has answered meanwhile is not mentioned."""

    name: str
    locale: str
    entries: tuple[Entry, ...]
    left_out: bool
    inbox_url: str

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]


def digest(messages: Sequence[Message], *, now: datetime, public_url: str) -> Digest:
    """The letter's content, in the reader's language.

    Raises KeyError, TypeError or ValueError when a message's content is broken.
    """
    reader = messages[0]
    live = [message for message in messages if not message.settled]
    entries = [_entry(message, now, public_url.rstrip("/")) for message in _most_urgent(live)]
    return Digest(
        name=single_line(reader.name),
        locale="en" if reader.locale.startswith("en") else "sv",
        entries=tuple(_by_section(_same_task_of_several_units(entries))),
        left_out=len(live) < len(messages),
        inbox_url=public_url.rstrip("/") + "/",
    )


def _most_urgent(messages: Iterable[Message]) -> list[Message]:
    """Of an assignment, a reminder and an overdue notice about one task only the last one that matters."""
    kept: dict[object, Message] = {}
    for message in messages:
        about_work = message.kind in URGENCY and message.task_id is not None
        key: object = message.task_id if about_work else ("message", message.id)
        earlier = kept.get(key)
        if earlier is None or URGENCY.index(message.kind) >= URGENCY.index(earlier.kind):
            kept[key] = message
    return list(kept.values())


def _entry(message: Message, now: datetime, base: str) -> Entry:
    content, locale = message.content, message.locale
    if "body" in content:
        return Entry(
            kind="notice" if message.kind == "comment" else message.kind,
            title=_text(content["subject"], locale),
            paragraphs=tuple(paragraphs(Text(**content["body"]).in_locale(locale))),
            places=(_place(content, base),) if content.get("url_path") else (),
        )
    if message.kind == "escalation":
        return _reminder_of_others(message, now, base)
    return _own_task(message, now, base)


def _own_task(message: Message, now: datetime, base: str) -> Entry:
    content, locale = message.content, message.locale
    due_at = datetime.fromisoformat(content["due_at"])
    late = due_at < now
    return Entry(
        kind="overdue" if late else message.kind,
        title=_text(content["title"], locale),
        due=civil_date(due_at),
        late=late,
        quick=_text(content["quick"], locale) if content.get("quick") else None,
        places=(_place(content, base),),
        giver=single_line(content.get("giver") or ""),
        reason=single_line(content.get("reason") or ""),
    )


def _reminder_of_others(message: Message, now: datetime, base: str) -> Entry:
    """What others have not answered. A link only when it is one task; the answer is not this reader's to give."""
    content = message.content
    due_at = datetime.fromisoformat(content["due_at"])
    missing = content.get("missing") or []
    names = () if isinstance(missing, int) else tuple(single_line(name) for name in missing)
    number = missing if isinstance(missing, int) else len(names)
    return Entry(
        kind=message.kind,
        title=_text(content["title"], message.locale),
        due=civil_date(due_at),
        late=due_at < now,
        missing=number,
        missing_names=names,
        places=(_place(content, base),) if number <= 1 else (),
    )


def _place(content: dict[str, Any], base: str) -> Place:
    path = content["url_path"]
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a link of a mail leads into this installation")
    return Place(single_line(content["unit_name"]), base + single_line(path), bool(content.get("vacant")))


def _text(texts: dict[str, str], locale: str) -> str:
    return single_line(Text(**texts).in_locale(locale))


def _same_task_of_several_units(entries: Iterable[Entry]) -> list[Entry]:
    """A manager of three units reads of one task with three units."""
    merged: dict[Entry, list[Place]] = {}
    for entry in entries:
        merged.setdefault(replace(entry, places=()), []).extend(entry.places)
    return [replace(entry, places=tuple(places)) for entry, places in merged.items()]


def _by_section(entries: Iterable[Entry]) -> list[Entry]:
    """Sections in their order; inside one, what is due first stands first."""
    return sorted(entries, key=lambda entry: (SECTIONS.index(entry.kind), entry.due or date.max))
