"""A record's whole way told from the records, their links and the history: what the package's audit.toml asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from engine import contexts, cycles, deployments, feel, history, identity, records
from engine.errors import NotFound
from engine.feel import FeelError
from engine.rules.audit_model import INSTANCE, AuditLine, AuditPart
from engine.rules.calendar import civil_date
from engine.rules.packages import Package
from engine.rules.value_words import ValueWords
from engine.store.database import Tx
from engine.store.tables import instance, record
from engine.subjects import Subject, deployed_of, named, schema_title, state_words, types_with_page
from engine.texts import Text

MOST_EVENTS = 2_000


@dataclass(frozen=True)
class Told:
    """A sentence with the values to fill in (dates, numbers, texts), and the record it is told from.

    `mark`: good, waiting or bad, where the sentence says how it went for a need.
    """

    text: Text
    values: Mapping[str, Any]
    record_id: int | None
    mark: str | None = None


@dataclass(frozen=True)
class Part:
    """`failed`: an expression of the package met a record that it cannot read; what was told stands in `lines`."""

    id: str
    title: Text
    question: bool
    guideline: str
    lines: list[Told]
    failed: bool


@dataclass(frozen=True)
class Version:
    """One version of a record; `changes` are (field, old, new) against the version before."""

    number: int
    at: datetime
    by: str | None
    state: Text | None
    withdrawn: bool
    changes: list[tuple[Text, Any, Any]]


@dataclass(frozen=True)
class Inquiry:
    """All that is told about one record; `near` are the records that it is linked with."""

    subject: Subject
    parts: list[Part]
    versions: list[Version]
    near: list[Subject]


def subjects(tx: Tx, instance_id: int, now: datetime) -> list[Subject]:
    """The instance's records that have a page, withdrawn ones too, type by type. Raises NotFound."""
    package = deployed_of(tx, instance_id).package
    types = types_with_page(package)
    rows = tx.rows(
        sa.select(record).where(record.c.instance_id == instance_id, record.c.type.in_(types)).order_by(record.c.id)
    )
    found = named(package, rows, now)
    return sorted(found, key=lambda one: (types.index(one.type), one.record_id))


def inquiry(tx: Tx, record_id: int, now: datetime) -> Inquiry:
    """Raises NotFound, also when the package tells about records, but not of that type."""
    row = tx.one(sa.select(record).where(record.c.id == record_id))
    if row is None:
        raise NotFound(kind="record")
    deployed = deployed_of(tx, row.instance_id)
    package = deployed.package
    if row.type not in types_with_page(package):
        raise NotFound(kind="record")
    parts = package.audit.of(row.type)
    near = linked_rows(tx, record_id)
    context = context_of(tx, deployed, row.instance_id, row, near, parts, now)
    return Inquiry(
        named(package, [row], now)[0],
        [tell(package, part, context, now) for part in parts],
        _versions(tx, package, row),
        named(package, near, now),
    )


def of_instance(tx: Tx, instance_id: int, now: datetime) -> list[Part]:
    """What the package tells about the instance as a whole, for the report of departures. Raises NotFound."""
    deployed = deployed_of(tx, instance_id)
    parts = deployed.package.audit.of(INSTANCE)
    context = context_of(tx, deployed, instance_id, None, [], parts, now)
    return [tell(deployed.package, part, context, now) for part in parts]


def linked_rows(tx: Tx, record_id: int) -> list[Any]:
    """The current records with a link from or to this one, of whatever instance."""
    ids = {other for link in records.linked(tx, record_id) for other in (link.from_id, link.to_id)} - {record_id}
    wanted = sa.select(record).where(record.c.id.in_(sorted(ids)), record.c.withdrawn.is_(False))
    return tx.rows(wanted.order_by(record.c.id)) if ids else []


def context_of(
    tx: Tx,
    deployed: deployments.Deployed,
    instance_id: int,
    row: Any | None,
    near: list[Any],
    parts: Iterable[AuditPart],
    now: datetime,
) -> dict[str, Any]:
    """What the package's expressions read (workflows/README.md, "audit.toml")."""
    source = "\n".join(text for part in parts for line in part.lines for text in line.expressions())
    run = tx.one(sa.select(instance).where(instance.c.id == instance_id))
    assert run is not None
    context = contexts.of_instance(tx, deployed, contexts.instance_facts(run), now, source)
    known = deployed.package.records
    linked: dict[str, list[dict[str, Any]]] = {name: [] for name in known}
    for other in near:
        if other.type in known:
            linked[other.type].append(records.as_context(deployed.package, other, {}))
    context["linked"] = linked
    context["subject"] = records.as_context(deployed.package, row, {}) if row is not None else {"by": None}
    context["steps"] = {step.id: _step(step) for step in cycles.cycle(tx, instance_id, now).steps}
    context["events"] = _events(tx, instance_id, contexts.members(source, "events"))
    names: dict[str | None, str | None] = {None: None}
    lists = [context["linked"], context.get("records", {}), context.get("previous", {})]
    for one in [context["subject"], *(one for group in lists for found in group.values() for one in found)]:
        if one["by"] not in names:
            names[one["by"]] = identity.person_name(tx, one["by"])
        one["by_name"] = names[one["by"]]
    for one in [context["subject"], *(one for found in linked.values() for one in found)]:
        one.update(_since(tx, one["id"]) if "id" in one else {})
    return context


