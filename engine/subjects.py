"""Records by name: what their type, themselves and their state are called, as the package says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments, feel, records
from engine.errors import NotFound
from engine.feel import FeelError
from engine.rules.packages import Package
from engine.store.database import Tx
from engine.store.tables import instance, record
from engine.texts import Text

MOST_CALLED = 200
LOOKED_AT = 20_000

_NAME = re.compile(r"[a-z]\w*")


@dataclass(frozen=True)
class Subject:
    """A record by name. `has_page`: an auditor can read about records of its type."""

    record_id: int
    instance_id: int
    type: str
    type_name: Text
    title: str
    state: Text | None
    withdrawn: bool
    unit_name: str | None
    has_page: bool


def named(package: Package, rows: Iterable[Any], now: datetime) -> list[Subject]:
    """The rows of one package's records by name, in their order."""
    return [_subject(package, row, now) for row in rows]


def by_id(tx: Tx, record_ids: Iterable[int], now: datetime) -> dict[int, Subject]:
    """Those of the records that exist, of whatever instance."""
    wanted = sorted(set(record_ids))
    if not wanted:
        return {}
    rows = tx.rows(
        sa.select(record, instance.c.definition_id)
        .join(instance, instance.c.id == record.c.instance_id)
        .where(record.c.id.in_(wanted))
    )
    return {row.id: _subject(deployments.load(tx, row.definition_id).package, row, now) for row in rows}


def called(tx: Tx, words: str) -> list[int]:
    """Ids of the newest records (MOST_CALLED) that an auditor is told about and that have these words in their name.

    Among the LOOKED_AT newest records of all.
    """
    wanted = words.casefold()
    found: list[int] = []
    newest = sa.select(record.c.id, record.c.type, record.c.key, record.c["values"]).order_by(record.c.id.desc())
    for row in tx.rows(newest.limit(LOOKED_AT)):
        fields = _title_fields(deployments.latest(tx, row.key).package, row.type)
        if any(wanted in str(row.values.get(name) or "").casefold() for name in fields):
            found.append(row.id)
            if len(found) == MOST_CALLED:
                break
    return found


def types_with_page(package: Package) -> tuple[str, ...]:
    """Those that the package tells about; all of them when it has no audit.toml, with their versions and links."""
    return package.audit.types() or tuple(package.records)


def _title_fields(package: Package, type_: str) -> set[str]:
    """The fields that a record of the type is called by; none for a type without a page."""
    if type_ not in types_with_page(package):
        return set()
    schema = package.records.get(type_, {})
    return set(_NAME.findall(str(schema.get("x-title", "")))) & set(schema.get("properties", {}))


def deployed_of(tx: Tx, instance_id: int) -> deployments.Deployed:
    """The definition that the instance follows. Raises NotFound."""
    definition_id = tx.scalar(sa.select(instance.c.definition_id).where(instance.c.id == instance_id))
    if definition_id is None:
        raise NotFound(kind="instance")
    return deployments.load(tx, definition_id)


def _subject(package: Package, row: Any, now: datetime) -> Subject:
    schema = package.records.get(row.type, {})
    title = str(row.id)
    if schema.get("x-title"):
        try:
            title = str(feel.evaluate(schema["x-title"], records.as_context(package, row, {}), now=now) or row.id)
        except FeelError:
            title = str(row.id)
    return Subject(
        row.id, row.instance_id, row.type, schema_title(schema, row.type), title, state_words(schema, row.state),
        row.withdrawn, row.unit_name, row.type in types_with_page(package),
    )  # fmt: skip


def schema_title(schema: Mapping[str, Any], otherwise: str) -> Text:
    sv = schema.get("title", otherwise)
    return Text(sv, schema.get("title_en", sv))


def state_words(schema: Mapping[str, Any], state: str | None) -> Text | None:
    words = schema.get("x-states", {}).get(state)
    return Text(words["sv"], words["en"]) if words else (Text(state, state) if state else None)
