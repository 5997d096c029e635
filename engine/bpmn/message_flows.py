"""To whom a message is addressed: the message flows of a file, as far as they say it."""

from __future__ import annotations

from typing import Any

from engine.bpmn import limits
from engine.bpmn.xml import local, reference, tag


def addressed(xml: bytes) -> dict[str, frozenset[str]]:
    """What sends -> the events, receive tasks and processes that it sends to, by their ids. Who has no message flow is
    not there: then the name of the message decides alone. A pool in which nothing is drawn is there by its own id."""
    root, _ = limits.parse(xml, any_encoding=True)
    known = {node.get("id"): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    found: dict[str, set[str]] = {}
    for flow in root.iter(tag("messageFlow")):
        source = reference(flow.get("sourceRef")) or ""
        target = known.get(reference(flow.get("targetRef")) or "")
        if target is not None:
            found.setdefault(source, set()).add(_receiver(target))
    return {source: frozenset(receivers) for source, receivers in found.items()}


def _receiver(node: Any) -> str:
    """Itself, or, where what is drawn does not take messages itself, the process that it belongs to."""
    if local(node) == "participant":
        return reference(node.get("processRef")) or str(node.get("id"))
    if local(node) == "receiveTask" or local(node).endswith("Event"):
        return str(node.get("id"))
    process = next(node.iterancestors(tag("process")), node)
    return str(process.get("id"))
