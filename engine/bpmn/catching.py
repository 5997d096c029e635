"""What waits for an event: catch events and receive tasks in the flow, boundary events, and the starts of
event sub-processes."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import scopes
from engine.bpmn.diagram import EventDefinition
from engine.bpmn.scopes import LIVE
from engine.bpmn.specs import Step, clerk

AGAIN = frozenset({"message", "signal", "escalation", "conditional"})


class Catching(Step):
    """Base. `caught` are its event definitions: any of them fires it, or all when `every`."""

    def __init__(
        self, wf_spec: Any, name: str, element_id: str, caught: tuple[EventDefinition, ...], every: bool = False
    ) -> None:
        super().__init__(wf_spec, name, element_id)
        self.caught = caught
        self.every = every

    def catches(self, kind: str, name: str | None, any_name: bool) -> int | None:
        """The index of its definition of this kind and name; with `any_name`, of one that names nothing."""
        for index, definition in enumerate(self.caught):
            if definition.kind == kind and definition.name == (None if any_name else name):
                return index
        return None

    def index_of(self, kind: str) -> int | None:
        return next((i for i, d in enumerate(self.caught) if d.kind == kind), None)


def hear(task: Task, index: int) -> bool:
    """One of the events that a task waits for has come. True when that was enough and it has fired."""
    spec: Catching = task.task_spec
    seen = set(task.internal_data.get("seen", ())) | {index}
    if spec.every and len(seen) < len(spec.caught):
        task.internal_data["seen"] = sorted(seen)
        return False
    task.internal_data.pop("seen", None)
    task._ready()
    task.run()
    return True


class Catch(Catching):
    """An intermediate catch event or receive task: waits until its event comes. Behind an event-based
    gateway, the first to come ends the others' wait."""

    is_activity = True

    def _update_hook(self, my_task: Task) -> None:
        if my_task.state != TaskState.WAITING:
            clerk(my_task).entered(my_task)
            gateway = _gateway(my_task)
            if gateway is not None:
                my_task.internal_data["race"] = gateway.internal_data["token"]
            my_task._set_state(TaskState.WAITING)

    def _on_ready_hook(self, my_task: Task) -> None:
        """It is run at once by whoever makes it ready."""

    def _on_complete_hook(self, my_task: Task) -> None:
        race = my_task.internal_data.get("race")
        if race is not None:
            for other in scopes.live(my_task.workflow):
                if other is not my_task and other.internal_data.get("race") == race:
                    other.cancel()
            gateway = _gateway(my_task)
            for flow in gateway.children if gateway is not None else ():
                if flow.has_state(LIVE):  # decided before the token was on the other ways
                    flow.cancel()
        super()._on_complete_hook(my_task)


def _gateway(task: Task) -> Task | None:
    """The event-based gateway that the token of an event has come from; None when it has been saved since."""
    flow = task.parent
    gateway = flow.parent if flow is not None else None
    return gateway if gateway is not None and is_event_based(gateway) else None


def is_event_based(task: Task) -> bool:
    return type(task.task_spec).__name__ == "EventBased"


class Beside(Catching):
    """Base of what waits beside the flow: armed when what it watches begins, and disarmed without a trace."""

    def __init__(
        self,
        wf_spec: Any,
        name: str,
        element_id: str,
        caught: tuple[EventDefinition, ...],
        every: bool,
        interrupting: bool,
    ) -> None:
        super().__init__(wf_spec, name, element_id, caught, every)
        self.interrupting = interrupting

    def _update_hook(self, my_task: Task) -> None:
        if my_task.state != TaskState.WAITING:
            clerk(my_task).armed(my_task)
            my_task._set_state(TaskState.WAITING)

    def _on_cancel(self, my_task: Task) -> None:
        """Disarmed: nothing happened."""


class Boundary(Beside):
    """A boundary event. It is entered when it fires, not when it is armed: an event that never came leaves
    no trace."""

    def _on_ready_hook(self, my_task: Task) -> None:
        clerk(my_task).entered(my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        if self.interrupting:
            for sibling in my_task.parent.children:
                if sibling is not my_task and sibling.has_state(LIVE):
                    sibling.cancel()
        super()._on_complete_hook(my_task)
        if not self.interrupting:
            arm_again(my_task)


class Armed(Beside):
    """The start of an event sub-process as its scope sees it: fires it once when it interrupts, else again
    and again. The start event itself is passed inside."""

    def _update_hook(self, my_task: Task) -> None:
        if my_task.workflow is my_task.workflow.top_workflow:
            my_task.internal_data["token"] = f"start:{self.element_id}"
        super()._update_hook(my_task)

    def _on_ready_hook(self, my_task: Task) -> None:
        """It is run at once by whoever makes it ready."""

    def _on_complete_hook(self, my_task: Task) -> None:
        if self.interrupting:
            scopes.cancel(my_task.workflow, but=my_task.children[0])
        else:
            arm_again(my_task)


def arm_again(task: Task) -> None:
    """What does not interrupt may fire more than once, a timer only if it is a cycle."""
    spec: Catching = task.task_spec
    cycle = any(d.timer_kind == "timeCycle" for d in spec.caught)
    if not cycle and not any(d.kind in AGAIN for d in spec.caught):
        return
    again = task.parent._add_child(spec, TaskState.FUTURE)
    if cycle:
        again.internal_data["token"] = task.internal_data["token"]
        again.internal_data["fired"] = task.internal_data.get("fired", 0) + 1
    if task.internal_data.get("held"):
        again.internal_data["held"] = True
    spec._update(again)
