"""A timer says once, as a date or a duration, when it is due."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.event != "timer":
            continue
        if element.timer is None:
            yield about(
                "timers",
                element,
                "är en tidshändelse utan tid. Ange ett datum eller en tidslängd.",
                "is a timer event without a time. Give it a date or a duration.",
            )
        elif element.timer_kind == "timeCycle":
            yield about(
                "timers",
                element,
                "upprepas enligt ett tidsschema. Ange ett datum eller en tidslängd, och rita "
                "upprepningen som en slinga.",
                "repeats on a schedule. Give a date or a duration, and draw the repetition as a loop.",
            )
