"""SpiffWorkflow task specs for what this engine runs, one class for each way that a token can behave.

They hold nothing of an instance and are shared by all instances of a model. What an instance must be told (a
token came, went, needs a condition answered, throws a message) goes to its `Clerk`, which sits where
SpiffWorkflow keeps the script engine, so that no Python text from a file can ever be evaluated.
"""

from __future__ import annotations

from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import scopes
from engine.bpmn.diagram import EventDefinition


class Clerk(Protocol):
    """What one running instance offers the specs. `paced`: throw events wait until they are told to go on."""

    paced: bool

    def entered(self, task: Task) -> None: ...
    def left(self, task: Task) -> None: ...
    def cancelled(self, task: Task) -> None: ...
    def taken(self, task: Task) -> None: ...
    def armed(self, task: Task) -> None: ...
    def ready(self, task: Task) -> None: ...
    def holds(self, condition: str, element_id: str, more: dict[str, Any] | None = None) -> bool: ...
    def number(self, expression: str, element_id: str) -> int: ...
    def no_way_out(self, element_id: str) -> None: ...
    def undone(self, task: Task) -> None: ...


def clerk(task: Task) -> Clerk:
    found: Clerk = task.workflow.top_workflow.script_engine
    return found


class Step(BpmnTaskSpec):
    """Base: children are made when a task is done, not predicted before, and task data stays empty.

    SpiffWorkflow predicts whole future paths by recursion and copies the data of every branch; neither is
    needed here, and both are what made long diagrams and parallel joins go wrong.

    `choices` holds (flow step name, condition) in the order of the file. `is_activity`: when it is done, its
    boundary events are taken down, and if `undoable` it is noted for compensation.
    """

    is_activity = False

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name)
        self.element_id = element_id
        self.choices: list[tuple[str, str | None]] = []
        self.default: str | None = None
        self.quantity = 1
        self.undoable = False

    def test(self) -> None:
        """The rules have checked the diagram; SpiffWorkflow would look at the wiring again for every
        token."""

    def _predict(self, my_task: Task, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is predicted."""

    def _update_hook(self, my_task: Task) -> bool | None:
        clerk(my_task).entered(my_task)
        return True

    def _on_ready_hook(self, my_task: Task) -> None:
        if not self.manual:
            clerk(my_task).ready(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        my_task._sync_children(self._next(my_task) * self.quantity, TaskState.FUTURE)
        return True

    def _next(self, my_task: Task) -> list[Any]:
        """Along every flow without a condition and those whose condition holds; the default flow when no
        condition held (BPMN 2.0.2, 13.2.1)."""
        if all(condition is None for _, condition in self.choices):
            return list(self.outputs)
        holding = {name for name, c in self.choices if c and clerk(my_task).holds(c, self.element_id)}
        if not holding and self.default is not None:
            holding = {self.default}
        taken = [n for n, c in self.choices if n in holding or (c is None and n != self.default)]
        if not taken:
            clerk(my_task).no_way_out(self.element_id)
        return [self._wf_spec.task_specs[name] for name in taken]

    def _on_complete_hook(self, my_task: Task) -> None:
        clerk(my_task).left(my_task)
        if self.is_activity:
            disarm(my_task)
            if self.undoable:
                inner = scopes.inner_of(my_task)
                log = inner.data.get("log", []) if inner is not None else []
                my_task.workflow.data.setdefault("log", []).append({"at": self.element_id, "log": log})

    def _on_cancel(self, my_task: Task) -> None:
        clerk(my_task).cancelled(my_task)


class FlowStep(Step):
    """A sequence flow. As a step of its own it tells a join which way a token came."""

    def _update_hook(self, my_task: Task) -> bool:
        clerk(my_task).taken(my_task)
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        """Being taken is all that happens to a flow."""


class Passing(Step):
    """A task in which the engine has nothing to do."""

    is_activity = True


class Activity(Step):
    """A user, service or script task: waits until it is completed from outside. `manual` keeps SpiffWorkflow
    from running it."""

    is_activity = True

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name, element_id)
        self.manual = True


class Gather(Step):
    """Put before an activity that starts with several tokens: holds them until there are enough."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, needed: int) -> None:
        super().__init__(wf_spec, name, element_id)
        self.needed = needed

    def _update_hook(self, my_task: Task) -> bool:
        my_task._set_state(TaskState.WAITING)
        arrived = [t for t in my_task.workflow.tasks.values() if t.task_spec is self and t.state == TaskState.WAITING]
        if len(arrived) < self.needed:
            return False
        for task in arrived[: self.needed]:
            if task is not my_task:
                task._set_state(TaskState.COMPLETED)
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        """Not drawn by the author, so it leaves no visit."""

    def _on_cancel(self, my_task: Task) -> None:
        """Nor does this."""


class Split(Step):
    """Put before an activity with boundary events: makes the activity and its events siblings."""

    def _update_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        """Not drawn by the author, so it leaves no visit."""


def disarm(host: Task) -> None:
    """When an activity is done, the boundary events that still wait on it are taken down."""
    if isinstance(host.parent.task_spec, Split):
        for sibling in host.parent.children:
            if sibling is not host and sibling.state == TaskState.WAITING:
                sibling.cancel()


class SubProcess(Step):
    """A sub-process: a scope of its own inside the instance; done when no token is left in it.

    `silent`: an event sub-process leaves no visit of its own; its start event does.
    """

    is_activity = True

    def __init__(self, wf_spec: Any, name: str, element_id: str, inner: str, kind: str, silent: bool = False) -> None:
        super().__init__(wf_spec, name, element_id)
        self.inner = inner
        self.kind = kind
        self.silent = silent

    def _update_hook(self, my_task: Task) -> bool | None:
        inner = scopes.inner_of(my_task)
        if inner is None:
            clerk(my_task).armed(my_task)
            if not self.silent:
                clerk(my_task).entered(my_task)
            return self._open(my_task)
        return scopes.done(inner) and self.proceed(my_task, inner)

    def _open(self, my_task: Task) -> bool | None:
        """Returns None while the inner scope runs, True when there is nothing to run."""
        inner = scopes.enter(my_task, self.inner)
        scopes.root(inner)
        my_task._set_state(TaskState.STARTED)
        self.begin(my_task, inner)
        return None

    def begin(self, my_task: Task, inner: Any) -> None:
        scopes.begin(inner)

    def proceed(self, my_task: Task, inner: Any) -> bool:
        """The inner scope is done: is all done?"""
        scopes.cancel(inner)
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        if self.silent:
            disarm(my_task)
        else:
            super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        inner = scopes.inner_of(my_task)
        if inner is not None:
            scopes.cancel(inner)
        if not self.silent:
            super()._on_cancel(my_task)


class Throw(Step):
    """A throw event, a send task, or an end event with definitions; without them it only marks a place.

    What it throws is carried to its catchers by `throwing`, just before it is left.
    """

    is_activity = True

    def __init__(self, wf_spec: Any, name: str, element_id: str, thrown: tuple[EventDefinition, ...]) -> None:
        super().__init__(wf_spec, name, element_id)
        self.thrown = thrown
        self.far = any(d.kind in ("message", "signal") for d in thrown)

    def _update_hook(self, my_task: Task) -> bool:
        clerk(my_task).entered(my_task)
        if self.far and clerk(my_task).paced:
            my_task._set_state(TaskState.WAITING)
            return False
        return True


class Terminate(Step):
    """A terminate end event: ends the scope it stands in at once."""

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        scopes.cancel(my_task.workflow)
