"""A workflow of SpiffWorkflow as the short list of its live tokens, and back.

Only what waits is kept: everything finished is in the history, which is the caller's. So a saved state
stays as small after ten rounds of a loop as after one, and the task tree is never deeper than one step runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import specs
from engine.bpmn.compiler import node, split, way
from engine.bpmn.ledger import Ledger

Tokens = list[dict[str, Any]]


def live(workflow: Any) -> Iterator[Task]:
    """What waits: each task, then its boundary events, then what is inside it."""
    inner = workflow.top_workflow.subprocesses
    for task in workflow.tasks.values():
        if _is_kept(task):
            yield task
            yield from armed(task)
            if task.id in inner:
                yield from live(inner[task.id])


def armed(task: Task) -> list[Task]:
    """The boundary events that wait on a live task."""
    if not isinstance(task.parent.task_spec, specs.Split):
        return []
    return [
        sibling
        for sibling in task.parent.children
        if isinstance(sibling.task_spec, specs.Boundary) and sibling.state == TaskState.WAITING
    ]


def save(workflow: Any) -> Tokens:
    """The live tokens as values for JSON, in the order in which they came to be."""
    return [_save_one(task) for task in workflow.tasks.values() if _is_kept(task)]


def _is_kept(task: Task) -> bool:
    return task.has_state(specs.LIVE) and not isinstance(task.task_spec, specs.Boundary)


def _save_one(task: Task) -> dict[str, Any]:
    spec = task.task_spec
    saved: dict[str, Any] = {"at": spec.element_id}
    if isinstance(spec, specs.Join):
        saved["from"] = task.parent.task_spec.element_id
        return saved
    saved["token"] = task.internal_data["token"]
    events = [{"at": e.task_spec.element_id, "token": e.internal_data["token"]} for e in armed(task)]
    if events:
        saved["boundary"] = events
    if isinstance(spec, specs.SubProcess):
        saved["inner"] = save(task.workflow.top_workflow.subprocesses[task.id])
    return saved


def rebuild(spec: BpmnProcessSpec, inner: dict[str, BpmnProcessSpec], tokens: Tokens, ledger: Ledger) -> BpmnWorkflow:
    """A workflow where exactly these tokens wait. Raises KeyError for an element that the specs lack."""
    workflow = BpmnWorkflow(spec, inner, script_engine=ledger, deserializing=True)
    _plant(workflow, tokens)
    return workflow


def _plant(workflow: Any, tokens: Tokens) -> None:
    root = Task(workflow, workflow.spec.start, state=TaskState.COMPLETED)
    workflow.task_tree = root
    for token in tokens:
        _restore_one(workflow, root, token)


def _restore_one(workflow: Any, root: Task, token: dict[str, Any]) -> None:
    known = workflow.spec.task_specs
    spec = known[node(token["at"])]
    if isinstance(spec, specs.Join):
        parent = Task(workflow, known[way(token["from"])], root, TaskState.COMPLETED)
        Task(workflow, spec, parent, TaskState.WAITING)
        return
    before = known.get(split(token["at"]))
    parent = root if before is None else Task(workflow, before, root, TaskState.COMPLETED)
    task = Task(workflow, spec, parent, _waiting_state(spec))
    task.internal_data["token"] = token["token"]
    for event in token.get("boundary", ()):
        boundary = Task(workflow, known[node(event["at"])], parent, TaskState.WAITING)
        boundary.internal_data["token"] = event["token"]
    if isinstance(spec, specs.SubProcess):
        top = workflow.top_workflow
        inner = BpmnSubWorkflow(top.subprocess_specs[spec.inner], task.id, top, deserializing=True)
        top.subprocesses[task.id] = inner
        _plant(inner, token["inner"])


def _waiting_state(spec: Any) -> int:
    if isinstance(spec, specs.SubProcess):
        return int(TaskState.STARTED)
    return int(TaskState.READY if isinstance(spec, specs.Activity) else TaskState.WAITING)
