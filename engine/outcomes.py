"""What became of the records that an answer made, told to whoever may read the answer: what audit.toml says to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import deployments, inquiries, reach, records
from engine.actor import Actor
from engine.inquiries import Told
from engine.rules.audit_model import ANSWERER, AuditPart
from engine.store.database import Tx
from engine.subjects import Subject, deployed_of, named
from engine.texts import Text


@dataclass(frozen=True)
class Became:
    """One record: how it went in a word each (`marks`), then the sentences.

    `failed`: an expression of the package met a record that it cannot read; what was told stands.
    """

    subject: Subject
    marks: list[Told]
    lines: list[Told]
    failed: bool


@dataclass(frozen=True)
class Outcome:
    """A heading of the package's, and each record that it is about."""

    title: Text
    became: list[Became]


def of_task(tx: Tx, task_id: int, actor: Actor, now: datetime) -> list[Outcome]:
    """What is told of the records that the task's answer made; nothing when the package tells nothing.

    Raises NotFound when the actor may not see the task.
    """
    task, _how = reach.visible_task(tx, task_id, actor, now)
    if task.state != "completed":
        return []
    deployed = deployed_of(tx, task.instance_id)
    made = records.of_any_type(tx, task_id)
    parts = [
        part for type_ in dict.fromkeys(row.type for row in made) for part in deployed.package.audit.of(type_, ANSWERER)
    ]
    return [_outcome(tx, deployed, part, [row for row in made if row.type == part.of], now) for part in parts]


def _outcome(tx: Tx, deployed: deployments.Deployed, part: AuditPart, made: list[Any], now: datetime) -> Outcome:
    names = named(deployed.package, made, now)
    told = [_became(tx, deployed, part, row, name, now) for row, name in zip(made, names, strict=True)]
    return Outcome(part.title, told)


def _became(
    tx: Tx, deployed: deployments.Deployed, part: AuditPart, row: Any, subject: Subject, now: datetime
) -> Became:
    near = inquiries.linked_rows(tx, row.id)
    context = inquiries.context_of(tx, deployed, row.instance_id, row, near, [part], now)
    told = inquiries.tell(deployed.package, part, context, now)
    marks = [line for line in told.lines if line.mark]
    return Became(subject, marks, [line for line in told.lines if not line.mark], told.failed)
