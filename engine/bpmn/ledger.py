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
    """Implements `specs.Clerk` and `throwing.Post`. Token names are numbers of this instance, so they mean the
    same after a restore. `asked` counts the expressions evaluated."""

    evaluate: Evaluate
    paced: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    counter: int = 0
    asked: int = 0
    visits: list[Visit] = field(default_factory=list)
    thrown: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    signalled: list[str] = field(default_factory=list)
    queue: deque[Task] = field(default_factory=deque)
    cancelled_transactions: list[Task] = field(default_factory=list)

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

    def undone(self, task: Task) -> None:
        self.cancelled_transactions.append(task)

    def send(self, message: str) -> None:
        self.thrown.append((message, dict(self.variables)))

    def signal(self, name: str) -> None:
        self.signalled.append(name)

    def holds(self, condition: str, element_id: str, more: dict[str, Any] | None = None) -> bool:
        answer = self._value(condition, element_id, more)
        if not isinstance(answer, bool):
            raise BpmnError("condition", element_id, f"{condition}: {answer!r}")
        return answer

    def number(self, expression: str, element_id: str) -> int:
        answer = self._value(expression, element_id, None)
        if isinstance(answer, bool) or not isinstance(answer, int):
            raise BpmnError("cardinality", element_id, f"{expression}: {answer!r}")
        return answer

    def _value(self, expression: str, element_id: str, more: dict[str, Any] | None) -> Any:
        self.asked += 1
        try:
            return self.evaluate(expression, {**self.variables, **(more or {})})
        except Exception as error:
            raise BpmnError("condition", element_id, f"{expression}: {error}") from error

    def no_way_out(self, element_id: str) -> None:
        raise BpmnError("no_way_out", element_id)

    def _visit(self, task: Task, what: str) -> None:
        self.visits.append(Visit(task.task_spec.element_id, what, task.internal_data["token"]))
