"""One running instance: what it waits for, the verbs that move it, and how it is saved.

Every verb runs to the next wait states or changes nothing: if a condition fails, the execution is as it
was before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import blob, positions, scopes, specs, throwing, tokens
from engine.bpmn.catching import Armed, Boundary, Catching, hear
from engine.bpmn.diagram import EventDefinition
from engine.bpmn.errors import BpmnError
from engine.bpmn.freely_ordered import FreelyOrdered
from engine.bpmn.gateways import Join
from engine.bpmn.ledger import Evaluate, Ledger, Visit
from engine.bpmn.positions import Move, Verb
from engine.bpmn.repeating import Repeated

if TYPE_CHECKING:
    from engine.bpmn.model import Model

MAX_DEPTH = 900
MAX_TASKS = 5_000
MAX_SCOPES = 2_000
"""Sub-processes and calls that one step enters: calls that double at each level would never end."""

__all__ = ["Execution", "Visit", "Wait"]

KINDS = {"userTask": "user_task", "serviceTask": "service", "businessRuleTask": "service", "scriptTask": "script"}
FROM_OUTSIDE = ("timer", "message", "signal")


@dataclass(frozen=True, slots=True)
class Wait:
    """Something the instance waits for. `kind` is user_task, service, timer or message; in models that are
    run and not deployed also script, signal, and throw (a throw event held back, see Execution).

    `timer` is the raw text of the diagram and `timer_kind` the element that held it (timeDate, timeDuration,
    timeCycle); `fired` is how often a cycle has fired. `message` names the message or signal.
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
    fired: int = 0


