"""A locked instance with its execution loaded, and the one place that puts an advanced diagram back into rows."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from engine import bpmn, deployments, feel, history, incidents
from engine.actor import SYSTEM, Actor
from engine.contexts import InstanceFacts, base
from engine.errors import InstanceDamaged, NotFound, NotPossible
from engine.rules.calendar import Window
from engine.step_windows import Windows
from engine.store.database import Tx
from engine.store.queries import instances as rows


@dataclass
class Run:
    """One instance: under its lock with its execution (`lock`), only looked at (`look`), or held as it is (`share`)."""

    id: int
    key: str
    plan_year: int
    business_key: str
    state: str
    deployed: deployments.Deployed
    held: bpmn.Execution | None
    by: Actor
    now: datetime
    windows: MutableMapping[str, Window] = field(default_factory=dict)
    seen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def execution(self) -> bpmn.Execution:
        """Raises NotPossible when the instance is not locked by this transaction."""
        if self.held is None:
            raise NotPossible(reason="not_locked")
        return self.held

    @property
    def chain(self) -> str:
        return f"i:{self.id}"

    def chain_of(self, task: Any) -> str:
        """A row of a fan-out and a follow-on task have a chain of their own, so that they wait for no lock but their
        own; the one row of a step is the instance's.
        """
        alone = task.activity_id is not None and task.element_id not in self.deployed.fan_outs
        return self.chain if alone else history.task_chain(task.id)

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.seen if self.held is None else self.held.variables

    @property
    def facts(self) -> InstanceFacts:
        return InstanceFacts(self.id, self.key, self.plan_year, self.business_key, self.variables)

    def names(self) -> dict[str, Any]:
        """What texts of the package may fill in."""
        return {"plan_year": self.plan_year, **self.variables}

    def note(self, tx: Tx, type_: str, body: Mapping[str, Any], *, element_id: str | None = None) -> None:
        """Append an event to the instance's chain."""
        history.append(
            tx,
            type=type_,
            chain=self.chain,
            occurred_at=self.now,
            by=self.by,
            instance_id=self.id,
            element_id=element_id,
            body=dict(body),
        )

    def note_about(self, tx: Tx, task: Any, type_: str, body: Mapping[str, Any], *, by: Actor | None = None) -> None:
        """Append an event about the task; `task` None: about the instance."""
        if task is None:
            self.note(tx, type_, body)
            return
        history.append(
            tx,
            type=type_,
            chain=self.chain_of(task),
            occurred_at=self.now,
            by=by or self.by,
            instance_id=self.id,
            task_id=task.id,
            element_id=task.element_id,
            body=dict(body),
        )


def evaluator(deployed: deployments.Deployed, plan_year: int, now: datetime) -> Any:
    """What the diagram asks for its conditions: FEEL over the process variables and the base context."""

    def evaluate(expression: str, variables: dict[str, Any]) -> Any:
        return feel.evaluate(expression, base(deployed.package, plan_year, variables, now), now=now)

    return evaluate


def lock(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Run:
    """The instance under its row lock (SQLite: the transaction already holds the database).

    Raises NotFound, InstanceDamaged.
    """
    return _load(tx, rows.lock(tx, instance_id), by, now)


def peek(tx: Tx, instance_id: int, *, now: datetime) -> Run:
    """The instance with its execution, to look at and not to save. Raises NotFound, InstanceDamaged."""
    return _load(tx, rows.read(tx, instance_id), SYSTEM, now)


def _load(tx: Tx, row: Any | None, by: Actor, now: datetime) -> Run:
    if row is None:
        raise NotFound(kind="instance")
    deployed = deployments.of_row(tx, row)
    try:
        execution = deployed.model.restore(row.execution, evaluator(deployed, row.plan_year, now))
    except bpmn.BpmnError as fault:
        tx.if_refused.append(partial(_tell_of_damage, instance_id=row.id, message=str(fault), now=now))
        raise InstanceDamaged from fault
    return Run(
        row.id,
        row.key,
        row.plan_year,
        row.business_key,
        row.state,
        deployed,
        execution,
        by,
        now,
        Windows(row.windows),
    )


def _tell_of_damage(tx: Tx, *, instance_id: int, message: str, now: datetime) -> None:
    incidents.raise_incident(tx, kind="instance_damaged", instance_id=instance_id, message=message, now=now)


def look(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Run:
    """The instance without its lock and without loading its execution. Raises NotFound."""
    return _looked_at(tx, rows.look(tx, instance_id), by, now)


def share(tx: Tx, instance_id: int, *, by: Actor, now: datetime) -> Run:
    """As `look`, but whoever locks the instance waits until this transaction ends, or this one waits for them: the
    instance stays as it is seen. Any number may share it at once; none of them may lock it then. One who waits for the
    lock comes before those who ask to share it later. Raises NotFound.
    """
    return _looked_at(tx, rows.share(tx, instance_id), by, now)


def _looked_at(tx: Tx, row: Any | None, by: Actor, now: datetime) -> Run:
    if row is None:
        raise NotFound(kind="instance")
    deployed = deployments.of_row(tx, row)
    return Run(
        row.id,
        row.key,
        row.plan_year,
        row.business_key,
        row.state,
        deployed,
        None,
        by,
        now,
        seen=row.variables,
    )


def note_moves(tx: Tx, run: Run) -> None:
    """Each element entered, left or cancelled since the execution was loaded, into the history; and the end."""
    for visit in run.execution.visits:
        if visit.what == "taken":
            continue
        run.note(
            tx,
            f"element_{visit.what}",
            {"element": visit.element_id, "token": visit.token},
            element_id=visit.element_id,
        )
    for name, variables in run.execution.thrown:
        told = history.personal(tx, "variables", variables)
        run.note(tx, "message_thrown", {"message": name, "variables": told})
    run.execution.visits.clear()
    run.execution.thrown.clear()
    if run.execution.done and run.state == "active":
        run.state = "completed"
        run.note(tx, "instance_completed", {})


def save(tx: Tx, run: Run) -> None:
    """Write the execution and the variables back."""
    if run.state in ("completed", "cancelled"):
        rows.save_end(tx, run.id, run.execution.dump(), run.variables, run.state, run.now)
    else:
        rows.save(tx, run.id, run.execution.dump(), run.variables)
