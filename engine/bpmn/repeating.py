"""An activity that is done again: a standard loop, or several instances one after the other or side by
side. Around it stands a scope that holds nothing but the activity."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn import scopes, throwing
from engine.bpmn.diagram import EventDefinition, Repetition
from engine.bpmn.errors import BpmnError
from engine.bpmn.specs import SubProcess, clerk

MOST_INSTANCES = 100
MOST_ROUNDS = 1_000


class Repeated(SubProcess):
    """Its inner scope remembers in `rounds`: how many are planned, begun and done."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, inner: str, repetition: Repetition) -> None:
        super().__init__(wf_spec, name, element_id, inner, "repeated", silent=True)
        self.repetition = repetition

    def _open(self, my_task: Task) -> bool | None:
        planned = self._planned(my_task)
        if planned == 0:
            return True
        my_task.internal_data["rounds"] = [planned, 0, 0]
        return super()._open(my_task)

    def _planned(self, my_task: Task) -> int:
        """How many instances; for a loop, how many at most. Zero passes the activity by."""
        repetition = self.repetition
        if not repetition.multi:
            if repetition.test_before and not self._again(my_task):
                return 0
            return MOST_ROUNDS if repetition.maximum is None else repetition.maximum
        count = clerk(my_task).number(repetition.cardinality or "", self.element_id)
        if not 0 <= count <= MOST_INSTANCES:
            raise BpmnError("cardinality", self.element_id, str(count))
        return count

    def begin(self, my_task: Task, inner: Any) -> None:
        rounds = my_task.internal_data["rounds"]
        parallel = self.repetition.multi and not self.repetition.sequential
        while rounds[1] < (rounds[0] if parallel else 1):
            self._one_more(my_task, inner)

    def _one_more(self, my_task: Task, inner: Any) -> None:
        my_task.internal_data["rounds"][1] += 1
        scopes.plant(inner, inner.spec.entries[0])

    def progress(self, my_task: Task, _task: Task) -> None:
        """Called after each step inside: has an instance been completed?"""
        inner = scopes.inner_of(my_task)
        rounds = my_task.internal_data["rounds"]
        waiting = sum(1 for task in scopes.live(inner) if task is not inner.task_tree)
        finished = rounds[1] - waiting
        while rounds[2] < finished and my_task.has_state(scopes.LIVE):
            rounds[2] += 1
            self._completed_one(my_task, inner)

    def _completed_one(self, my_task: Task, inner: Any) -> None:
        total, begun, done = my_task.internal_data["rounds"]
        for event in self._announced(done):
            throwing.announce(my_task, event)
        if not my_task.has_state(scopes.LIVE):
            return
        counts = {
            "numberOfInstances": total,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": begun - done,
            "numberOfTerminatedInstances": 0,
            "loopCounter": done,
        }
        if self.repetition.completion and clerk(my_task).holds(self.repetition.completion, self.element_id, counts):
            scopes.cancel(inner)
            my_task.internal_data["rounds"] = [total, begun, begun]
        elif begun < total and begun == done and (self.repetition.multi or self._again(my_task)):
            self._one_more(my_task, inner)

    def _announced(self, done: int) -> list[EventDefinition]:
        if self.repetition.behavior == "None" and self.repetition.none is not None:
            return [self.repetition.none]
        if self.repetition.behavior == "One" and done == 1 and self.repetition.one is not None:
            return [self.repetition.one]
        return []

    def _again(self, my_task: Task) -> bool:
        condition = self.repetition.condition
        rounds = my_task.internal_data.get("rounds", [0, 0, 0])
        if condition is None:
            return True
        return clerk(my_task).holds(condition, self.element_id, {"loopCounter": rounds[2]})

    def proceed(self, my_task: Task, inner: Any) -> bool:
        if not self.repetition.multi and my_task.internal_data["rounds"][1] >= MOST_ROUNDS:
            raise BpmnError("too_long", self.element_id)
        return super().proceed(my_task, inner)
