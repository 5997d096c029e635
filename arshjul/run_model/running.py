"""Runs the processes of one file until nothing more happens, each instance in memory, under a clock that
jumps to what is due.

Scripts go first, then throw events, so that whoever can catch is ready; then messages, then time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from arshjul.run_model import scripts
from arshjul.run_model.refusing import faults
from engine import bpmn, feel
from engine.bpmn import iso8601

BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
HORIZON = 86_400
LONGEST = 10_000_000_000
"""Seconds, some 300 years."""
MOST_STEPS = 20_000
MOST_AT_ONCE = 5_000
"""Steps without the clock moving: what has gone on for so long never ends."""
MOST_TOKENS = 1_000
"""That wait in one instance at once."""
MOST_WAITS = 250_000
"""Looked at in all steps together, some ten seconds: a step costs more the more tokens and instances there are."""


@dataclass(frozen=True)
class Played:
    """What the script tasks traced, in order (`ERROR_deployment` alone when the file is refused), and where instances
    stand that did not reach their end: an element's id, its name, and what it waits for (`bpmn.Wait.kind`)."""

    traced: list[Any]
    waiting: tuple[tuple[str, str, str], ...] = ()


def run(xml: bytes, variables: Mapping[str, Any], *, test_scripts: bool = False) -> list[Any]:
    """What the script tasks traced; see `play`."""
    return play(xml, variables, test_scripts=test_scripts).traced


def play(xml: bytes, variables: Mapping[str, Any], *, test_scripts: bool = False) -> Played:
    """`_processes` names the processes to start, `_horizon` how many simulated seconds to run at most."""
    try:
        models = bpmn.load_all(xml, scripts=test_scripts)
    except bpmn.BpmnError:
        return Played(["ERROR_deployment"])
    data = {name: value for name, value in variables.items() if name not in ("_processes", "_horizon")}
    if faults(models, data):
        return Played(["ERROR_deployment"])
    runner = Runner({model.process_id: model for model in models}, data, bpmn.addressed(xml))
    wanted = variables.get("_processes")
    for process_id in _default(models) if wanted is None else wanted:
        runner.start(process_id)
    runner.run_until(BEGINNING + timedelta(seconds=min(float(variables.get("_horizon", HORIZON)), LONGEST)))
    return Played(runner.traced, tuple(_waiting(runner.instances)))


def _waiting(instances: list[Instance]) -> Iterator[tuple[str, str, str]]:
    """Not events on a border: what they sit on waits too."""
    for instance in instances:
        for wait in instance.execution.waits():
            if wait.attached_token is None:
                yield wait.element_id, instance.model.element(wait.element_id).name or "", wait.kind


def _default(models: list[bpmn.Model]) -> list[str]:
    """The one executable process; of several, the first that starts without an event and that no other calls."""
    called = {e.called for model in models for e in model.elements.values()}
    plain = [model.process_id for model in models if _starts_by_itself(model)]
    return [i for i in plain if i not in called][:1] or plain[:1]


def _starts_by_itself(model: bpmn.Model) -> bool:
    return any(not e.events and not e.instantiate for e in model.starts)


@dataclass(frozen=True)
class Message:
    """One that was sent. `to`: the elements and processes that it is addressed to; None: whoever waits for its name."""

    name: str
    sender: Instance
    to: frozenset[str] | None = None

    def may_go_to(self, *ids: str) -> bool:
        return self.to is None or not self.to.isdisjoint(ids)


@dataclass(eq=False)
class Instance:
    """`armed`: since when a timer waits and for what time, by its token and element; `resting`: script tokens that
    wait, with the commands that remain."""

    model: bpmn.Model
    execution: bpmn.Execution
    armed: dict[tuple[str, str], tuple[datetime, Any]] = field(default_factory=dict)
    resting: dict[str, tuple[datetime, list[scripts.Command]]] = field(default_factory=dict)


