"""One running instance: what it waits for, the verbs that move it, and how it is saved.

Every verb runs to the next wait states or changes nothing: if a condition fails, the execution is as it
was before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import blob, specs, tokens
from engine.bpmn.errors import BpmnError
from engine.bpmn.ledger import Evaluate, Ledger, Visit

if TYPE_CHECKING:
    from engine.bpmn.model import Model

MAX_DEPTH = 900
MAX_TASKS = 5_000

__all__ = ["Execution", "Visit", "Wait"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Something the instance waits for. `kind` is user_task, service, timer or message.

    `timer` is the raw text of the diagram and `timer_kind` the element that held it (timeDate, timeDuration).
    `attached_token` is, for a boundary event, the token of the activity that it sits on.
    """

    token: str
    element_id: str
    kind: str
    multi: bool = False
    timer: str | None = None
    timer_kind: str | None = None
    message: str | None = None
    attached_token: str | None = None
    interrupting: bool | None = None
    lane: str | None = None


class Execution:
    """Made by `Model.start` and `Model.restore`, and used by one thread at a time."""

    def __init__(self, model: Model, state: dict[str, Any], evaluate: Evaluate) -> None:
        self._model = model
        self._ledger = Ledger(evaluate)
        self._adopt(state)

    @property
    def variables(self) -> dict[str, Any]:
        """One flat dict for the whole instance; parallel branches see the same. Values must be JSON
        values."""
        return self._ledger.variables

    @property
    def visits(self) -> list[Visit]:
        return self._ledger.visits

    @property
    def thrown(self) -> list[tuple[str, dict[str, Any]]]:
        return self._ledger.thrown

    @property
    def done(self) -> bool:
        return not self._live and not any(tokens.save(w) for w in self._workflows())

    def waits(self) -> list[Wait]:
        """In the order in which the tokens came to be, an activity before its boundary events."""
        found = [self._wait(token, task) for token, task in self._live.items()]
        if not self.done:
            found += [self._start_wait(start) for start in self._model.compiled.triggered]
        return found

    def complete(self, token: str, variables: dict[str, Any]) -> None:
        """Finish a user or service task. Raises BpmnError('not_ready') unless exactly that token waits for
        it."""
        task = self._waiting(token, specs.Activity)
        self._verb(task.run, variables)

    def fire(self, token: str) -> None:
        """A timer is due. Raises BpmnError('not_ready')."""
        task = self._waiting(token, specs.Catch, specs.Boundary)
        self._expect(task, "timer", token)
        self._verb(task._ready, {})

    def correlate(self, token: str, variables: dict[str, Any]) -> None:
        """A message has come for this token. Raises BpmnError('not_ready')."""
        start = token.removeprefix("start:")
        if token.startswith("start:") and start in self._model.compiled.triggered and not self.done:
            self._verb(lambda: self._trigger(start), variables)
            return
        task = self._waiting(token, specs.Catch, specs.Boundary)
        self._expect(task, "message", token)
        self._verb(task._ready, variables)

    def cancel(self) -> None:
        """Take every token away; the instance is done."""
        for workflow in list(self._workflows()):
            workflow.cancel()
        self._adopt(self._state())

    def dump(self) -> bytes:
        """Everything needed to go on later; the same state always gives the same bytes."""
        return blob.pack(self._state())

    def begin(self) -> None:
        """Take the first steps. Called once, by `Model.start`."""

        def first() -> None:
            model = self._model.compiled
            self._main = BpmnWorkflow(model.main, model.inner, script_engine=self._ledger)
            self._main.task_tree.run()

        self._verb(first, {})

    def _trigger(self, start: str) -> None:
        """An event sub-process runs as a workflow of its own beside the main one, each time it is
        triggered."""
        model = self._model.compiled
        branch = BpmnWorkflow(model.triggered[start], model.inner, script_engine=self._ledger)
        self._branches.append((start, branch))
        branch.task_tree.run()

    def _verb(self, step: Callable[[], Any], variables: dict[str, Any]) -> None:
        before = self._state()
        seen, told = len(self.visits), len(self.thrown)
        before["variables"] = dict(self.variables)
        self.variables.update(variables)
        try:
            step()
            self._advance()
        except Exception:
            del self.visits[seen:], self.thrown[told:]
            self._adopt(before)
            raise
        self._adopt(self._state())

    def _advance(self) -> None:
        queue = self._ledger.queue
        while queue or self._close_subprocesses():
            task = queue.popleft()
            if task.state == TaskState.READY:
                _guard(task)
                task.run()
        if self._ledger.terminated is self._main:
            for _start, branch in self._branches:
                branch.cancel()

    def _close_subprocesses(self) -> bool:
        """Let every sub-process in which nothing is live be left; True when there was one."""
        closed = False
        for workflow in self._workflows():
            for inner in list(workflow.subprocesses.values()):
                host = workflow.get_task_from_id(inner.parent_task_id)
                if host.state == TaskState.STARTED and inner.is_completed():
                    host.task_spec._update(host)
                    closed = True
        return closed

    def _workflows(self) -> Iterator[BpmnWorkflow]:
        yield self._main
        yield from (branch for _start, branch in self._branches)

    def _state(self) -> dict[str, Any]:
        branches = [{"start": start, "tokens": tokens.save(branch)} for start, branch in self._branches]
        return {
            "model": self._model.sha256,
            "counter": self._ledger.counter,
            "variables": self.variables,
            "main": tokens.save(self._main),
            "branches": [branch for branch in branches if branch["tokens"]],
        }

    def _adopt(self, state: dict[str, Any]) -> None:
        """Stand where the state says, with fresh and shallow task trees."""
        ledger, model = self._ledger, self._model.compiled
        ledger.variables = state["variables"]
        ledger.counter = state["counter"]
        ledger.queue.clear()
        ledger.terminated = None
        self._main = tokens.rebuild(model.main, model.inner, state["main"], ledger)
        self._branches = [
            (b["start"], tokens.rebuild(model.triggered[b["start"]], model.inner, b["tokens"], ledger))
            for b in state["branches"]
        ]
        self._live = {
            task.internal_data["token"]: task
            for workflow in self._workflows()
            for task in tokens.live(workflow)
            if "token" in task.internal_data and not isinstance(task.task_spec, specs.SubProcess)
        }

    def _waiting(self, token: str, *kinds: type[specs.Step]) -> Task:
        task = self._live.get(token)
        if task is None or not isinstance(task.task_spec, kinds):
            raise BpmnError("not_ready", detail=token)
        return task

    def _expect(self, task: Task, event: str, token: str) -> None:
        if self._model.element(task.task_spec.element_id).event != event:
            raise BpmnError("not_ready", task.task_spec.element_id, token)

    def _wait(self, token: str, task: Task) -> Wait:
        element = self._model.element(task.task_spec.element_id)
        kind = {"userTask": "user_task", "serviceTask": "service"}.get(element.kind) or str(element.event)
        host = None
        if isinstance(task.task_spec, specs.Boundary):
            host = task.parent.children[0].internal_data["token"]
        return Wait(
            token=token,
            element_id=element.id,
            kind=kind,
            multi=element.multi,
            timer=element.timer,
            timer_kind=element.timer_kind,
            message=element.message,
            attached_token=host,
            interrupting=element.interrupting,
            lane=element.lane,
        )

    def _start_wait(self, start: str) -> Wait:
        element = self._model.element(start)
        return Wait(f"start:{start}", start, "message", message=element.message, interrupting=False, lane=element.lane)


def _guard(task: Task) -> None:
    """SpiffWorkflow loses sight of tasks deeper than 1,000 without an error; stop well before that."""
    made = len(task.workflow.tasks)
    if made > MAX_TASKS or (made > MAX_DEPTH and task.depth > MAX_DEPTH):
        raise BpmnError("too_long", task.task_spec.element_id)
