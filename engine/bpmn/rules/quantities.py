"""How many tokens an activity takes and gives: whole numbers from 1."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

MOST = 100


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        for name, count in (
            ("startQuantity", element.start_quantity),
            ("completionQuantity", element.completion_quantity),
        ):
            if not 1 <= count <= MOST:
                yield about(
                    "quantities",
                    element,
                    f"har {name} som inte är ett heltal från 1 till {MOST}. Ange ett sådant.",
                    f"has {name} that is not a whole number from 1 to {MOST}. Give one.",
                )
