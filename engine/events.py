"""The events of a package, which people send to an instance when they happen."""

from __future__ import annotations

from datetime import datetime

from engine import bpmn, feel, identity, job_executor, posting, stuck
from engine.actor import Actor
from engine.contexts import base
from engine.errors import Forbidden, NotFound, NotPossible
from engine.rules.calendar import civil_date
from engine.running import Run, lock
from engine.settle import settle
from engine.store.database import Tx


def send(tx: Tx, instance_id: int, event: str, *, by: Actor, now: datetime) -> None:
    """Send one of the package's events (a message of the diagram) to an instance; what is due there happens first.

    If the diagram cannot go on, the event is kept for when that is mended (`stuck`). Raises NotFound, Forbidden,
    NotPossible when the event isn't waited for or its condition does not hold.
    """
    run = lock(tx, instance_id, by=by, now=now)
    spec = run.deployed.package.events.get(event)
    if spec is None:
        raise NotFound(kind="event")
    if by.person_id is not None and not set(spec.roles) & identity.roles_of(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="send_event", kind="instance")
    if job_executor.run_due_of_instance(tx, run):
        run = lock(tx, instance_id, by=by, now=now)
    if run.state != "active" or not is_offered(run, event):
        raise NotPossible(reason="event_not_offered")
    wait = next((w for w in run.execution.waits() if w.kind == "message" and w.message == event), None)
    if wait is None:
        raise NotPossible(reason="event_not_waited_for")
    run.note(tx, "event_sent", {"event": event})
    try:
        run.execution.correlate(wait.token, {})
    except bpmn.BpmnError as failure:
        if not stuck.is_fault(failure):
            raise
        payload = posting.letter(run, event, sender=None, variables={})
        stuck.hold(tx, run, "receive_message", failure, payload=payload)
        return
    settle(tx, run)


def is_offered(run: Run, event: str) -> bool:
    """Does the event's own condition hold now?"""
    spec = run.deployed.package.events[event]
    if not spec.when:
        return True
    context = base(run.deployed.package, run.plan_year, run.variables, run.now)
    return feel.evaluate(spec.when, context, now=run.now) is True