class Execution:
    """Made by `Model.start` and `Model.restore`, and used by one thread at a time.

    A `paced` execution holds its message and signal throws back until `proceed` is called for their tokens, so
    that a caller who runs several instances can let all catchers get ready first.

    Between verbs it is a position and variables; the task trees are made when a move has to be worked out.
    """

    def __init__(
        self, model: Model, at: str, variables: dict[str, Any], evaluate: Evaluate, paced: bool = False
    ) -> None:
        self._model = model
        self._ledger = Ledger(evaluate, paced, variables)
        self._stand(at)

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
        """Messages thrown, each with the variables at that moment."""
        return self._ledger.thrown

    @property
    def signalled(self) -> list[str]:
        """Signals thrown; the instance's own catchers have already heard them."""
        return self._ledger.signalled

    @property
    def done(self) -> bool:
        known = self._at.done()
        if known is None:
            known = scopes.done(self._main)
            self._at.keep_done(known)
        return known

    def stands_still_at(self) -> str | None:
        """When nothing waits in the flow: the join whose tokens wait for others that can never come, if any."""
        every = [task for workflow in (self._main, *self._main.subprocesses.values()) for task in scopes.live(workflow)]
        return next((task.task_spec.element_id for task in every if isinstance(task.task_spec, Join)), None)

    def waits(self) -> list[Wait]:
        """In the order in which the tokens came to be, an activity before its boundary events; what could
        start an event sub-process of the whole process comes last."""
        known = self._at.waits()
        if known is None:
            starting = [t for t in self._live if t.startswith("start:")]
            flowing = [t for t in self._live if not t.startswith("start:")]
            known = tuple(w for token in flowing + starting for w in self._waits(token, self._live[token]))
            self._at.keep_waits(known)
        return list(known)

    def complete(self, token: str, variables: dict[str, Any]) -> None:
        """Finish a user, service or script task. Raises BpmnError('not_ready') unless exactly that token waits
        for it."""
        self._verb(("complete", token, None), lambda: self._run(self._waiting(token, specs.Activity)), variables)

    def fail(self, token: str, code: str) -> None:
        """An activity threw an error. Raises BpmnError('uncaught_error') when nothing catches it."""
        self._verb(("fail", token, code), lambda: throwing.error(self._waiting(token, specs.Activity), code), {})

    def proceed(self, token: str) -> None:
        """Let a throw event that was held back throw now. Raises BpmnError('not_ready')."""
        self._verb(("proceed", token, None), lambda: self._waiting(token, specs.Throw)._ready(), {})

    def fire(self, token: str) -> None:
        """A timer is due. Raises BpmnError('not_ready')."""
        self._verb(("fire", token, None), lambda: self._hear(token, "timer"), {})

    def correlate(self, token: str, variables: dict[str, Any], message: str | None = None) -> None:
        """A message has come for this token. Raises BpmnError('not_ready')."""
        self._verb(("correlate", token, message), lambda: self._hear(token, "message", message), variables)

    def hear_signal(self, name: str) -> None:
        """A signal was thrown elsewhere: every catcher of this name hears it."""
        self._verb(("signal", None, name), lambda: throwing.signal(self._main, name), {})

    def look(self) -> None:
        """Variables were changed from outside: what waits for a condition looks whether it holds."""
        if self._model.compiled.conditional:
            self._verb(("look", None, None), lambda: None, {})

    def cancel(self) -> None:
        """Take every token away; the instance is done."""
        scopes.cancel(self._main)
        self._stand(self._written())

    def dump(self) -> bytes:
        """Everything needed to go on later; the same state always gives the same bytes."""
        return blob.write(self._at.text, self._model.sha256, self.variables)

    def rewritten(self) -> bytes:
        """`dump` by way of the task trees: the same bytes, or the saved form does not say what stands in them.

        Raises KeyError for an element that the model lacks.
        """
        return blob.write(self._written(), self._model.sha256, self.variables)

    def begin(self, by: str | None) -> None:
        """Take the first steps. Called once, by `Model.start`."""

        def first() -> None:
            spec = self._model.compiled.main
            if by is not None:
                scopes.begin(self._main, [n for n in spec.entries if n.partition(":")[2] == by])
                self._hear_first(by)
                return
            plain = [e.id for e in self._model.starts if not e.events and not e.instantiate]
            wanted = plain or [e.id for e in self._model.starts]
            scopes.begin(self._main, [n for n in spec.entries if n.partition(":")[2] in wanted])

        self._verb(("begin", None, by), first, {})

    def _hear_first(self, by: str) -> None:
        """A receive task that starts the process has its message already."""
        for task in scopes.live(self._main):
            if isinstance(task.task_spec, Catching) and task.task_spec.element_id == by:
                hear(task, 0)

    def _hear(self, token: str, event: str, name: str | None = None) -> None:
        task = self._waiting(token, Catching)
        index = task.task_spec.index_of(event)
        if name is not None:
            named = task.task_spec.catches("message", name, any_name=False)
            index = index if named is None else named
        if index is None:
            raise BpmnError("not_ready", task.task_spec.element_id, token)
        hear(task, index)

    def _verb(self, verb: Verb, step: Callable[[], Any], variables: dict[str, Any]) -> None:
        """Take the step and all that follows from it, or leave everything as it was."""
        ledger, before = self._ledger, dict(self.variables)
        self.variables.update(variables)
        known = self._at.move(verb)
        if known is not None:
            ledger.visits.extend(known.visits)
            self._stand(known.text)
            return
        seen, thrown, signalled = len(ledger.visits), len(ledger.thrown), len(ledger.signalled)
        asked, start = ledger.asked, self._at
        try:
            step()
            self._advance()
            text = self._written()
        except Exception:
            del ledger.visits[seen:], ledger.thrown[thrown:], ledger.signalled[signalled:]
            ledger.variables = before
            self._stand(start.text)
            raise
        silent = ledger.asked == asked and len(ledger.thrown) == thrown and len(ledger.signalled) == signalled
        if silent and not ledger.paced and not self._model.compiled.conditional:
            start.keep_move(verb, Move(text, tuple(ledger.visits[seen:])))
        self._stand(text)

    def _advance(self) -> None:
        queue = self._ledger.queue
        while self._condition_came_true() or queue or self._close_scopes():
            if not queue:
                continue
            task = queue.popleft()
            if task.state == TaskState.READY:
                _guard(task)
                self._run(task)
            while self._ledger.cancelled_transactions:
                throwing.cancelled(self._ledger.cancelled_transactions.pop())
        if scopes.done(self._main):
            scopes.cancel(self._main)

    def _run(self, task: Task) -> None:
        """One step; what it throws is caught first, and may take the step itself away."""
        if isinstance(task.task_spec, specs.Throw):
            throwing.throw(task)
        if task.state == TaskState.READY:
            task.run()
        host = scopes.host_of(task.workflow)
        if host is not None and isinstance(host.task_spec, Repeated | FreelyOrdered) and host.has_state(scopes.LIVE):
            host.task_spec.progress(host, task)

    def _close_scopes(self) -> bool:
        """Let every sub-process in which nothing is live be left; True when there was one."""
        entered = list(self._main.subprocesses.values())
        if len(entered) > MAX_SCOPES:
            raise BpmnError("too_long", entered[-1].host.task_spec.element_id)
        for inner in entered:
            host = inner.host
            if host.state == TaskState.STARTED and scopes.done(inner):
                host.task_spec._update(host)
                return True
        return False

    def _condition_came_true(self) -> bool:
        """Fires one event whose condition has become true since it was last looked at; True if there was one."""
        if not self._model.compiled.conditional:
            return False
        for workflow in [self._main, *self._main.subprocesses.values()]:
            for task in scopes.live(workflow):
                if isinstance(task.task_spec, Catching) and task.state == TaskState.WAITING and self._looks(task):
                    return True
        return False

    def _looks(self, task: Task) -> bool:
        for index, definition in enumerate(task.task_spec.caught):
            if definition.kind == "conditional" and definition.condition:
                held = task.internal_data.get("held", False)
                task.internal_data["held"] = self._ledger.holds(definition.condition, task.task_spec.element_id)
                if task.internal_data["held"] and not held:
                    hear(task, index)
                    return True
        return False

    def _stand(self, text: str) -> None:
        self._at = positions.at(self._model.sha256, text)
        self._trees: tuple[BpmnWorkflow, dict[str, Task]] | None = None

    @property
    def _main(self) -> BpmnWorkflow:
        return self._planted()[0]

    @property
    def _live(self) -> dict[str, Task]:
        """Every waiting task by its token."""
        return self._planted()[1]

    def _planted(self) -> tuple[BpmnWorkflow, dict[str, Task]]:
        """Fresh and shallow task trees that stand where the position says."""
        if self._trees is None:
            ledger, state = self._ledger, self._at.state()
            ledger.counter = state["counter"]
            ledger.queue.clear()
            ledger.cancelled_transactions.clear()
            main = tokens.rebuild(self._model.compiled, state["main"], state.get("log", []), ledger)
            named = [task for task in tokens.live(main) if "token" in task.internal_data]
            live = {t.internal_data["token"]: t for t in named if not isinstance(t.task_spec, specs.SubProcess)}
            self._trees = main, live
        return self._trees

    def _written(self) -> str:
        """The position at which the task trees stand now."""
        state = {"main": tokens.save(self._main), "counter": self._ledger.counter}
        log = self._main.data.get("log")
        return blob.position(state | ({"log": log} if log else {}))

    def _waiting(self, token: str, *kinds: type[specs.Step]) -> Task:
        task = self._live.get(token)
        if task is None or not isinstance(task.task_spec, kinds):
            raise BpmnError("not_ready", detail=token)
        return task

    def _waits(self, token: str, task: Task) -> list[Wait]:
        element = self._model.element(task.task_spec.element_id)
        if not isinstance(task.task_spec, Catching):
            kind = "throw" if isinstance(task.task_spec, specs.Throw) else KINDS.get(element.kind)
            return [] if kind is None else [Wait(token, element.id, kind, multi=element.multi, lane=element.lane)]
        return [
            self._event_wait(token, task, definition)
            for definition in task.task_spec.caught
            if definition.kind in FROM_OUTSIDE
        ]

    def _event_wait(self, token: str, task: Task, definition: EventDefinition) -> Wait:
        element = self._model.element(task.task_spec.element_id)
        host = None
        if isinstance(task.task_spec, Boundary):
            host = task.parent.children[0].internal_data["token"]
        return Wait(
            token=token,
            element_id=element.id,
            kind=definition.kind,
            timer=definition.timer,
            timer_kind=definition.timer_kind,
            message=definition.name,
            attached_token=host,
            interrupting=element.interrupting if isinstance(task.task_spec, Boundary | Armed) else None,
            lane=element.lane,
            fired=task.internal_data.get("fired", 0),
        )


def _guard(task: Task) -> None:
    """SpiffWorkflow loses sight of tasks deeper than 1,000 without an error; stop well before that."""
    made = len(task.workflow.tasks)
    if made > MAX_TASKS or (made > MAX_DEPTH and task.depth > MAX_DEPTH):
        raise BpmnError("too_long", task.task_spec.element_id)
