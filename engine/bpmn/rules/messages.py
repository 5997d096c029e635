"""What is thrown or caught by name names it: messages and signals everywhere, errors and escalations where
they are thrown. In a model that is run, no two messages or signals have one name: they find their catchers by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import local, reference, tag

THROWING = ("endEvent", "intermediateThrowEvent")
TASKS = ("sendTask", "receiveTask")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iterchildren(tag("error"), tag("escalation")):
        if not node.get(f"{local(node)}Code") and _is_used(diagram, node):
            yield about_node(
                "messages",
                node,
                f"”{node.get('name') or node.get('id')}” används i händelser men saknar kod. Ange {local(node)}Code.",
                f"“{node.get('name') or node.get('id')}” is used in events without a code. Give its {local(node)}Code.",
            )
    if diagram.profile != DEPLOY:
        yield from _called_the_same(diagram)
    yield from _operations(diagram)
    for element in diagram.elements.values():
        if element.kind in TASKS and not element.message:
            yield _unnamed_message(element)
        for definition in element.definitions:
            if definition.name:
                continue
            if definition.kind == "message":
                yield _unnamed_message(element)
            elif definition.kind == "signal" or (
                definition.kind in ("error", "escalation") and element.kind in THROWING
            ):
                yield about(
                    "messages",
                    element,
                    f"kastar eller fångar en händelse av typen {definition.kind} utan namn. Välj vilken den gäller.",
                    f"throws or catches an event of type {definition.kind} without a name. Choose which it is about.",
                )


def _unnamed_message(element: Element) -> Finding:
    if element.kind in TASKS:
        return about(
            "messages",
            element,
            "sänder eller tar emot ett meddelande utan att säga vilket. Välj vilket.",
            "sends or receives a message without saying which. Choose which.",
        )
    return about(
        "messages",
        element,
        "är en meddelandehändelse utan meddelande. Välj vilket meddelande den gäller.",
        "is a message event without a message. Choose the message that it is about.",
    )


def _called_the_same(diagram: Diagram) -> Iterator[Finding]:
    meant = {reference(n.get(name)) for n in diagram.root.iter() for name in ("messageRef", "signalRef") if n.get(name)}
    for kind, several in (("message", "meddelanden"), ("signal", "signaler")):
        first: dict[str, Any] = {}
        for node in diagram.root.iterchildren(tag(kind)):
            name = node.get("name") or node.get("id")
            if node.get("id") in meant and first.setdefault(name, node) is not node:
                yield about_node(
                    "messages",
                    node,
                    f"”{name}” heter två {several}, som då inte går att skilja åt. Byt namn på ett av dem.",
                    f"“{name}” is the name of two {kind}s, which cannot be told apart by it. Rename one of them.",
                )


def _is_used(diagram: Diagram, node: Any) -> bool:
    """An error wherever it is meant, an escalation where it is thrown."""
    for user in diagram.root.iter(tag(f"{local(node)}EventDefinition")):
        thrown = local(user.getparent()) in THROWING
        if reference(user.get(f"{local(node)}Ref")) == node.get("id") and (thrown or local(node) == "error"):
            return True
    return False


def _operations(diagram: Diagram) -> Iterator[Finding]:
    """An operation that a task or event names is about the same message."""
    about_message = {
        n.get("id"): reference(n.findtext(tag("inMessageRef"))) for n in diagram.root.iter(tag("operation"))
    }
    for node in diagram.process.iter(tag("sendTask"), tag("receiveTask"), tag("messageEventDefinition")):
        named = reference(node.get("operationRef") or node.findtext(tag("operationRef")))
        owner = node if node.tag.endswith("Task") else node.getparent()
        message = reference(node.get("messageRef"))
        if named is not None and message is not None and about_message.get(named) != message:
            yield about_node(
                "messages",
                owner,
                f"”{owner.get('name') or owner.get('id')}” gäller ett annat meddelande än sin operation. Välj samma.",
                f"“{owner.get('name') or owner.get('id')}” is about another message than its operation. "
                "Choose the same.",
            )
