"""A call activity names a process or global task of the same file, that can start without an event and does
not come back to the caller."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # no call activity is deployed
    for element in diagram.elements.values():
        if element.kind != "callActivity":
            continue
        called = diagram.called.get(element.called or "")
        if called is None:
            yield about(
                "calls",
                element,
                "anropar ingenting som finns i filen. Ange en process eller global uppgift i calledElement.",
                "calls nothing that the file holds. Name a process or global task in calledElement.",
            )
        elif not any(called.starts_scope(e) and not e.events and not e.instantiate for e in called.inside(None)):
            yield about(
                "calls",
                element,
                "anropar en process utan starthändelse utan typ. Rita en sådan i den.",
                "calls a process without a start event of no type. Draw one in it.",
            )
        elif _comes_back(diagram, element):
            yield about(
                "calls",
                element,
                "anropar en process som i sin tur anropar den här. Rita upprepningen som en slinga.",
                "calls a process that in turn calls this one. Draw the repetition as a loop.",
            )


def _comes_back(diagram: Diagram, element: Element) -> bool:
    pending, seen = [element.called or ""], set[str]()
    while pending:
        current = pending.pop()
        if current == diagram.process_id:
            return True
        if current not in seen and current in diagram.called:
            seen.add(current)
            pending += [e.called or "" for e in diagram.called[current].elements.values() if e.kind == "callActivity"]
    return False
