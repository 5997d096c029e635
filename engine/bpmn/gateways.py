"""Gateways: what chooses, what joins, and what lets the first event decide."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import Boundary
from engine.bpmn.scopes import LIVE
from engine.bpmn.specs import Step, clerk


class Gateway(Step):
    """A diverging gateway that chooses among its flows."""

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
        if not found and self.choices:
            clerk(my_task).no_way_out(self.element_id)
        return [self._wf_spec.task_specs[name] for name in found]


class Exclusive(Gateway):
    """Every token passes on its own, along the first flow whose condition holds."""

    def _next(self, my_task: Task) -> list[Any]:
        return self._holding(my_task, first_only=True)


class EventBased(Step):
    """Lets the first of the events that follow it decide: they are one `race`, named by its token."""


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
        consume(arrived, but=my_task)
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
    line. Conditions on its outgoing flows are not asked (BPMN 2.0.2, 13.4.1)."""

    def _complete(self, my_task: Task, arrived: set[str]) -> bool:
        return len(arrived) >= len(self._inputs)

    def _next(self, my_task: Task) -> list[Any]:
        return list(self.outputs)


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
        self.activation: str | None = None

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
        if "taken" in task.internal_data or (isinstance(spec, Boundary) and task.state == TaskState.WAITING):
            return False  # a boundary event that is only armed counts through the activity it sits on
        if spec is self:  # what waits here does not come; what has been let through is about to go on
            ways = {way.element_id for way in self.outputs} if task.state == TaskState.READY else set()
            return not ways.isdisjoint(to_empty - to_full)
        if not task.has_state(LIVE | TaskState.FUTURE) or not isinstance(spec, Step):
            return False
        return spec.element_id in to_empty and spec.element_id not in to_full


class Complex(Inclusive):
    """Opens when its activation condition holds, and then lets the tokens that are still to come go no further (BPMN
    2.0.2, table 13.5, with one flow out and no condition on it).

    `activationCount` in the condition is the number of tokens that wait, on whatever flows. While it waits to be as it
    was, a task of its own stands at the gateway and keeps in `taken` the flows whose tokens it has had. Without an
    activation condition it only splits, as an inclusive gateway does.
    """

    def _update_hook(self, my_task: Task) -> bool:
        if self.activation is None:
            return super()._update_hook(my_task)
        my_task._set_state(TaskState.WAITING)
        here = [t for t in my_task.workflow.tasks.values() if t.task_spec is self and t.state == TaskState.WAITING]
        resting = next((task for task in here if "taken" in task.internal_data), None)
        waiting = [task for task in here if task is not resting]
        arrived = {task.parent.task_spec.name: task for task in reversed(waiting)}
        if resting is None:
            arrived[my_task.parent.task_spec.name] = my_task
            return self._start(my_task, arrived, len(waiting))
        if my_task is resting:
            self._reset(resting, arrived)
        return False

    def _start(self, my_task: Task, arrived: dict[str, Task], tokens: int) -> bool:
        count = {"activationCount": tokens}
        if self.activation is None or not clerk(my_task).holds(self.activation, self.element_id, count):
            return False
        consume(arrived, but=my_task)
        if len(arrived) < len(self._inputs):
            resting = my_task.workflow.task_tree._add_child(self, TaskState.WAITING)
            resting.internal_data["taken"] = sorted(arrived)
        return True

    def _reset(self, resting: Task, arrived: dict[str, Task]) -> None:
        """Once no token can still come by a flow whose token it has not had, it is as it was before."""
        taken = set(resting.internal_data["taken"])
        if not self._complete(resting, taken | set(arrived)):
            return
        consume({name: task for name, task in arrived.items() if name not in taken})
        resting._set_state(TaskState.COMPLETED)
        for task in list(resting.workflow.tasks.values()):
            if isinstance(task.task_spec, Join) and task.state == TaskState.WAITING:
                task.task_spec._update(task)


def consume(arrived: dict[str, Task], but: Task | None = None) -> None:
    """The tokens that a gateway takes end there."""
    for task in arrived.values():
        if task is not but:
            task._set_state(TaskState.COMPLETED)
