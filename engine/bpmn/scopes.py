"""A scope at run time: the process, a sub-process, or what is done again or undone, as a workflow of
SpiffWorkflow whose live tasks are its tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Scope(BpmnProcessSpec):
    """The steps of one scope. `entries` are where tokens are born, `armed` the starts of its event
    sub-processes, both as names of steps."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.entries: list[str] = []
        self.armed: list[str] = []


class Inner(BpmnSubWorkflow):
    """A scope inside the task `host`, which SpiffWorkflow would look for in every scope, already to count how deep
    this one lies."""

    def __init__(self, spec: Scope, host: Task) -> None:
        self.host = host
        super().__init__(spec, host.id, host.workflow.top_workflow, deserializing=True)

    @property
    def parent_workflow(self) -> Any:
        return self.host.workflow


def plant(workflow: Any, name: str, **internal: Any) -> Task:
    """A new token at a step, as if a flow had led there."""
    task = workflow.task_tree._add_child(workflow.spec.task_specs[name], TaskState.FUTURE)
    task.internal_data.update(internal)
    task.task_spec._update(task)
    return task


def root(workflow: Any) -> None:
    """Give a fresh workflow the finished task that everything else hangs on."""
    workflow.task_tree = Task(workflow, workflow.spec.start, state=TaskState.COMPLETED)


def begin(workflow: Any, entries: list[str] | None = None) -> None:
    """Let the scope start: its event sub-processes are armed, then tokens are born."""
    for name in workflow.spec.armed:
        plant(workflow, name)
    for name in workflow.spec.entries if entries is None else entries:
        plant(workflow, name)


def waits_only_for_events(task: Task) -> bool:
    """Is it the armed start of an event sub-process? Such do not keep their scope alive."""
    return str(task.task_spec.name).startswith("a:")


def live(workflow: Any) -> Iterator[Task]:
    return (task for task in list(workflow.tasks.values()) if task.has_state(LIVE | TaskState.FUTURE))


def done(workflow: Any) -> bool:
    """Is no token left in the scope?"""
    return all(waits_only_for_events(t) for t in live(workflow) if t is not workflow.task_tree)


def cancel(workflow: Any, but: Task | None = None) -> None:
    """Take every token of the scope away."""
    for task in live(workflow):
        if task is not but and task is not workflow.task_tree and task.has_state(LIVE | TaskState.FUTURE):
            task.cancel()


def host_of(workflow: Any) -> Task | None:
    """The task of the enclosing scope that this scope runs inside; None for the process."""
    if workflow is workflow.top_workflow:
        return None
    found: Task = workflow.host
    return found


def enter(task: Task, name: str) -> Any:
    """A new scope inside a task."""
    top = task.workflow.top_workflow
    inner = Inner(top.subprocess_specs[name], task)
    top.subprocesses[task.id] = inner
    return inner


def inner_of(task: Task) -> Any:
    """The scope that runs inside a task, if any."""
    return task.workflow.top_workflow.subprocesses.get(task.id)
