"""A workflow of SpiffWorkflow as the short list of its live tokens, and back.

Only what waits is kept: everything finished is in the history, which is the caller's. So a saved state
stays as small after ten rounds of a loop as after one, and the task tree is never deeper than one step runs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import scopes, specs
from engine.bpmn.catching import Boundary
from engine.bpmn.compiler import Compiled, split, way
from engine.bpmn.gateways import Join
from engine.bpmn.ledger import Ledger
from engine.bpmn.scopes import LIVE

Tokens = list[dict[str, Any]]
REMEMBERED = ("token", "race", "seen", "held", "fired", "plan", "rounds")


def live(workflow: Any) -> Iterator[Task]:
    """What waits: each task, then its boundary events, then what is inside it."""
    for task in workflow.tasks.values():
        if _is_kept(task):
            yield task
            yield from armed(task)
            inner = scopes.inner_of(task)
            if inner is not None:
                yield from live(inner)


def armed(task: Task) -> list[Task]:
    """The boundary events that wait on a live task."""
    if not isinstance(task.parent.task_spec, specs.Split):
        return []
    return [
        sibling
        for sibling in task.parent.children
        if isinstance(sibling.task_spec, Boundary) and sibling.state == TaskState.WAITING
    ]


def save(workflow: Any) -> Tokens:
    """The live tokens as values for JSON, in the order in which they came to be."""
    return [_save_one(task) for task in workflow.tasks.values() if _is_kept(task)]


def _is_kept(task: Task) -> bool:
    return task.has_state(LIVE) and not isinstance(task.task_spec, Boundary)


def _save_one(task: Task) -> dict[str, Any]:
    spec = task.task_spec
    saved: dict[str, Any] = {"at": spec.element_id}
    if not spec.name.startswith("n:"):
        saved["as"] = spec.name.partition(":")[0]
    if isinstance(spec, Join):
        if "taken" in task.internal_data:
            return saved | {"taken": list(task.internal_data["taken"])}
        saved["from"] = task.parent.task_spec.element_id
        return saved
    saved |= _remembered(task)
    events = [{"at": e.task_spec.element_id} | _remembered(e) for e in armed(task)]
    if events:
        saved["boundary"] = events
    inner = scopes.inner_of(task)
    if inner is not None:
        saved["inner"] = save(inner)
        if inner.data.get("log"):
            saved["log"] = copy.deepcopy(inner.data["log"])
    return saved


def _remembered(task: Task) -> dict[str, Any]:
    return {key: copy.copy(task.internal_data[key]) for key in REMEMBERED if task.internal_data.get(key)}


def rebuild(compiled: Compiled, tokens: Tokens, log: list[dict[str, Any]], ledger: Ledger) -> BpmnWorkflow:
    """A workflow where exactly these tokens wait. Raises KeyError for an element that the specs lack."""
    workflow = BpmnWorkflow(compiled.main, compiled.inner, script_engine=ledger, deserializing=True)
    _plant(workflow, tokens, log)
    return workflow


def _plant(workflow: Any, tokens: Tokens, log: list[dict[str, Any]]) -> None:
    scopes.root(workflow)
    if log:
        workflow.data["log"] = copy.deepcopy(log)
    for token in tokens:
        _restore_one(workflow, workflow.task_tree, token)


def _restore_one(workflow: Any, root: Task, token: dict[str, Any]) -> None:
    known = workflow.spec.task_specs
    kind = token.get("as", "n")
    spec = known[f"{kind}:{token['at'].removeprefix(kind + ':')}"]
    if "taken" in token:
        Task(workflow, spec, root, TaskState.WAITING).internal_data["taken"] = list(token["taken"])
        return
    if isinstance(spec, Join):
        parent = Task(workflow, known[way(token["from"])], root, TaskState.COMPLETED)
        Task(workflow, spec, parent, TaskState.WAITING)
        return
    before = known.get(split(token["at"])) if kind == "n" else None
    parent = root if before is None else Task(workflow, before, root, TaskState.COMPLETED)
    task = Task(workflow, spec, parent, _waiting_state(spec))
    _remember(task, token)
    for event in token.get("boundary", ()):
        _remember(Task(workflow, known[f"n:{event['at']}"], parent, TaskState.WAITING), event)
    if "inner" in token:
        inner = scopes.enter(task, spec.inner)
        _plant(inner, token["inner"], token.get("log", []))


def _remember(task: Task, saved: dict[str, Any]) -> None:
    task.internal_data |= {key: copy.copy(saved[key]) for key in REMEMBERED if key in saved}


def _waiting_state(spec: Any) -> int:
    if isinstance(spec, specs.SubProcess):
        return int(TaskState.STARTED)
    return int(TaskState.READY if isinstance(spec, specs.Activity) else TaskState.WAITING)
