"""A message event names its message."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.event == "message" and not element.message:
            yield about(
                "messages",
                element,
                "är en meddelandehändelse utan meddelande. Välj vilket meddelande den gäller.",
                "is a message event without a message. Choose the message that it is about.",
            )
