"""SpiffWorkflow task specs for what this engine runs, one class for each way that a token can behave.

They hold nothing of an instance and are shared by all instances of a model. What an instance must be told (a
token came, went, needs a condition answered, throws a message) goes to its `Clerk`, which sits where
SpiffWorkflow keeps the script engine, so that no Python text from a file can ever be evaluated.
"""

from __future__ import annotations

from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Clerk(Protocol):
    """What one running instance offers the specs."""

    def entered(self, task: Task) -> None: ...
    def left(self, task: Task) -> None: ...
    def cancelled(self, task: Task) -> None: ...
    def taken(self, task: Task) -> None: ...
    def armed(self, task: Task) -> None: ...
    def ready(self, task: Task) -> None: ...
    def holds(self, condition: str, element_id: str) -> bool: ...
    def no_way_out(self, element_id: str) -> None: ...
    def throw(self, message: str) -> None: ...
    def terminate(self, task: Task) -> None: ...


def clerk(task: Task) -> Clerk:
    found: Clerk = task.workflow.top_workflow.script_engine
    return found


class Step(BpmnTaskSpec):
    """Base: children are made when a task is done, not predicted before, and task data stays empty.

    SpiffWorkflow predicts whole future paths by recursion and copies the data of every branch; neither is
    needed here, and both are what made long diagrams and parallel joins go wrong.
    """

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name)
        self.element_id = element_id

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
        my_task._sync_children(self._next(my_task), TaskState.FUTURE)
        return True

    def _next(self, my_task: Task) -> list[Any]:
        return list(self.outputs)

    def _on_complete_hook(self, my_task: Task) -> None:
        clerk(my_task).left(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        clerk(my_task).cancelled(my_task)


class FlowStep(Step):
    """A sequence flow. As a step of its own it tells a join which way a token came."""

    def _update_hook(self, my_task: Task) -> bool:
        clerk(my_task).taken(my_task)
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        """Being taken is all that happens to a flow."""


class Activity(Step):
    """A user or service task: waits until it is completed from outside. `manual` keeps SpiffWorkflow from
    running it."""

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name, element_id)
        self.manual = True

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        disarm(my_task)


class Catch(Step):
    """An intermediate catch event: waits until the instance fires or correlates its token."""

    def _update_hook(self, my_task: Task) -> None:
        if my_task.state != TaskState.WAITING:
            super()._update_hook(my_task)
            my_task._set_state(TaskState.WAITING)


