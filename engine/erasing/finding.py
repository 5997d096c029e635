"""Every place where a text stands: what would be written in its place, and what stays and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.erasing.file_texts import READABLE, words_of
from engine.erasing.matching import pattern_of, runs_of, without
from engine.erasing.places import PLACES, Place
from engine.errors import InvalidInput
from engine.records import check_values
from engine.store import tables as t
from engine.store.database import Tx
from engine.store.types import Json


@dataclass(frozen=True)
class Found:
    """One row with the text. `new`: its columns without it. `stays`: why it cannot be erased; None when it can."""

    place: Place
    row: dict[str, Any]
    new: dict[str, Any]
    excerpts: list[str]
    stays: str | None

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(self.row[column.name] for column in self.place.table.primary_key)


def find(tx: Tx, text: str, mark: str) -> list[Found]:
    """In the order of PLACES; files whose content has the text come with those whose name has it."""
    tx.flush()
    pattern, runs = pattern_of(text), runs_of(text)
    found = [one for place in PLACES for one in _in_place(tx, place, pattern, runs, mark)]
    named = {one.key for one in found if one.place.kind == "file"}
    return found + [one for one in _in_files(tx, pattern) if one.key not in named]


def _in_place(tx: Tx, place: Place, pattern: re.Pattern[str], runs: list[str], mark: str) -> Iterator[Found]:
    columns = [place.table.c[name] for name in place.columns]
    wanted = sa.select(place.table).order_by(*place.table.primary_key)
    if runs:
        wanted = wanted.where(sa.or_(*(_has_all(_as_text(column), runs) for column in columns)))
    for row in map(dict, tx.execute(wanted).mappings().all()):
        new: dict[str, Any] = {}
        excerpts: list[str] = []
        for column in columns:
            value, around = _column_without(place, column, row[column.name], pattern, mark)
            if around:
                new[column.name] = value
                # A mail is shown as its text: the same words stand among marks in its HTML.
                excerpts += [] if column.name == "html" and excerpts else around
        if excerpts:
            yield Found(place, row, new, excerpts, place.stays or _why_it_stays(tx, place, row, new))


def _has_all(text: sa.ColumnElement[Any], runs: list[str]) -> sa.ColumnElement[bool]:
    return sa.and_(*(text.icontains(run, autoescape=True) for run in runs))


def _as_text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(column, sa.Text) if isinstance(column.type, Json) else column


def _column_without(
    place: Place, column: sa.Column[Any], value: Any, pattern: re.Pattern[str], mark: str
) -> tuple[Any, list[str]]:
    """A value of the history is JSON in a column of text; a text is cut to what its column holds."""
    if place.table is t.personal_value:
        if value is None:
            return value, []
        new, around = without(json.loads(value), pattern, mark)
        return new, around
    new, around = without(value, pattern, mark)
    longest = getattr(column.type, "length", None)
    return (new[:longest] if longest and isinstance(new, str) else new), around


def _why_it_stays(tx: Tx, place: Place, row: dict[str, Any], new: dict[str, Any]) -> str | None:
    """Names of people who work here are the organisation's; a word of a form's choices is no personal text."""
    if place.table is t.person:
        return "active" if row["active"] else None
    if place.table is t.account:
        active = tx.scalar(sa.select(t.person.c.active).where(t.person.c.id == row["person_id"]))
        return "active" if active else None
    if place.table is t.personal_value and row["field"] == "person.name":
        named = sa.select(t.person.c.id).where(t.person.c.name == json.loads(row["value"]), t.person.c.active.is_(True))
        return "active" if tx.one(named.limit(1)) is not None else None
    if place.table is t.record:
        definition_id = tx.scalar(sa.select(t.instance.c.definition_id).where(t.instance.c.id == row["instance_id"]))
        package = deployments.load(tx, definition_id).package
        try:
            check_values(package, row["type"], new["values"])
        except InvalidInput:
            return "choice"
    return None


def _in_files(tx: Tx, pattern: re.Pattern[str]) -> Iterator[Found]:
    """One file at a time: together they may be larger than the memory."""
    place = next(place for place in PLACES if place.kind == "file")
    listed = sa.select(t.attachment).where(t.attachment.c.name.is_not(None), t.attachment.c.kind.in_(READABLE))
    for row in map(dict, tx.execute(listed.order_by(t.attachment.c.id)).mappings().all()):
        content = tx.scalar(
            sa.select(t.attachment_content.c.content).where(t.attachment_content.c.attachment_id == row["id"])
        )
        _new, excerpts = without(words_of(row["kind"], content), pattern, "") if content is not None else (None, [])
        if excerpts:
            yield Found(place, row, {}, excerpts, None)