def _since(tx: Tx, record_id: int) -> dict[str, Any]:
    """The day (Europe/Stockholm) on which the record came into its present state, and who brought it there."""
    newest_first = records.versions(tx, record_id)[::-1]
    if not newest_first:
        raise NotFound(kind="record")
    state = newest_first[0].state
    first = [*takewhile(lambda version: version.state == state, newest_first)][-1]
    who = identity.person_name(tx, first.by) if first.by else None
    return {"since": civil_date(first.at), "since_by_name": who}


def _step(step: cycles.StepState) -> dict[str, Any]:
    return {
        "opens": _day(step.opens_at), "closes": _day(step.closes_at), "opened": _day(step.opened_at),
        "ended": _day(step.ended_at), "late": step.was_late, "state": step.state,
        "total": step.total, "answered": step.answered,
    }  # fmt: skip


def _events(tx: Tx, instance_id: int, types: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Events of the types that are read: day, person, element, and what the writer told as code and reason."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in types}
    if types:
        for event in history.timeline(tx, instance_id, types=types, limit=MOST_EVENTS):
            body = event.body
            found[event.type].append(
                {
                    "day": _day(event.occurred_at), "by_name": event.actor_name, "element": event.element_id,
                    "code": body.get("code"), "reason": body.get("reason"), "people": body.get("people"),
                }
            )  # fmt: skip
    return found


def _day(moment: datetime | None) -> Any:
    return civil_date(moment) if moment is not None else None


def tell(package: Package, part: AuditPart, context: Mapping[str, Any], now: datetime) -> Part:
    """The part's sentences that hold in that context."""
    lines: list[Told] = []
    failed = False
    for line in part.lines:
        try:
            lines += _told(package, line, context, now)
        except FeelError:
            failed = True
    return Part(part.id, part.title, part.question, part.guideline, lines, failed)


def _told(package: Package, line: AuditLine, context: Mapping[str, Any], now: datetime) -> list[Told]:
    rows = feel.evaluate(line.each, context, now=now) if line.each else [None]
    scopes = [{"row": row} for row in rows or [] if row is not None or not line.each]
    if line.when:
        jobs = [feel.Job(line.when, number) for number in range(len(scopes))]
        held = feel.run(jobs, context, scopes, now=now)
        scopes = [scope for scope, true in zip(scopes, held, strict=True) if true is True]
    asked = {**line.values, **({"": line.record} if line.record else {})}
    jobs = [feel.Job(expression, number) for number in range(len(scopes)) for expression in asked.values()]
    answers = iter(feel.run(jobs, context, scopes, now=now))
    told = []
    for _scope in scopes:
        values = {name: next(answers) for name in asked}
        source = values.pop("", None)
        told.append(Told(line.text, {name: _word(package, name, values[name]) for name in values}, source, line.mark))
    return told


def _word(package: Package, name: str, value: Any) -> Any:
    words = package.audit.words.get(name, {})
    if isinstance(value, list):
        return [_word(package, name, one) for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def _versions(tx: Tx, package: Package, row: Any) -> list[Version]:
    schema = package.records.get(row.type, {})
    fields = schema.get("properties", {})
    words = ValueWords(package)
    found: list[Version] = []
    before: dict[str, Any] = {}
    for version in records.versions(tx, row.id):
        changes = [
            (
                schema_title(fields.get(name, {}), name),
                words.value(name, before.get(name), type_=row.type),
                words.value(name, version.values.get(name), type_=row.type),
            )
            for name in [*version.values, *(name for name in before if name not in version.values)]
            if before.get(name) != version.values.get(name)
        ]
        by = identity.person_name(tx, version.by) if version.by else None
        state = state_words(schema, version.state)
        found.append(Version(version.version, version.at, by, state, version.withdrawn, changes))
        before = version.values
    return found
