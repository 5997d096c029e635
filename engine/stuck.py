"""When the diagram cannot go on: what people have done is kept, the step stays where it is, and a technical fault says
why and what to do. Once that is mended, its job lets the diagram go on from there."""

from __future__ import annotations

import copy
from typing import Any

import sqlalchemy as sa

from engine import activities, bpmn, deployments, feel, incidents, jobs
from engine.running import Run, save
from engine.settle import settle
from engine.store.database import Tx
from engine.store.tables import instance
from engine.texts import Text

CODES = ("no_way_out", "condition", "too_long", "uncaught_error", "cardinality", "variables", "timer")
"""What a diagram can come to by its data; every other refusal of the core is a defect of ours."""

WORDS = {
    "diagram_no_way_out": Text(
        "Inget av villkoren efter ”{element}” stämmer, så processen vet inte vart den ska. Rätta det värde som "
        "villkoren läser, eller flytta processen till en annan uppgift.",
        "None of the conditions after “{element}” holds, so the process does not know where to go. Correct the value "
        "that the conditions read, or move the process to another task.",
    ),
    "diagram_condition": Text(
        "Ett villkor vid ”{element}” går inte att räkna ut. Rätta det värde som det läser, eller flytta processen till "
        "en annan uppgift.",
        "A condition at “{element}” cannot be worked out. Correct the value that it reads, or move the process to "
        "another task.",
    ),
    "diagram_timer": Text(
        "Tiden vid ”{element}” går inte att räkna ut, så ingenting händer där av sig självt. Rätta den dag som den "
        "läser.",
        "The time at “{element}” cannot be worked out, so nothing happens there by itself. Correct the day that it "
        "reads.",
    ),
    "diagram_deadlock": Text(
        "Processen står still vid ”{element}”, som väntar på vägar som aldrig kommer att gås. Avsluta den och starta "
        "en ny när diagrammet är rättat.",
        "The process stands still at “{element}”, which waits for ways that will never be gone. Cancel it, and start a "
        "new one when the diagram is corrected.",
    ),
    "diagram_other": Text(
        "Processen kom inte vidare från ”{element}”. Flytta den till en annan uppgift.",
        "The process could not go on from “{element}”. Move it to another task.",
    ),
}


def is_fault(failure: Exception) -> bool:
    """Does the diagram or one of its expressions not fit the data? Trying again alone would not help."""
    return isinstance(failure, feel.FeelError) or (isinstance(failure, bpmn.BpmnError) and failure.code in CODES)


def kind_of(failure: Exception) -> str:
    code = failure.code if isinstance(failure, bpmn.BpmnError) else "condition"
    return f"diagram_{code}" if f"diagram_{code}" in WORDS else "diagram_other"


def element_of(failure: Exception) -> str | None:
    return failure.element_id if isinstance(failure, bpmn.BpmnError) else None


def said_of(tx: Tx, fault: sa.Row[Any]) -> Text | None:
    """The fault of an instance in words for whoever shall mend it; None for faults that are not the diagram's."""
    words = WORDS.get(fault.kind)
    if words is None:
        return None
    definition_id = tx.scalar(sa.select(instance.c.definition_id).where(instance.c.id == fault.instance_id))
    element = deployments.load(tx, definition_id).model.elements.get(fault.element_id or "")
    name = (element.name if element is not None else None) or fault.element_id or ""
    return words.fill({"element": name})


def leave(tx: Tx, run: Run, step: sa.Row[Any]) -> None:
    """The step is answered: it ends and the diagram goes on. If the diagram cannot, only the answer stands."""
    effects = run.deployed.package.forms[run.deployed.tasks[step.element_id].form].close_effects
    before = copy.deepcopy(dict(run.variables)) if effects else None
    try:
        if effects:
            with tx.savepoint():
                activities.finish(tx, run, step, "completed")
                run.execution.complete(step.token, {})
        else:
            run.execution.complete(step.token, {})
    except (bpmn.BpmnError, feel.FeelError) as failure:
        if not is_fault(failure):
            raise
        if before is not None:
            run.execution.variables.clear()
            run.execution.variables.update(before)
        save(tx, run)
        hold(tx, run, "advance_activity", failure, activity_id=step.id)
        return
    if not effects:
        activities.finish(tx, run, step, "completed")
    settle(tx, run)


def hold(
    tx: Tx,
    run: Run,
    kind: str,
    failure: Exception,
    *,
    activity_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """What could not be done waits as a job of that kind until its technical fault is resolved."""
    error = f"{type(failure).__name__}: {failure}"[:2000]
    job_id = jobs.add_failed(tx, kind, run.id, due_at=run.now, activity_id=activity_id, payload=payload, error=error)
    incidents.raise_incident(
        tx,
        kind=kind_of(failure),
        instance_id=run.id,
        job_id=job_id,
        element_id=element_of(failure),
        message=error,
        now=run.now,
    )
