"""What a package's audit.toml says: the sentences that tell a record's way, and the questions an auditor asks of it.

Some parts are for another reader: whoever answered the task that made the record is told what became of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.rules.form_model import feel_of, text_of
from engine.texts import Text

INSTANCE = "instance"
AUDITOR, ANSWERER = "auditor", "answerer"
READERS = (AUDITOR, ANSWERER)
MARKS = ("good", "waiting", "bad")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A sentence for each row of `each` (or one) for which `when` is true; `record` is the id of its source.

    `mark` (one of MARKS): the line says in a word how it went.
    """

    each: str | None
    when: str | None
    values: Mapping[str, str]
    text: Text
    record: str | None
    mark: str | None

    def expressions(self) -> Iterator[str]:
        yield from (expression for expression in (self.each, self.when, self.record) if expression)
        yield from self.values.values()


@dataclass(frozen=True, slots=True)
class AuditPart:
    """A heading of the page of records of type `of`, or of an instance's report of departures (INSTANCE).

    A question is one that its lines answer; `guideline` is the paragraph that a part of the report is about.
    `reader` is one of READERS.
    """

    id: str
    of: str
    title: Text
    question: bool
    guideline: str
    reader: str
    lines: tuple[AuditLine, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """`words`: what a value is called, by the name of the value and then by the value itself."""

    words: Mapping[str, Mapping[str, Text]]
    parts: tuple[AuditPart, ...]

    def of(self, type_: str, reader: str = AUDITOR) -> tuple[AuditPart, ...]:
        return tuple(part for part in self.parts if part.of == type_ and part.reader == reader)

    def types(self) -> tuple[str, ...]:
        """The record types that have a page, in the order of the file."""
        return tuple(dict.fromkeys(p.of for p in self.parts if p.of != INSTANCE and p.reader == AUDITOR))


def parse_audit(content: bytes | None) -> Audit:
    """From a file that lint_audit has nothing against; without a file nothing is told."""
    data = tomllib.loads(content.decode("utf-8")) if content is not None else {}
    return Audit(
        words={
            name: {value: Text(text["sv"], text["en"]) for value, text in words.items()}
            for name, words in data.get("words", {}).items()
        },
        parts=tuple(_part(part) for part in data.get("part", [])),
    )


def _part(data: Mapping[str, Any]) -> AuditPart:
    return AuditPart(
        data["id"],
        data["of"],
        text_of(data, "title"),
        bool(data.get("question", False)),
        str(data.get("guideline", "")),
        str(data.get("reader", AUDITOR)),
        tuple(_line(line) for line in data.get("lines", [])),
    )


def _line(data: Mapping[str, Any]) -> AuditLine:
    return AuditLine(
        feel_of(data.get("each")),
        feel_of(data.get("when")),
        {name: str(feel_of(value)) for name, value in data.get("values", {}).items()},
        text_of(data, "text"),
        feel_of(data.get("record")),
        data.get("mark"),
    )