class Boundary(Step):
    """A boundary event. It is entered when it fires, not when it is armed: an event that never came leaves
    no trace."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, interrupting: bool, repeats: bool) -> None:
        super().__init__(wf_spec, name, element_id)
        self.interrupting = interrupting
        self.repeats = repeats

    def _update_hook(self, my_task: Task) -> None:
        if my_task.state != TaskState.WAITING:
            clerk(my_task).armed(my_task)
            my_task._set_state(TaskState.WAITING)

    def _on_ready_hook(self, my_task: Task) -> None:
        clerk(my_task).entered(my_task)
        super()._on_ready_hook(my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        if self.interrupting:
            for sibling in my_task.parent.children:
                if sibling is not my_task and sibling.has_state(LIVE):
                    sibling.cancel()
        super()._on_complete_hook(my_task)
        if self.repeats:
            again = my_task.parent._add_child(self, TaskState.FUTURE)
            self._update(again)

    def _on_cancel(self, my_task: Task) -> None:
        """Disarmed: nothing happened."""


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
            if isinstance(sibling.task_spec, Boundary) and sibling.state == TaskState.WAITING:
                sibling.cancel()


class SubProcess(Step):
    """A sub-process: a workflow of its own inside the instance; done when nothing in it is live."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, inner: str) -> None:
        super().__init__(wf_spec, name, element_id)
        self.inner = inner

    def _update_hook(self, my_task: Task) -> bool | None:
        top = my_task.workflow.top_workflow
        inner = top.subprocesses.get(my_task.id)
        if inner is None:
            super()._update_hook(my_task)
            inner = top.create_subprocess(my_task, self.inner)
            my_task._set_state(TaskState.STARTED)
            inner.task_tree.run()
            return None
        return bool(inner.is_completed())

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        disarm(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        inner = my_task.workflow.top_workflow.subprocesses.get(my_task.id)
        if inner is not None:
            inner.cancel()
        super()._on_cancel(my_task)


class Throw(Step):
    """A message throw event, or an end event with a message; without a message it only marks a place."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, message: str | None) -> None:
        super().__init__(wf_spec, name, element_id)
        self.message = message

    def _run_hook(self, my_task: Task) -> bool:
        if self.message is not None:
            clerk(my_task).throw(self.message)
        return super()._run_hook(my_task)


class Terminate(Step):
    """A terminate end event: ends the scope it stands in at once."""

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        for task in list(TaskIterator(my_task.workflow.task_tree, state=TaskState.NOT_FINISHED_MASK)):
            task.cancel()
        clerk(my_task).terminate(my_task)


class Gateway(Step):
    """A diverging gateway that chooses. `choices` holds (flow step name, condition) in the order of the
    file."""

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name, element_id)
        self.choices: list[tuple[str, str | None]] = []
        self.default: str | None = None

    def _holding(self, my_task: Task, first_only: bool) -> list[Any]:
        """The flows whose condition holds, else the default. A lone flow without condition is simply
        followed."""
        found: list[str] = []
        for name, condition in self.choices:
            if name != self.default and (condition is None or clerk(my_task).holds(condition, self.element_id)):
                found.append(name)
                if first_only:
                    break
        if not found and self.default is not None:
            found = [self.default]
        if not found:
            clerk(my_task).no_way_out(self.element_id)
        return [self._wf_spec.task_specs[name] for name in found]


class Exclusive(Gateway):
    """Every token passes on its own, along the first flow whose condition holds."""

    def _next(self, my_task: Task) -> list[Any]:
        return self._holding(my_task, first_only=True)


class Join(Gateway):
    """Base of gateways that gather tokens: each arrival is a waiting task whose parent is the flow that it
    came by."""

    def _update_hook(self, my_task: Task) -> bool:
        if my_task.state != TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)
        arrived: dict[str, Task] = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.state == TaskState.WAITING:
                arrived.setdefault(task.parent.task_spec.name, task)
        if my_task not in arrived.values() or not self._complete(my_task, set(arrived)):
            return False
        for task in arrived.values():
            if task is not my_task:
                task._set_state(TaskState.COMPLETED)
        return True

    def _complete(self, my_task: Task, arrived: set[str]) -> bool:
        raise NotImplementedError

    def _on_ready_hook(self, my_task: Task) -> None:
        clerk(my_task).entered(my_task)
        super()._on_ready_hook(my_task)

    def _on_cancel(self, my_task: Task) -> None:
        """A gateway that never opened was never entered."""


class Parallel(Join):
    """Opens when a token waits on every incoming flow, and takes one from each; more than one stays in
    line."""

    def _complete(self, my_task: Task, arrived: set[str]) -> bool:
        return len(arrived) >= len(self._inputs)


class Inclusive(Join):
    """Opens when no other token of its scope could still reach an empty incoming flow (BPMN 2.0.2, table
    13.3).

    `reaching` maps each incoming flow step to the ids of the elements from which it can be reached without
    passing
    the gateway; it is worked out once, when the diagram is compiled.
    """

    def __init__(self, wf_spec: Any, name: str, element_id: str) -> None:
        super().__init__(wf_spec, name, element_id)
        self.reaching: dict[str, frozenset[str]] = {}

    def _next(self, my_task: Task) -> list[Any]:
        return self._holding(my_task, first_only=False)

    def _complete(self, my_task: Task, arrived: set[str]) -> bool:
        to_empty: set[str] = set()
        to_full: set[str] = set()
        for name, sources in self.reaching.items():
            (to_full if name in arrived else to_empty).update(sources)
        return not any(self._may_come(task, to_empty, to_full) for task in my_task.workflow.tasks.values())

    def _may_come(self, task: Task, to_empty: set[str], to_full: set[str]) -> bool:
        spec = task.task_spec
        if spec is self or (isinstance(spec, Boundary) and task.state == TaskState.WAITING):
            return False  # a boundary event that is only armed counts through the activity it sits on
        if not task.has_state(LIVE | TaskState.FUTURE) or not isinstance(spec, Step):
            return False
        return spec.element_id in to_empty and spec.element_id not in to_full
