"""What one running instance remembers while its tokens move: variables, visits, thrown messages, token
numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn.errors import BpmnError

Evaluate = Callable[[str, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """A token entered, left or was cancelled at an element; or took a sequence flow (`what` is then
    'taken')."""

    element_id: str
    what: str
    token: str


@dataclass(slots=True)
class Ledger:
    """Implements `specs.Clerk`. Token names are numbers of this instance, so they mean the same after a
    restore."""

    evaluate: Evaluate
    variables: dict[str, Any] = field(default_factory=dict)
    counter: int = 0
    visits: list[Visit] = field(default_factory=list)
    thrown: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    queue: deque[Task] = field(default_factory=deque)
    terminated: Any = None

    def entered(self, task: Task) -> None:
        self.armed(task)
        self._visit(task, "entered")

    def left(self, task: Task) -> None:
        self._visit(task, "left")

    def cancelled(self, task: Task) -> None:
        if "token" in task.internal_data:
            self._visit(task, "cancelled")

    def taken(self, task: Task) -> None:
        """The flow carries the name of the token that left its source."""
        self.visits.append(Visit(task.task_spec.element_id, "taken", task.parent.internal_data["token"]))

    def armed(self, task: Task) -> None:
        if "token" not in task.internal_data:
            self.counter += 1
            task.internal_data["token"] = f"t{self.counter}"

    def ready(self, task: Task) -> None:
        self.queue.append(task)

    def throw(self, message: str) -> None:
        self.thrown.append((message, dict(self.variables)))

    def terminate(self, task: Task) -> None:
        self.terminated = task.workflow

    def holds(self, condition: str, element_id: str) -> bool:
        try:
            answer = self.evaluate(condition, self.variables)
        except Exception as error:
            raise BpmnError("condition", element_id, f"{condition}: {error}") from error
        if not isinstance(answer, bool):
            raise BpmnError("condition", element_id, f"{condition}: {answer!r}")
        return answer

    def no_way_out(self, element_id: str) -> None:
        raise BpmnError("no_way_out", element_id)

    def _visit(self, task: Task, what: str) -> None:
        self.visits.append(Visit(task.task_spec.element_id, what, task.internal_data["token"]))
