"""A timer says once, as a date or a duration, when it is due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn import iso8601
from engine.bpmn.diagram import DEPLOY, Diagram, Element, EventDefinition
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

VARIABLE = re.compile(r"(?![PR]\d)[^\W\d]\w*(\.\w+)*")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        for definition in element.definitions:
            if definition.kind == "timer":
                yield from _timer(diagram, element, definition)


def _timer(diagram: Diagram, element: Element, definition: EventDefinition) -> Iterator[Finding]:
    if definition.timer is None or definition.timer_kind is None:
        yield about(
            "timers",
            element,
            "är en tidshändelse utan tid. Ange ett datum eller en tidslängd.",
            "is a timer event without a time. Give it a date or a duration.",
        )
    elif definition.timer_kind == "timeCycle" and (diagram.profile == DEPLOY or not _may_repeat(element)):
        yield about(
            "timers",
            element,
            "upprepas enligt ett tidsschema. Ange ett datum eller en tidslängd, och rita upprepningen som en slinga.",
            "repeats on a schedule. Give a date or a duration, and draw the repetition as a loop.",
        )
    elif diagram.profile != DEPLOY and not _is_time(element, definition.timer_kind, definition.timer):
        yield about(
            "timers",
            element,
            f"har en tid som inte går att läsa: {definition.timer}. Skriv datum, tidslängd och upprepning "
            "enligt ISO 8601.",
            f"has a time that cannot be read: {definition.timer}. Write dates, durations and cycles as in ISO 8601.",
        )


def _may_repeat(element: Element) -> bool:
    """Only what fires without ending its own wait can fire again."""
    return element.kind == "startEvent" or (element.kind == "boundaryEvent" and element.interrupting is False)


def _is_time(element: Element, kind: str, text: str) -> bool:
    readers = {"timeDate": iso8601.date, "timeDuration": iso8601.duration, "timeCycle": iso8601.cycle}
    if readers[kind](text) is not None:
        return True
    return VARIABLE.fullmatch(text) is not None and element.kind != "startEvent"
