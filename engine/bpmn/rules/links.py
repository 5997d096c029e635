"""A link goes from a throw event to the one catch event in the same scope that it names as its target, or else that
has its name, in place of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about
from engine.bpmn.xml import local, reference, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    thrown = {(e.parent, e.link()) for e in diagram.elements.values() if e.kind == "intermediateThrowEvent"}
    for element in diagram.elements.values():
        if element.link() is None:
            continue
        if element.kind == "intermediateThrowEvent":
            yield from _thrower(diagram, element)
        elif element.kind == "intermediateCatchEvent":
            yield from _catcher(element, is_reached=(element.parent, element.link()) in thrown)
    definitions = {n.get("id"): n for n in diagram.process.iter(tag("linkEventDefinition"))}
    named = any(local(c) in ("source", "target") for node in definitions.values() for c in node)
    for node in definitions.values() if named else ():
        yield from _declared(diagram, node, definitions)


def _thrower(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if len(diagram.link_targets(element)) != 1 or not element.link():
        yield about(
            "links",
            element,
            "är en länk som varken genom sitt mål eller sitt namn leder till precis en fångande länk i samma process "
            "eller delprocess. Rita den.",
            "is a link that neither by its target nor by its name leads to exactly one catching link in the same "
            "scope. Draw it.",
        )
    if element.out_flows:
        yield about(
            "links",
            element,
            "är en kastande länk med ett flöde ut. Ta bort flödet.",
            "is a throwing link with a flow out of it. Remove the flow.",
        )


def _catcher(element: Element, *, is_reached: bool) -> Iterator[Finding]:
    if not is_reached:
        yield about(
            "links",
            element,
            "är en fångande länk som ingen länk leder till. Rita länken dit, eller ta bort den.",
            "is a catching link that no link leads to. Draw the link to it, or remove it.",
        )
    if element.in_flows:
        yield about(
            "links",
            element,
            "är en fångande länk med ett flöde in. Ta bort flödet.",
            "is a catching link with a flow into it. Remove the flow.",
        )


def _declared(diagram: Diagram, node: Any, definitions: dict[str, Any]) -> Iterator[Finding]:
    """Where the link definitions name each other, they must agree (BPMN 2.0.2, table 10.98)."""
    definition = node
    element = diagram.elements.get(definition.getparent().get("id"))
    partners = [reference(c.text) for c in definition if local(c) in ("source", "target")]
    wrong = any(not _names(definitions.get(p or ""), definition.get("id")) for p in partners)
    if element is not None and (wrong or not partners):
        yield about(
            "links",
            element,
            "är en länk vars motpart inte pekar tillbaka på den. Rita om länkparet.",
            "is a link whose counterpart does not point back at it. Draw the pair of links again.",
        )


def _names(definition: Any, link_id: str) -> bool:
    if definition is None:
        return False
    return any(reference(c.text) == link_id for c in definition if local(c) in ("source", "target"))
