"""Cancel events belong to transactions: an end event inside, a boundary event on the transaction itself."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if "cancel" not in element.events:
            continue
        if element.kind == "endEvent":
            yield from _end(diagram, element)
        elif element.kind == "boundaryEvent":
            host = diagram.elements.get(element.attached_to or "")
            if host is None or host.kind != "transaction":
                yield about(
                    "transactions",
                    element,
                    "är en avbrottshändelse som inte sitter på en transaktion. Fäst den på en transaktion.",
                    "is a cancel event that does not sit on a transaction. Attach it to a transaction.",
                )
            elif host.loop is not None:
                yield about(
                    "transactions",
                    element,
                    "avbryter en transaktion som görs flera gånger, och det framgår inte om resten också avbryts. "
                    "Låt transaktionen stå i en delprocess som upprepas.",
                    "cancels a transaction that is done several times, and it is not said whether the rest is "
                    "cancelled too. Let the transaction stand in a sub-process that is repeated.",
                )


def _end(diagram: Diagram, element: Element) -> Iterator[Finding]:
    parent = element.parent
    while parent is not None and diagram.elements[parent].kind != "transaction":
        parent = diagram.elements[parent].parent
    if parent is None:
        yield about(
            "transactions",
            element,
            "är en avbrottshändelse utanför en transaktion. Använd en avslutande sluthändelse.",
            "is a cancel event outside a transaction. Use a terminate end event.",
        )
    elif not any("cancel" in b.events for b in diagram.boundary(parent)):
        yield about(
            "transactions",
            element,
            "avbryter en transaktion som saknar avbrottshändelse på kanten. Rita den.",
            "cancels a transaction that has no cancel event on its boundary. Draw it.",
        )
