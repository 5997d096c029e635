"""What an instance uses of its definition, and what of it a newer one lacks or has changed. Looks only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import bpmn
from engine.deployments import Deployed
from engine.operations.common import listed, name_of, sentence
from engine.running import Run, evaluator
from engine.store.database import Tx
from engine.store.tables import activity, record, user_task
from engine.texts import Text


def obstacles(tx: Tx, run: Run, new: Deployed) -> list[Text]:
    """Everything that the instance uses and the newer definition cannot hold, a sentence for each kind."""
    found = []
    lost = [e for e in _visited(tx, run.id) if not _is_same_task(run.deployed, new, e)]
    if lost:
        found.append(
            sentence(
                "{name} har kommit till uppgifter som den nya versionen saknar eller har gjort om: {lost}.",
                "{name} has come to tasks that the new version lacks or has remade: {lost}.",
                name=name_of(run), lost=listed([run.deployed.element_name(e) for e in lost]),
            )
        )  # fmt: skip
    try:
        adopted(run, new, run.now)
    except bpmn.BpmnError as fault:
        places = fault.detail or fault.element_id or new.key
        found.append(
            sentence(
                "{name} väntar vid ställen som den nya versionen saknar eller har gjort om: {places}.",
                "{name} waits at places that the new version lacks or has remade: {places}.",
                name=name_of(run), places=places,
            )
        )  # fmt: skip
    forms = set(_distinct(tx, user_task.c.form, user_task.c.instance_id == run.id)) - set(new.package.forms)
    types = set(_distinct(tx, record.c.type, record.c.instance_id == run.id)) - set(new.package.records)
    follow_ons = set(_distinct(tx, user_task.c.follow_on, user_task.c.instance_id == run.id)) - {
        None,
        *new.package.follow_on,
    }
    for missing, sv, en in (
        (forms, "formulär", "forms"),
        (types, "slag av underlag", "kinds of records"),
        (follow_ons, "följduppgifter", "follow-on tasks"),
    ):
        if missing:
            found.append(
                sentence(
                    "{name} använder {what} som den nya versionen saknar: {missing}.",
                    "{name} uses {what} that the new version lacks: {missing}.",
                    name=name_of(run), what=Text(sv, en), missing=listed(sorted(missing)),
                )
            )  # fmt: skip
    return found


def adopted(run: Run, new: Deployed, now: datetime) -> bpmn.Execution:
    """The instance's execution under the newer diagram. Raises bpmn.BpmnError."""
    evaluate = evaluator(new, run.plan_year, now)
    return bpmn.adopt(new.model, run.deployed.model, run.execution.dump(), evaluate)


def _visited(tx: Tx, instance_id: int) -> list[str]:
    return _distinct(tx, activity.c.element_id, activity.c.instance_id == instance_id)


def _is_same_task(old: Deployed, new: Deployed, element_id: str) -> bool:
    return (
        element_id in new.tasks
        and old.model.element(element_id).multi == new.model.element(element_id).multi
        and new.tasks[element_id].step in {step.id for step in new.package.steps}
    )


def _distinct(tx: Tx, column: sa.ColumnElement[Any], where: sa.ColumnElement[bool]) -> list[Any]:
    return [row[0] for row in tx.rows(sa.select(column).where(where).distinct().order_by(column))]