class Runner:
    """`variables` are the data of each instance that is started; `addressed` is to whom what sends writes."""

    def __init__(
        self, models: dict[str, bpmn.Model], variables: dict[str, Any], addressed: Mapping[str, frozenset[str]]
    ) -> None:
        self.models = models
        self.variables = variables
        self.addressed = addressed
        self.now = BEGINNING
        self.instances: list[Instance] = []
        self.messages: list[Message] = []
        self.traced: list[Any] = []
        self.timer_starts = {e.id: m for m in models.values() for e in m.starts if e.event == "timer"}
        self.started_by_timer: dict[str, int] = {}
        self.steps = self.at_once = self.waited = 0

    def start(self, process_id: str, by: str | None = None) -> None:
        """A new instance, standing where its first tokens wait. An unknown process is a failure of the run; one that
        begins with an event begins when that has come."""
        model = self.models.get(process_id)
        if model is None:
            self.traced.append("ERROR_runtime")
            return
        if by is None and not _starts_by_itself(model):
            return
        try:
            execution = model.start(dict(self.variables), self._evaluate, by=by, paced=True)
        except bpmn.BpmnError as fault:
            self.traced.append(_named(fault, model))
            return
        instance = Instance(model, execution)
        self.instances.append(instance)
        self._note(instance)

    def run_until(self, end: datetime) -> None:
        while self._may_go_on() and (self._run_script() or self._throw() or self._deliver() or self._jump(end)):
            self.steps += 1
            self.at_once += 1
            self.waited += len(self.instances)
        if not self._may_go_on():
            self.traced.append("ERROR_runtime")

    def _may_go_on(self) -> bool:
        return self.steps < MOST_STEPS and self.at_once < MOST_AT_ONCE and self.waited < MOST_WAITS

    def _evaluate(self, expression: str, variables: dict[str, Any]) -> Any:
        return feel.evaluate(expression, variables, now=self.now)

    def _do(self, instance: Instance, verb: Callable[[], Any], sender: str = "") -> None:
        """A verb of an instance, of its element `sender` when it may send; one that fails is over."""
        try:
            verb()
        except (bpmn.BpmnError, feel.FeelError) as fault:
            self.traced.append(_named(fault, instance.model))
            self.instances.remove(instance)
            return
        self._note(instance, sender)

    def _note(self, instance: Instance, sender: str = "") -> None:
        """What went out of an instance, and which timers it now waits for."""
        execution = instance.execution
        self.messages += [Message(name, instance, self.addressed.get(sender)) for name, _ in execution.thrown]
        signals = list(execution.signalled)
        execution.thrown.clear()
        execution.signalled.clear()
        execution.visits.clear()
        waits = execution.waits()
        self.waited += len(waits)
        if len(waits) > MOST_TOKENS:
            self._fail(instance)
            return
        timers = {(w.token, w.element_id): w for w in waits if w.kind == "timer"}
        instance.armed = {
            key: instance.armed.get(key) or (self.now, self._time(wait, execution.variables))
            for key, wait in timers.items()
        }
        tokens = {wait.token for wait in waits}
        instance.resting = {token: rest for token, rest in instance.resting.items() if token in tokens}
        if execution.done:
            self.instances.remove(instance)
        for name in signals:
            self._signal(name, instance)

    def _signal(self, name: str, sender: Instance) -> None:
        for other in [i for i in self.instances if i is not sender]:
            if other in self.instances:
                self._do(other, lambda other=other: other.execution.hear_signal(name))  # type: ignore[misc]
        for process_id, start in self._started_by("signal", name):
            self.start(process_id, start)

    def _started_by(self, kind: str, name: str) -> Iterator[tuple[str, str]]:
        for model in self.models.values():
            for element in model.starts:
                received = element.kind == "receiveTask" and element.instantiate and kind == "message"
                if (received and element.message == name) or any(
                    d.kind == kind and d.name == name for d in element.definitions
                ):
                    yield model.process_id, element.id

    def _waits(self, *kinds: str) -> Iterator[tuple[Instance, bpmn.Wait]]:
        for instance in self.instances:
            for wait in instance.execution.waits():
                if wait.kind in kinds:
                    yield instance, wait

    def _run_script(self) -> bool:
        """One script, until it is done or rests."""
        for instance, wait in self._waits("script"):
            until, commands = instance.resting.get(
                wait.token, (self.now, scripts.parse(instance.model.element(wait.element_id).script))
            )
            if until <= self.now:
                self._do(instance, lambda i=instance, t=wait.token, c=commands: self._script(i, t, c))  # type: ignore[misc]
                return True
        return False

    def _script(self, instance: Instance, token: str, commands: list[scripts.Command]) -> None:
        execution = instance.execution
        for place, command in enumerate(commands):
            value = self._evaluate(command.expression, execution.variables)
            match command.verb:
                case "trace":
                    self.traced.append(value)
                case "set":
                    execution.variables[command.name] = value
                case "throw":
                    execution.fail(token, str(value))
                    return
                case _:
                    instance.resting[token] = (self._after(command, value), commands[place + 1 :])
                    execution.look()
                    return
        execution.complete(token, {})

    def _after(self, command: scripts.Command, seconds: Any) -> datetime:
        """Raises FeelError for what is no number of seconds from 0."""
        try:
            return self.now + timedelta(seconds=max(float(seconds), 0))
        except (TypeError, ValueError, OverflowError) as fault:
            raise feel.FeelError(command.expression, "is no number of seconds") from fault

    def _throw(self) -> bool:
        for instance, wait in self._waits("throw"):
            self._do(instance, lambda i=instance, t=wait.token: i.execution.proceed(t), wait.element_id)  # type: ignore[misc]
            return True
        return False

    def _deliver(self) -> bool:
        """The oldest message that somebody waits for, or that starts something. The others are kept."""
        for place, message in enumerate(self.messages):
            found = [
                (i, w)
                for i, w in self._waits("message")
                if w.message == message.name and message.may_go_to(w.element_id, i.model.process_id)
            ]
            found.sort(key=lambda pair: pair[0] is message.sender)
            if found:
                del self.messages[place]
                instance, wait = found[0]
                self._do(instance, lambda i=instance, w=wait: i.execution.correlate(w.token, {}, w.message))  # type: ignore[misc]
                return True
            for process_id, start in self._started_by("message", message.name):
                if not message.may_go_to(start, process_id):
                    continue
                del self.messages[place]
                self.start(process_id, start)
                return True
        return False

    def _jump(self, end: datetime) -> bool:
        """To the earliest instant at which something is due, and let it happen."""
        due = list(self._due())
        if not due:
            return False
        instant, act = min(due, key=lambda pair: pair[0])
        if instant > end:
            return False
        if instant > self.now:
            self.now, self.at_once = instant, 0
        act()
        return True

    def _due(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for instance in list(self.instances):
            for until, _ in instance.resting.values():
                yield until, lambda: None
        for instance, wait in list(self._waits("timer")):
            try:
                instant = _instant(wait, *instance.armed[wait.token, wait.element_id])
            except ValueError:
                yield self.now, lambda i=instance: self._fail(i)  # type: ignore[misc]
                continue
            if instant is not None:
                yield instant, lambda i=instance, t=wait.token: self._do(i, lambda: i.execution.fire(t))  # type: ignore[misc]
        for start, model in self.timer_starts.items():
            element = model.element(start)
            fired = self.started_by_timer.get(start, 0)
            instant = iso8601.due(element.timer_kind or "", element.timer or "", BEGINNING, fired)
            if instant is not None and (fired == 0 or element.timer_kind == "timeCycle"):
                yield instant, lambda m=model, s=start: self._start_by_timer(m, s)  # type: ignore[misc]

    def _start_by_timer(self, model: bpmn.Model, start: str) -> None:
        self.started_by_timer[start] = self.started_by_timer.get(start, 0) + 1
        self.start(model.process_id, start)

    def _fail(self, instance: Instance) -> None:
        self.traced.append("ERROR_runtime")
        self.instances.remove(instance)

    def _time(self, wait: bpmn.Wait, variables: dict[str, Any]) -> Any:
        """The text where it is ISO 8601, else what the expression gives as the wait begins; None when it fails."""
        text = wait.timer or ""
        try:
            iso8601.due(wait.timer_kind or "", text, self.now, wait.fired)
        except ValueError:
            try:
                return self._evaluate(text, variables)
            except feel.FeelError:
                return None
        return text


def _instant(wait: bpmn.Wait, armed: datetime, time: Any) -> datetime | None:
    """Raises ValueError for what is no time."""
    return time if isinstance(time, datetime) else iso8601.due(wait.timer_kind or "", str(time), armed, wait.fired)


def _named(fault: Exception, model: bpmn.Model) -> str:
    """An error end event of the process itself that nobody catches has a name of its own."""
    if isinstance(fault, bpmn.BpmnError) and fault.code == "uncaught_error" and fault.element_id is not None:
        element = model.elements.get(fault.element_id)
        if element is not None and element.kind == "endEvent" and element.parent is None:
            return "ERROR_thrownErrorEvent"
    return "ERROR_runtime"
