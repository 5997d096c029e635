"""No two events in one place wait for the same: on the edge of one activity, as the starts of a process or of the event
sub-processes in one scope, or behind one event-based gateway. The standard does not say which of them would get it. A
signal is heard by all, so there it is enough that none of them ends the others' wait. Nor does it say which of two
processes a message starts that no message flow leads to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram, Element, EventDefinition
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import local, reference, tag, truth

TO_ONE = frozenset({"error", "escalation", "message", "cancel"})
NAMED = frozenset({"message", "signal"})
SOUGHT = TO_ONE | NAMED


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile != DEPLOY:
        yield from _starts_elsewhere(diagram)
    for place in _places(diagram):
        before: dict[tuple[str, str | None], list[Element]] = {}
        for second in place:
            awaited = dict.fromkeys((d.kind, d.name) for d in _awaited(second) if _is_told(d))
            earlier = (e for key in awaited for e in before.get(key, ()))
            first = next((e for e in earlier if _rivals(e, second)), None)
            for key in awaited:
                before.setdefault(key, []).append(second)
            if first is not None:
                yield about(
                    "rivals",
                    second,
                    f"väntar på samma händelse som ”{first.name or first.id}” på samma ställe, och bara en av dem kan "
                    "få den. Behåll en av dem.",
                    f"waits for the same event as “{first.name or first.id}” in the same place, and only one of them "
                    "can get it. Keep one of them.",
                )


def _starts_elsewhere(diagram: Diagram) -> Iterator[Finding]:
    """A message that starts this process and one before it in the file."""
    here = list(_starting(diagram.process))
    if not here:
        return
    led = {reference(flow.get("sourceRef")) for flow in diagram.root.iter(tag("messageFlow"))}
    loose = {name for name, sender in _sent(diagram.root) if sender not in led}
    before: dict[str, Any] = {}
    for process in diagram.root.iterchildren(tag("process")):
        if process is diagram.process:
            break
        if process.get("isExecutable") not in ("false", "0"):
            before |= dict(_starting(process))
    for name, node in here:
        if name in loose and name in before:
            yield about_node(
                "rivals",
                node,
                f"”{node.get('name') or node.get('id')}” startar på samma meddelande som "
                f"”{before[name].get('name') or before[name].get('id')}” i en annan process, och inget meddelandeflöde "
                "säger vilken av dem som får det. Rita flödet, eller använd två meddelanden.",
                f"“{node.get('name') or node.get('id')}” starts by the same message as "
                f"“{before[name].get('name') or before[name].get('id')}” in another process, and no message flow says "
                "which of them gets it. Draw the flow, or use two messages.",
            )


def _starting(process: Any) -> Iterator[tuple[str, Any]]:
    """The messages that start a process, each with the start event or receive task."""
    for node in process.iterchildren(tag("startEvent"), tag("receiveTask")):
        if local(node) == "startEvent" or truth(node.get("instantiate")):
            yield from ((name, node) for name in _messages(node))


def _sent(root: Any) -> Iterator[tuple[str, str]]:
    """Every message that is sent, with the id of what sends it."""
    for node in root.iter(tag("sendTask"), tag("endEvent"), tag("intermediateThrowEvent")):
        yield from ((name, node.get("id", "")) for name in _messages(node))


def _messages(node: Any) -> Iterator[str]:
    for named in (node, *node.iterchildren(tag("messageEventDefinition"))):
        if named.get("messageRef"):
            yield reference(named.get("messageRef")) or ""


def _places(diagram: Diagram) -> Iterator[list[Element]]:
    yield from diagram.attached.values()
    yield [e for e in diagram.inside(None) if e.kind == "startEvent"]
    handlers = [e for e in diagram.elements.values() if e.event_subprocess and e.is_scope]
    for scope in {handler.parent for handler in handlers}:
        inside = [e for h in handlers if h.parent == scope for e in diagram.inside(h.id)]
        yield [e for e in inside if e.kind == "startEvent"]
    for gateway in diagram.elements.values():
        if gateway.kind == "eventBasedGateway":
            ways = (diagram.flows[flow].target for flow in gateway.out_flows)
            yield [diagram.elements[target] for target in ways if target in diagram.elements]


def _is_told(definition: EventDefinition) -> bool:
    """An error without a name is any error, but a message or signal without one is nothing yet."""
    return definition.kind in SOUGHT and (definition.name is not None or definition.kind not in NAMED)


def _rivals(first: Element, second: Element) -> bool:
    return any(
        _one_gets_it(definition, first, second)
        for definition in _awaited(first)
        if any((d.kind, d.name) == (definition.kind, definition.name) for d in _awaited(second))
    )


def _awaited(element: Element) -> tuple[EventDefinition, ...]:
    if element.kind == "receiveTask":
        return (EventDefinition("message", element.message),)
    return element.definitions


def _one_gets_it(definition: EventDefinition, first: Element, second: Element) -> bool:
    alone = _ends_the_wait(first) or _ends_the_wait(second)
    return definition.kind in TO_ONE or (definition.kind == "signal" and alone)


def _ends_the_wait(element: Element) -> bool:
    """Behind a gateway, the first to come; the start of a process never does."""
    return element.interrupting is True or element.kind in ("intermediateCatchEvent", "receiveTask")
