"""The elements of a diagram in an order in which a person would read them aloud."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram


def flow_order(diagram: Diagram, parent: str | None = None) -> Iterator[str]:
    """Along the flow, branches before the join that gathers them; loops back are read once. Iterative per
    scope."""
    for element_id in _along(diagram, parent):
        yield element_id
        if diagram.elements[element_id].is_scope:
            yield from flow_order(diagram, element_id)


def _along(diagram: Diagram, parent: str | None) -> list[str]:
    """Reverse postorder of a depth-first walk from the start events; what no start reaches comes last."""
    inside = [e.id for e in diagram.inside(parent)]
    roots = sorted(
        inside, key=lambda i: (diagram.elements[i].kind != "startEvent", diagram.elements[i].event_subprocess)
    )
    seen: set[str] = set()
    return [element_id for root in roots for element_id in _walk(diagram, root, seen)]


def _walk(diagram: Diagram, root: str, seen: set[str]) -> list[str]:
    if root in seen:
        return []
    seen.add(root)
    done: list[str] = []
    stack = [(root, _following(diagram, root))]
    while stack:
        current, successors = stack[-1]
        following = next((s for s in successors if s not in seen), None)
        if following is None:
            done.append(current)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, _following(diagram, following)))
    return done[::-1]


def _following(diagram: Diagram, element_id: str) -> Iterator[str]:
    """In the same scope only: a flow over a border is a finding, not a way."""
    element = diagram.elements[element_id]
    inside = [s for s in diagram.successors(element) if diagram.elements[s].parent == element.parent]
    return iter(inside[::-1])
