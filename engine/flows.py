"""Where the flow of a diagram leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn import Element, Model


def after(model: Model, begin: Iterable[str]) -> set[str]:
    """These elements and all that the flow leads to from them; what only an event may begin is not among them."""
    return _walk(_leads(model), begin)


def ahead(model: Model, live: Iterable[str]) -> dict[str, str]:
    """What may still come while an instance is at these elements, they themselves among it: "coming" where the flow may
    lead, also inside a sub-process; "on_demand" what only an event may begin, there or around them. Nothing when it is
    nowhere."""
    at = set(live)
    by_flow = _ahead(model, at, events=False)
    return {element_id: "coming" if element_id in by_flow else "on_demand" for element_id in _ahead(model, at)}


def _ahead(model: Model, live: Iterable[str], *, events: bool = True) -> set[str]:
    leads, inside = _leads(model), _inside(model)
    for scope, elements in inside.items():
        if scope is not None:
            leads.setdefault(scope, set()).update(e.id for e in elements if events or not _on_demand(e))
    here = {element_id for element_id in live if element_id in model.elements}
    around = {parent for element_id in here for parent in _parents(model, element_id)}
    came = {e.id for scope in around if scope for e in inside[scope] if not model.elements[scope].loop}
    going_on = {to for scope in around if scope for to in leads[scope] - came}
    by_event = {e.id for scope in around for e in inside[scope] if events and _on_demand(e)}
    return here | _walk(leads, (here - around) | going_on | by_event)


def _on_demand(element: Element) -> bool:
    return element.event_subprocess or element.for_compensation


def _leads(model: Model) -> dict[str, set[str]]:
    leads: dict[str, set[str]] = {}
    for _id, source, target, _name, _condition in model.flows:
        leads.setdefault(source, set()).add(target)
    for element in model.elements.values():
        if element.attached_to is not None:
            leads.setdefault(element.attached_to, set()).add(element.id)
        if element.kind == "intermediateThrowEvent" and element.link() is not None:
            leads.setdefault(element.id, set()).update(_link_targets(model, element))
    return leads


def _link_targets(model: Model, thrower: Element) -> Iterable[str]:
    return (
        e.id
        for e in model.elements.values()
        if e.kind == "intermediateCatchEvent" and (e.parent, e.link()) == (thrower.parent, thrower.link())
    )


def _inside(model: Model) -> dict[str | None, list[Element]]:
    """By scope, what is drawn directly in it; the process is None."""
    inside: dict[str | None, list[Element]] = {None: []}
    for element in model.elements.values():
        inside.setdefault(element.parent, []).append(element)
    return inside


def _parents(model: Model, element_id: str) -> Iterable[str | None]:
    """The sub-processes around an element, from the nearest, and the process."""
    parent = model.elements[element_id].parent
    while parent is not None:
        yield parent
        parent = model.elements[parent].parent
    yield None


def _walk(leads: Mapping[str, Iterable[str]], begin: Iterable[str]) -> set[str]:
    waiting, met = list(begin), set[str]()
    while waiting:
        element_id = waiting.pop()
        if element_id not in met:
            met.add(element_id)
            waiting += leads.get(element_id, ())
    return met
