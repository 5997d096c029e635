"""How a thrown event finds its catchers (BPMN 2.0.2, 10.5.6): errors, escalations and cancels go outwards
from scope to scope, signals go everywhere, messages and signals also leave the instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from SpiffWorkflow.task import Task

from engine.bpmn import compensating, scopes
from engine.bpmn.catching import Armed, Boundary, Catching, hear
from engine.bpmn.diagram import EventDefinition
from engine.bpmn.errors import BpmnError
from engine.bpmn.scopes import LIVE
from engine.bpmn.specs import Split, clerk


class Post(Protocol):
    """Where an instance keeps what leaves it."""

    def send(self, message: str) -> None: ...
    def signal(self, name: str) -> None: ...


def throw(task: Task) -> None:
    """Carry everything that a throw event throws, also when what catches the first takes the event itself away."""
    for definition in task.task_spec.thrown:
        if definition.kind == "error":
            error(task, definition.name)
        elif definition.kind == "cancel":
            cancel_transaction(task)
        else:
            announce(task, definition)


def announce(task: Task, definition: EventDefinition) -> None:
    """Carry one event that leaves the thrower as it is unless a catcher interrupts it."""
    post: Any = clerk(task)
    name = definition.name or ""
    if definition.kind == "message":
        post.send(name)
    elif definition.kind == "signal":
        post.signal(name)
        signal(task.workflow.top_workflow, name)
    elif definition.kind == "escalation":
        _outwards(task, "escalation", definition.name)


def signal(top: Any, name: str) -> None:
    """Every live catcher of the instance hears it, outer scopes first."""
    for workflow in [top, *list(top.subprocesses.values())]:
        for task in scopes.live(workflow):
            if isinstance(task.task_spec, Catching) and task.has_state(LIVE):
                index = task.task_spec.catches("signal", name, any_name=False)
                if index is not None:
                    hear(task, index)


def error(task: Task, code: str | None) -> None:
    """Raises BpmnError('uncaught_error') when nobody around the task catches it."""
    if not _outwards(task, "error", code):
        raise BpmnError("uncaught_error", task.task_spec.element_id, code or "")


def _outwards(task: Task, kind: str, name: str | None) -> bool:
    """The nearest catcher hears it: who names it before who names nothing. False when there is none."""
    current: Task | None = task
    while current is not None:
        for nearby in (_boundaries(current), _starts(current)):
            found = _choose(list(nearby), kind, name)
            if found is not None:
                return hear(*found)
        current = scopes.host_of(current.workflow)
    return False


def _boundaries(task: Task) -> Iterator[Task]:
    if task.parent is not None and isinstance(task.parent.task_spec, Split):
        for sibling in task.parent.children:
            if isinstance(sibling.task_spec, Boundary) and sibling.has_state(LIVE):
                yield sibling


def _starts(task: Task) -> Iterator[Task]:
    """Of the event sub-processes beside a task, but not of the one that it is: what that throws goes on outside."""
    for other in scopes.live(task.workflow):
        if isinstance(other.task_spec, Armed) and task.task_spec not in other.task_spec.outputs:
            yield other


def _choose(tasks: list[Task], kind: str, name: str | None) -> tuple[Task, int] | None:
    for any_name in (False, True):
        for task in tasks:
            index = task.task_spec.catches(kind, name, any_name)
            if index is not None and (any_name or name is not None):
                return task, index
    return None


def cancel_transaction(task: Task) -> None:
    """Everything in the transaction is taken away and what was completed is undone; then its cancel event
    fires."""
    workflow = task.workflow
    host = scopes.host_of(workflow)
    while host is not None and getattr(host.task_spec, "kind", "") != "transaction":
        workflow = host.workflow
        host = scopes.host_of(workflow)
    if host is None:
        raise BpmnError("uncaught_error", task.task_spec.element_id, "cancel")
    scopes.cancel(workflow)
    scopes.plant(workflow, compensating.CANCELLING)


def cancelled(task: Task) -> None:
    """The undoing is over: the boundary event of the transaction takes the token on."""
    host = scopes.host_of(task.workflow)
    if host is not None:
        for boundary in _boundaries(host):
            index = boundary.task_spec.index_of("cancel")
            if index is not None:
                hear(boundary, index)
                return
