"""A deployed diagram as it was drawn, and where an instance stands in it, element by element."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments, flows, incidents
from engine.cycles import ActivityState, Cycle
from engine.errors import NotFound
from engine.running import Run, peek
from engine.store.database import Tx
from engine.store.tables import audit_event, definition

SHOWN = frozenset(
    {"startEvent", "userTask", "subProcess", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent"}
)


@dataclass(frozen=True)
class DrawnElement:
    """`state`: coming (not reached), on_demand (only an event begins it), active, late, done, skipped (the process went
    another way). `since`: when it came there. `following`: what is next.

    `answered` of `total` tasks of the step have been; 0 of 0 where there are none. `failed`: a technical fault is open.
    """

    id: str
    name: str
    kind: str
    lane: str | None
    state: str
    since: datetime | None
    waiting_for: list[str]
    following: list[str]
    answered: int
    total: int
    failed: bool


@dataclass(frozen=True)
class DrawnInstance:
    """The elements that people talk about and those with a fault, in the order of the flow."""

    definition_id: int
    elements: list[DrawnElement]

    def with_state(self, state: str) -> list[str]:
        return [element.id for element in self.elements if element.state == state]

    @property
    def failed(self) -> list[str]:
        return [element.id for element in self.elements if element.failed]


def xml(tx: Tx, definition_id: int) -> bytes:
    """The diagram's file. Raises NotFound."""
    row = tx.one(sa.select(definition.c.key, definition.c.package).where(definition.c.id == definition_id))
    if row is None:
        raise NotFound(kind="definition")
    return deployments.unpack(row.package)[f"{row.key}.bpmn"]


def of_instance(tx: Tx, cycle: Cycle, now: datetime) -> DrawnInstance:
    """Raises NotFound."""
    run = peek(tx, cycle.instance_id, now=now)
    live = _live(run)
    reached = _reached(tx, cycle.instance_id)
    work = {a.element_id: a for step in cycle.steps for a in step.activities}
    model = run.deployed.model
    ahead = flows.ahead(model, live)
    following, failed = _following(run.deployed), incidents.places(tx, cycle.instance_id)
    found = []
    for element_id in model.order():
        element = model.element(element_id)
        if (element.kind not in SHOWN or not element.name) and element_id not in failed:
            continue
        own = work.get(element_id)
        found.append(
            DrawnElement(
                element_id,
                element.name or element_id,
                element.kind,
                element.lane,
                _state(element_id, own, live, reached, ahead),
                (own.opened_at if own else None) or reached.get(element_id),
                own.waiting_for if own else [],
                following.get(element_id, []),
                own.answered if own else 0,
                own.total if own else 0,
                element_id in failed,
            )
        )
    return DrawnInstance(run.deployed.id, found)


def _live(run: Run) -> set[str]:
    """Where a token waits; a start event that may still be triggered is not under way."""
    if run.state in ("completed", "cancelled"):
        return set()
    waits = {wait.element_id for wait in run.execution.waits()}
    return {element_id for element_id in waits if run.deployed.model.element(element_id).kind != "startEvent"}


def _reached(tx: Tx, instance_id: int) -> dict[str, datetime]:
    """When each element was last entered; of one that was only left, when that was."""
    moves = audit_event.c.type.in_(("element_entered", "element_left"))
    last = sa.func.max(audit_event.c.occurred_at).label("at")
    rows = tx.rows(
        sa.select(audit_event.c.element_id, audit_event.c.type, last)
        .where(audit_event.c.instance_id == instance_id, moves)
        .group_by(audit_event.c.element_id, audit_event.c.type)
        .order_by(audit_event.c.type.desc())
    )
    return {row.element_id: row.at for row in rows}


def _state(
    element_id: str, own: ActivityState | None, live: set[str], reached: Container[str], ahead: Mapping[str, str]
) -> str:
    if own is not None and own.late:
        return "late"
    if own is not None and own.state == "coming":
        return "coming"
    if element_id in live:
        return "active"
    if element_id in reached or (own is not None and own.ended_at):
        return "done"
    return ahead.get(element_id, "skipped")


def _following(deployed: deployments.Deployed) -> dict[str, list[str]]:
    """The names of the next named elements of each, past gateways."""
    targets: dict[str, list[str]] = defaultdict(list)
    for _id, source, target, _name, _condition in deployed.model.flows:
        targets[source].append(target)
    return {source: _names(deployed, targets, source) for source in targets}


def _names(deployed: deployments.Deployed, targets: dict[str, list[str]], source: str) -> list[str]:
    names: list[str] = []
    seen, ahead = {source}, list(targets[source])
    while ahead:
        element_id = ahead.pop(0)
        if element_id in seen:
            continue
        seen.add(element_id)
        element = deployed.model.element(element_id)
        if element.kind in SHOWN and element.name:
            names.append(element.name)
        else:
            ahead.extend(targets.get(element_id, []))
    return names
