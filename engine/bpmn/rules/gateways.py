"""A gateway splits or joins, as its direction says; an event-based gateway leads to events alone; a complex gateway
that joins says when it opens, has one way out, and lies on no loop."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about
from engine.bpmn.xml import tag

DIRECTIONS = {
    "Converging": (lambda n_in, n_out: n_in > 1 and n_out <= 1),
    "Diverging": (lambda n_in, n_out: n_in <= 1 and n_out > 1),
    "Mixed": (lambda n_in, n_out: n_in > 1 and n_out > 1),
}


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind.endswith("Gateway") and diagram.profile != DEPLOY:
            yield from _ways(element)
        if element.kind == "eventBasedGateway":
            yield from _event_based(diagram, element)
        if element.kind == "complexGateway" and diagram.profile != DEPLOY:
            yield from _complex(diagram, element)
    for kind in ("exclusive", "parallel", "inclusive", "complex", "eventBased"):
        for node in diagram.process.iter(tag(f"{kind}Gateway")):
            gateway = diagram.elements.get(node.get("id"))
            fits = DIRECTIONS.get(node.get("gatewayDirection", ""))
            if gateway is None or fits is None or fits(len(gateway.in_flows), len(gateway.out_flows)):
                continue
            yield about(
                "gateways",
                gateway,
                f"är en gateway med riktning {node.get('gatewayDirection')} vars flöden inte stämmer med det. "
                "Ändra riktningen eller flödena.",
                f"is a gateway of direction {node.get('gatewayDirection')} whose flows do not fit it. "
                "Change the direction or the flows.",
            )


def _ways(element: Element) -> Iterator[Finding]:
    if len(element.in_flows) < 2 and len(element.out_flows) < 2:
        yield about(
            "gateways",
            element,
            "är en gateway som varken delar eller förenar. Dra ett flöde i stället.",
            "is a gateway that neither splits nor joins. Draw a flow instead.",
        )


def _event_based(diagram: Diagram, element: Element) -> Iterator[Finding]:
    flows = [diagram.flows[f] for f in element.out_flows]
    if len(flows) < 2 or element.instantiate or element.default is not None:
        yield about(
            "gateways",
            element,
            "är en händelsebaserad gateway som inte väljer mellan minst två händelser, eller som startar processen. "
            "Rita minst två händelser efter den och en starthändelse före.",
            "is an event-based gateway that does not choose between at least two events, or that starts the process. "
            "Draw at least two events after it and a start event before.",
        )
    targets = [diagram.elements[f.target] for f in flows if f.target in diagram.elements]
    kinds = {t.kind for t in targets} | {k for t in targets for k in t.events}
    for flow in flows:
        target = diagram.elements.get(flow.target)
        if target is not None and (not _may_follow(diagram, target, kinds) or flow.condition is not None):
            yield about(
                "gateways",
                target,
                "kan inte följa en händelsebaserad gateway så. Rita en fångande händelse med bara det flödet in, "
                "utan villkor.",
                "cannot follow an event-based gateway like this. Draw a catch event with that flow alone into it, "
                "and no condition.",
            )


def _may_follow(diagram: Diagram, target: Element, kinds: set[str]) -> bool:
    if len(target.in_flows) != 1 or target.start_quantity != 1 or target.loop is not None:
        return False
    if target.kind == "receiveTask":
        return "message" not in kinds and not diagram.boundary(target.id)
    return target.kind == "intermediateCatchEvent" and target.link() is None


def _complex(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """The standard lets one that joins send tokens twice, and does not say what becomes of them on a loop."""
    joins = len(element.in_flows) > 1
    if joins != (element.activation is not None):
        yield about(
            "gateways",
            element,
            "är en komplex gateway som förenar utan activationCondition, eller som har en utan att förena. Ange "
            "villkoret där flöden förenas, och bara där.",
            "is a complex gateway that joins without an activationCondition, or has one without joining. Give the "
            "condition where flows are joined, and only there.",
        )
    one_way = len(element.out_flows) == 1 and diagram.flows[element.out_flows[0]].condition is None
    if joins and (not one_way or element.default is not None or _comes_back(diagram, element)):
        yield about(
            "gateways",
            element,
            "är en komplex gateway som förenar och har mer än ett flöde ut, villkor på det eller en slinga tillbaka. "
            "Låt ett enda flöde utan villkor gå ut, och dela efter den.",
            "is a complex gateway that joins and has more than one flow out, a condition on it or a loop back. Let "
            "one flow without condition leave it, and split after it.",
        )


def _comes_back(diagram: Diagram, element: Element) -> bool:
    pending, seen = diagram.successors(element), set[str]()
    while pending:
        current = pending.pop()
        if current == element.id:
            return True
        if current not in seen:
            seen.add(current)
            pending += diagram.successors(diagram.elements[current])
    return False
