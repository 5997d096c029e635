"""A parallel gateway that joins can open: at least one way through the diagram brings a token to each of its flows.

All ways are tried at once (a token game over the flows of one scope, where every choice is free), so what is found is
certain. Where that would take too long, nothing is said. A model that is run and not deployed may stand still: then
that is what it shows.

A join that opens for some answers and waits for ever after others is no finding but a warning: which answers there
will be is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

MOST_MARKINGS = 3_000
MOST_TOKENS = 3  # on one flow
MOST_SUBSETS = 5
MOST_STEPS = 1_000

Marking = tuple[tuple[str, int], ...]


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile != DEPLOY or any(f.target not in diagram.elements for f in diagram.flows.values()):
        return  # what leads nowhere is told elsewhere
    for scope, joins in _joins(diagram):
        markings = _reached(diagram, scope) or set()
        for join in joins:
            yield from _join(join, markings)


def warn(diagram: Diagram) -> Iterator[Finding]:
    """The joins of a diagram without findings that tokens may come to and never leave."""
    for scope, joins in _joins(diagram):
        markings = _reached(diagram, scope, patient=True) or set()
        dead = [marking for marking in markings if next(_following(diagram, marking, True), None) is None]
        held = {diagram.flows[flow].target for marking in dead for flow, _ in marking}
        for join in joins:
            if join.id in held:
                yield about(
                    "deadlocks",
                    join,
                    "kan få vänta för alltid: efter vissa svar eller händelser kommer det inget på alla flöden in. "
                    "Förena vägarna i en inklusiv gateway om de inte alltid går samtidigt.",
                    "may wait for ever: after some answers or events nothing comes on all flows into it. Join the "
                    "ways in an inclusive gateway if they are not always gone together.",
                )


def _joins(diagram: Diagram) -> Iterator[tuple[str | None, list[Element]]]:
    """Each scope with its parallel joins, where there are any."""
    for scope in [None, *(e.id for e in diagram.elements.values() if e.is_scope)]:
        joins = [e for e in diagram.inside(scope) if e.kind == "parallelGateway" and len(e.in_flows) > 1]
        if joins:
            yield scope, joins


def _join(join: Element, markings: set[Marking]) -> Iterator[Finding]:
    held = [{flow for flow, _ in marking} for marking in markings]
    if any(f in flows for f in join.in_flows for flows in held) and not any(
        flows >= {*join.in_flows} for flows in held
    ):
        yield about(
            "deadlocks",
            join,
            "väntar på flöden som aldrig alla kan tas, och öppnar därför aldrig. Förena vägar som utesluter varandra i "
            "en exklusiv gateway.",
            "waits for flows that can never all be taken, and so never opens. Join ways that exclude each other in an "
            "exclusive gateway.",
        )


def _reached(diagram: Diagram, scope: str | None, patient: bool = False) -> set[Marking] | None:
    """Every way in which tokens can lie on the flows of a scope; None when there are too many.

    `patient`: inclusive joins wait until nothing else can move, so that none goes before a token that it waits for.
    """
    starts = [e for e in diagram.inside(scope) if diagram.starts_scope(e)]
    first = [_settled(diagram, _add((), _all(diagram, element))) for element in starts]
    reached, pending = set(first), first
    while pending:
        for left in _following(diagram, pending.pop(), patient):
            following = _settled(diagram, left)
            if following not in reached:
                reached.add(following)
                pending.append(following)
            if len(reached) > MOST_MARKINGS or any(count > MOST_TOKENS for _, count in following):
                return None
    return reached


def _following(diagram: Diagram, marking: Marking, patient: bool) -> Iterator[Marking]:
    reached = [diagram.elements[e] for e in {diagram.flows[flow].target: None for flow, _ in marking}]
    waiting = [e for e in reached if patient and e.kind == "inclusiveGateway" and len(e.in_flows) > 1]
    first = [following for e in reached if e not in waiting for following in _passed(diagram, e, marking)]
    yield from first or (following for e in waiting for following in _passed(diagram, e, marking))


def _settled(diagram: Diagram, marking: Marking) -> Marking:
    """Each token taken on to where something is chosen or joined: what happens on the way there opens no join."""
    for _ in range(MOST_STEPS):
        plain = next((f for f, _ in marking if _has_one_way(diagram, diagram.elements[diagram.flows[f].target])), None)
        if plain is None:
            break
        marking = _add(_take(marking, [plain]), _all(diagram, diagram.elements[diagram.flows[plain].target]))
    return marking


def _has_one_way(diagram: Diagram, element: Element) -> bool:
    if element.kind == "exclusiveGateway":
        return len(element.out_flows) == 1
    if element.kind in ("parallelGateway", "inclusiveGateway"):
        return len(element.in_flows) == 1 and (element.kind == "parallelGateway" or len(element.out_flows) == 1)
    return not diagram.boundary(element.id) and "terminate" not in element.events


def _passed(diagram: Diagram, element: Element, marking: Marking) -> Iterator[Marking]:
    """What the marking may be when a token has passed the element."""
    held = [flow for flow, _ in marking if diagram.flows[flow].target == element.id]
    if element.kind == "parallelGateway":
        if len(held) == len(element.in_flows):
            yield _add(_take(marking, held), _all(diagram, element))
        return
    if "terminate" in element.events:
        yield ()
        return
    taken = [held] if element.kind == "inclusiveGateway" else [[flow] for flow in held]
    for flows in taken:
        for ways in _ways(diagram, element):
            yield _add(_take(marking, flows), ways)


def _ways(diagram: Diagram, element: Element) -> Iterator[list[str]]:
    """The lists of flows that one token may leave the element by."""
    if element.kind == "exclusiveGateway":
        yield from ([flow] for flow in element.out_flows)
    elif element.kind == "inclusiveGateway":
        most = len(element.out_flows)
        sizes = range(1, most + 1) if most <= MOST_SUBSETS else (1, most)
        yield from (list(some) for size in sizes for some in combinations(element.out_flows, size))
    else:
        normal = _all(diagram, element)
        yield normal
        for event in diagram.boundary(element.id):
            yield _all(diagram, event) if event.interrupting else normal + _all(diagram, event)


def _all(diagram: Diagram, element: Element) -> list[str]:
    flows = list(element.out_flows)
    if element.kind == "intermediateThrowEvent" and element.link() is not None:
        flows += [flow for target in diagram.link_targets(element) for flow in target.out_flows]
    return flows


def _take(marking: Marking, flows: list[str]) -> Marking:
    counts = dict(marking)
    for flow in flows:
        counts[flow] -= 1
    return tuple((flow, count) for flow, count in sorted(counts.items()) if count)


def _add(marking: Marking, flows: list[str]) -> Marking:
    counts = dict(marking)
    for flow in flows:
        counts[flow] = counts.get(flow, 0) + 1
    return tuple(sorted(counts.items()))
