"""What stands in a file beside its processes and is referred to from them: messages, signals, errors,
escalations and event definitions."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import AdHoc, EventDefinition, Repetition
from engine.bpmn.xml import is_bpmn, local, reference, tag, text_of, truth, whole

TIMERS = ("timeDate", "timeDuration", "timeCycle")
NAMED = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}
CODES = {"error": "errorCode", "escalation": "escalationCode"}


def declared(root: Any) -> dict[str, Any]:
    """Everything with an id directly in the file, and every event definition wherever it stands."""
    found = {node.get("id"): node for node in root.iterchildren() if is_bpmn(node) and node.get("id")}
    for node in root.iter():
        if is_bpmn(node) and local(node).endswith("EventDefinition") and node.get("id"):
            found.setdefault(node.get("id"), node)
    return found


def of_event(node: Any, known: dict[str, Any]) -> tuple[EventDefinition, ...]:
    """The event definitions of an event in the order of the file, those it borrows in their place."""
    found = []
    for child in node.iterchildren():
        if is_bpmn(child) and local(child).endswith("EventDefinition"):
            found.append(_definition(child, known))
        elif is_bpmn(child) and local(child) == "eventDefinitionRef":
            borrowed = known.get(reference(child.text) or "")
            if borrowed is not None and local(borrowed).endswith("EventDefinition"):
                found.append(_definition(borrowed, known))
    return tuple(found)


def _definition(node: Any, known: dict[str, Any]) -> EventDefinition:
    kind = local(node).removesuffix("EventDefinition")
    timer_kind, timer = _timer(node)
    return EventDefinition(
        kind=kind,
        name=_name(node, kind, known),
        timer=timer,
        timer_kind=timer_kind,
        condition=text_of(node, "condition"),
        activity=reference(node.get("activityRef")),
        waits=truth(node.get("waitForCompletion", "true")),
        id=node.get("id"),
    )


def _name(node: Any, kind: str, known: dict[str, Any]) -> str | None:
    if kind == "link":
        return _link(node, known)
    target = known.get(reference(node.get(NAMED.get(kind, "none"))) or "")
    if target is None or local(target) != kind:
        return None
    code = target.get(CODES[kind]) if kind in CODES else target.get("name")
    return str(code or target.get("id"))


def _link(node: Any, known: dict[str, Any]) -> str:
    """The name that a link is found by: that of the link it names as its target, else its own."""
    target = known.get(reference(node.findtext(tag("target"))) or "")
    meant = node if target is None or local(target) != "linkEventDefinition" else target
    return str(meant.get("name") or "")


def _timer(node: Any) -> tuple[str | None, str | None]:
    for name in TIMERS:
        text = text_of(node, name)
        if text is not None:
            return name, text
    return None, None


def repetition(node: Any, known: dict[str, Any]) -> Repetition | None:
    """The loop marker of an activity. A bare multi-instance marker is none: its participants are rows."""
    multi = node.find(tag("multiInstanceLoopCharacteristics"))
    if multi is not None:
        if multi.find(tag("loopCardinality")) is None:
            return None
        return Repetition(
            multi=True,
            sequential=truth(multi.get("isSequential", "false")),
            cardinality=text_of(multi, "loopCardinality"),
            completion=text_of(multi, "completionCondition"),
            behavior=multi.get("behavior", "All"),
            one=_referred(multi.get("oneBehaviorEventRef"), known),
            none=_referred(multi.get("noneBehaviorEventRef"), known),
        )
    loop = node.find(tag("standardLoopCharacteristics"))
    if loop is None:
        return None
    return Repetition(
        multi=False,
        condition=text_of(loop, "loopCondition"),
        maximum=whole(loop.get("loopMaximum"), -1) if loop.get("loopMaximum") else None,
        test_before=truth(loop.get("testBefore", "false")),
    )


def ad_hoc(node: Any) -> AdHoc | None:
    """None for anything but an ad-hoc sub-process."""
    if local(node) != "adHocSubProcess":
        return None
    return AdHoc(
        sequential=node.get("ordering", "Parallel") == "Sequential",
        completion=text_of(node, "completionCondition") or "",
        cancels_rest=truth(node.get("cancelRemainingInstances", "true")),
    )


def _referred(value: str | None, known: dict[str, Any]) -> EventDefinition | None:
    node = known.get(reference(value) or "")
    if node is None or not local(node).endswith("EventDefinition"):
        return None
    return _definition(node, known)
