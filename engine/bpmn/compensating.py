"""Undoing what was completed (BPMN 2.0.2, 13.5.5): handlers run one at a time, the latest completed first.

Each scope keeps a log of its completed activities that can be undone; a completed sub-process carries its own log
with it. From the log a plan is made, a flat list of what shall run: handlers, and compensation event
sub-processes. It runs in a scope of its own that holds nothing else but the log of what is being undone: that is
what a compensation event sub-process undoes further.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn import scopes
from engine.bpmn.diagram import EventDefinition
from engine.bpmn.specs import SubProcess, clerk

CANCELLING = "x:cancelling"
Log = list[dict[str, Any]]


class Compensate(SubProcess):
    """A compensation throw or end event: holds its token until everything is undone.

    `undo` maps an activity to what undoes it; an activity that is not there is undone from the inside.
    """

    def __init__(
        self, wf_spec: Any, name: str, element_id: str, inner: str, what: EventDefinition, undo: dict[str, str]
    ) -> None:
        super().__init__(wf_spec, name, element_id, inner, "compensation")
        self.what = what
        self.undo = undo

    def _open(self, my_task: Task) -> bool | None:
        plan = self._plan(my_task)
        if not plan:
            return True
        my_task.internal_data["plan"] = plan
        return super()._open(my_task)

    def _plan(self, my_task: Task) -> Log:
        """Takes what it plans out of the log: nothing is undone twice."""
        workflow = my_task.workflow
        while (host := scopes.host_of(workflow)) is not None and not self._knows(workflow):
            workflow = host.workflow
        log: Log = workflow.data.get("log", [])
        chosen = [entry for entry in log if self.what.activity in (None, entry["at"])]
        workflow.data["log"] = [entry for entry in log if entry not in chosen]
        return flat(chosen, self.undo)

    def _knows(self, workflow: Any) -> bool:
        """Is this the scope whose activities it undoes? Unless it names one, a handler of events undoes what is outside
        it."""
        if self.what.activity is not None:
            return any(entry["at"] == self.what.activity for entry in workflow.data.get("log", []))
        host = scopes.host_of(workflow)
        return host is None or host.task_spec.kind != "event"

    def begin(self, my_task: Task, inner: Any) -> None:
        undone = my_task.internal_data["plan"].pop(0)
        inner.data["log"] = undone["log"]
        scopes.plant(inner, f"n:{undone['at']}")

    def proceed(self, my_task: Task, inner: Any) -> bool:
        if my_task.internal_data.get("plan"):
            self.begin(my_task, inner)
            return False
        return super().proceed(my_task, inner)


class Cancelling(Compensate):
    """What follows a cancel end event: the transaction is undone, then left by its cancel boundary event."""

    def __init__(self, wf_spec: Any, inner: str, undo: dict[str, str]) -> None:
        super().__init__(wf_spec, CANCELLING, CANCELLING, inner, EventDefinition("compensate"), undo)
        self.silent = True

    def _knows(self, workflow: Any) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        clerk(my_task).undone(my_task)


def flat(log: Log, undo: dict[str, str]) -> Log:
    """What shall run, latest first, each with the log of what it undoes."""
    found: Log = []
    for entry in reversed(log):
        if entry["at"] in undo:
            found.append({"at": undo[entry["at"]], "log": entry["log"]})
        else:
            found += flat(entry["log"], undo)
    return found
