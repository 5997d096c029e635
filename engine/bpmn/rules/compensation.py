"""Compensation: its boundary event points at one handler, its handler stands outside the flow, and what is to
be undone can be, in one way. Of what a called process could undo the standard does not say whether it is undone with
the call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.called_data import reached
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.say import about
from engine.bpmn.xml import reference, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    pointed = {e.handler for e in diagram.elements.values() if e.kind == "boundaryEvent" and "compensate" in e.events}
    drawn = Counter(reference(node.get("sourceRef")) for node in diagram.process.iter(tag("association")))
    wholes = set(_undone_wholes(diagram))
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent" and "compensate" in element.events:
            yield from _boundary(diagram, element, drawn[element.id], wholes)
        elif element.kind in ("endEvent", "intermediateThrowEvent") and "compensate" in element.events:
            yield from _throw(diagram, element)
        if element.for_compensation:
            yield from _handler(diagram, element, element.id in pointed)
        if element.kind == "startEvent" and "compensate" in element.events:
            yield from _start(diagram, element)
        if element.kind == "callActivity" and _is_undone_with_its_scope(diagram, element, wholes):
            yield from _call(diagram, element)


def _boundary(diagram: Diagram, element: Element, drawn: int, wholes: set[str | None]) -> Iterator[Finding]:
    """`drawn` is the number of associations from it, `wholes` what is undone as a whole."""
    handler = diagram.elements.get(element.handler or "")
    fits = handler is not None and handler.for_compensation and handler.parent == element.parent
    if element.out_flows or drawn != 1 or not fits:
        yield about(
            "compensation",
            element,
            "är en kompensationshändelse som inte har precis en association till en aktivitet för kompensation, "
            "eller som har flöden ut. Rita associationen och ta bort flödena.",
            "is a compensation event without exactly one association to an activity for compensation, or with flows "
            "out of it. Draw the association and remove the flows.",
        )
    if _is_undone_from_outside(diagram, element, wholes):
        yield about(
            "compensation",
            element,
            "ångrar något i en händelsedelprocess, och det framgår inte om det ska ångras med det som är utanför. Låt "
            "händelsedelprocessen själv ångra det.",
            "undoes something in an event sub-process, and it is not said whether that is undone with what is outside. "
            "Let the event sub-process undo it itself.",
        )
    same = [b for b in diagram.boundary(element.attached_to or "") if "compensate" in b.events]
    if len(same) > 1 and same[0] is not element:
        yield about(
            "compensation",
            element,
            "är den andra kompensationshändelsen på samma aktivitet. Behåll en.",
            "is the second compensation event on the same activity. Keep one.",
        )


def _handler(diagram: Diagram, element: Element, pointed: bool) -> Iterator[Finding]:
    if element.event_subprocess and element.is_scope:
        return  # it says so twice: its start event is what calls it
    ways = element.in_flows or element.out_flows or diagram.boundary(element.id)
    if ways or not pointed or element.kind not in ACTIVITIES:
        yield about(
            "compensation",
            element,
            "är en aktivitet för kompensation med flöden eller händelser på kanten, eller som ingen "
            "kompensationshändelse pekar på. Låt en association från händelsen vara dess enda väg in.",
            "is an activity for compensation with flows or boundary events, or that no compensation event points at. "
            "Let an association from the event be its only way in.",
        )


def _call(diagram: Diagram, element: Element) -> Iterator[Finding]:
    own = any("compensate" in event.events for event in diagram.boundary(element.id))
    called = (e for other in reached(diagram, element.called or "") for e in other.elements.values())
    if not own and any(e.kind in ("boundaryEvent", "startEvent") and "compensate" in e.events for e in called):
        yield about(
            "compensation",
            element,
            "ångras med det som är runt omkring och anropar en process där något kan ångras, och det framgår inte om "
            "det också ska ångras. Rita en kompensationshändelse på kanten.",
            "is undone with what is around it and calls a process in which something can be undone, and it is not said "
            "whether that is undone too. Draw a compensation event on its edge.",
        )


def _throw(diagram: Diagram, element: Element) -> Iterator[Finding]:
    definition = next(d for d in element.definitions if d.kind == "compensate")
    target = diagram.elements.get(definition.activity or "")
    if definition.activity is None and _has_its_own(diagram, element):
        yield about(
            "compensation",
            element,
            "ångrar allt, i en händelsedelprocess som har något eget att ångra, och det framgår inte om det som är "
            "utanför också ska ångras. Välj aktiviteten.",
            "undoes everything, in an event sub-process that has something of its own to undo, and it is not said "
            "whether what is outside shall be undone too. Choose the activity.",
        )
    visible, around = {element.parent}, diagram.elements.get(element.parent or "")
    if around is not None and around.event_subprocess:
        visible.add(around.parent)
    wrong = definition.activity is not None and (
        target is None or target.kind not in ACTIVITIES or target.parent not in visible
    )
    if wrong or not definition.waits:
        yield about(
            "compensation",
            element,
            "ångrar en aktivitet som inte finns i samma process eller delprocess, eller väntar inte tills den är "
            "ångrad. Välj en aktivitet där, och låt händelsen vänta. Bara en händelsedelprocess ångrar det som är "
            "utanför den.",
            "undoes an activity that is not in the same scope, or does not wait until it is undone. Choose an "
            "activity there, and let the event wait. Only an event sub-process undoes what is outside it.",
        )


def _is_undone_from_outside(diagram: Diagram, event: Element, wholes: set[str | None]) -> bool:
    """Does it stand in an event sub-process, in a scope that a throw event outside that undoes as a whole?"""
    around = _around(diagram, event)
    handler = next((e for e in around if e.event_subprocess), None)
    if handler is None:
        return False
    return _is_undone_with_its_scope(diagram, handler, wholes)


def _is_undone_with_its_scope(diagram: Diagram, element: Element, wholes: set[str | None]) -> bool:
    """Itself, or what it stands in, by a throw event or as a transaction is cancelled."""
    scopes = {e.id for e in _around(diagram, element)}
    if any("cancel" in b.events for scope in scopes for b in diagram.boundary(scope)):
        return True
    return None in wholes or not wholes.isdisjoint({element.id, *scopes})


def _undone_wholes(diagram: Diagram) -> Iterator[str | None]:
    """What a throw event names, or else the scope that it undoes; None for the process."""
    for element in diagram.elements.values():
        if element.kind in ("endEvent", "intermediateThrowEvent"):
            for definition in element.definitions:
                if definition.kind == "compensate":
                    yield definition.activity or _undone_scope(diagram, element)


def _undone_scope(diagram: Diagram, throw: Element) -> str | None:
    """What a throw event undoes that names no activity: all in its scope; in an event sub-process, what is outside."""
    around = diagram.elements.get(throw.parent or "")
    return around.parent if around is not None and around.event_subprocess else throw.parent


def _around(diagram: Diagram, element: Element) -> list[Element]:
    """The scopes that it stands in, from the inside out."""
    found: list[Element] = []
    while element.parent is not None:
        element = diagram.elements[element.parent]
        found.append(element)
    return found


def _has_its_own(diagram: Diagram, throw: Element) -> bool:
    """Does it stand in an event sub-process beside, or around, something that can be undone?"""
    around = diagram.elements.get(throw.parent or "")
    if around is None or not around.event_subprocess:
        return False
    pending = [around.id]
    while pending:
        for element in diagram.inside(pending.pop()):
            if any("compensate" in event.events for event in diagram.boundary(element.id)):
                return True
            pending += [element.id] if element.is_scope else []
    return False


def _start(diagram: Diagram, element: Element) -> Iterator[Finding]:
    handler = diagram.elements.get(element.parent or "")
    if handler is not None and handler.parent is not None and _is_undone_otherwise(diagram, handler, element):
        yield about(
            "compensation",
            element,
            "startar en händelsedelprocess för kompensation i något som också ångras på ett annat sätt. Behåll ett.",
            "starts a compensation event sub-process in something that is undone in another way too. Keep one.",
        )
    if handler is not None and handler.event_subprocess and handler.parent is None and _is_called(diagram):
        yield about(
            "compensation",
            element,
            "startar en händelsedelprocess för kompensation direkt i en process som anropas, och därifrån startas den "
            "inte. Rita den i en delprocess.",
            "starts a compensation event sub-process directly in a process that is called, from where it is not "
            "started. Draw it in a sub-process.",
        )


def _is_called(diagram: Diagram) -> bool:
    """What is called can be undone from outside; a process that is not, never is."""
    calls = diagram.root.iter(tag("callActivity"))
    return any(reference(call.get("calledElement")) == diagram.process_id for call in calls)


def _is_undone_otherwise(diagram: Diagram, handler: Element, start: Element) -> bool:
    """By a compensation event on the edge of its scope, or by an event sub-process before it."""
    scope = handler.parent or ""
    if any("compensate" in event.events for event in diagram.boundary(scope)):
        return True
    inside = [e for h in diagram.inside(scope) if h.event_subprocess and h.is_scope for e in diagram.inside(h.id)]
    undoing = [e.id for e in inside if e.kind == "startEvent" and "compensate" in e.events]
    return undoing[0] != start.id
