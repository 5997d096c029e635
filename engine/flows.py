"""Where the flow of a diagram leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn import Model


def after(model: Model, begin: Iterable[str]) -> set[str]:
    """These elements and all that the flow leads to from them; what only an event may begin is not among them."""
    leads: dict[str, set[str]] = {}
    for _id, source, target, _name, _condition in model.flows:
        leads.setdefault(source, set()).add(target)
    for element in model.elements.values():
        if element.attached_to is not None:
            leads.setdefault(element.attached_to, set()).add(element.id)
    waiting, met = list(begin), set[str]()
    while waiting:
        element_id = waiting.pop()
        if element_id not in met:
            met.add(element_id)
            waiting += leads.get(element_id, ())
    return met
