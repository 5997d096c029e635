"""From a checked Diagram to SpiffWorkflow specs, built directly: only our reader reads the file's text.

Names inside the specs carry a letter before the author's id (n: element, f: sequence flow, b: split before
boundary events, q: queue before an activity that takes several tokens, a: armed start of an event
sub-process), so no id of a diagram can collide with SpiffWorkflow's own `Start` and `End`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.bpmn import catching, gateways, specs
from engine.bpmn.compensating import Cancelling, Compensate
from engine.bpmn.diagram import Diagram, Element, EventDefinition
from engine.bpmn.freely_ordered import FreelyOrdered
from engine.bpmn.repeating import Repeated
from engine.bpmn.scopes import Scope


@dataclass(slots=True)
class Compiled:
    """The specs of one process. `conditional`: does anything wait for a condition to become true?"""

    main: Scope
    inner: dict[str, Scope] = field(default_factory=dict)
    conditional: bool = False


def node(element_id: str) -> str:
    return f"n:{element_id}"


def way(flow_id: str) -> str:
    return f"f:{flow_id}"


def split(element_id: str) -> str:
    return f"b:{element_id}"


def compile_diagram(diagram: Diagram) -> Compiled:
    compiled = Compiled(_scope(diagram, None))
    for each in (diagram, *diagram.called.values()):
        if each is not diagram:
            compiled.inner[each.process_id] = _scope(each, None)
        _inner_scopes(each, compiled.inner)
        compiled.conditional |= any("conditional" in e.events for e in each.elements.values())
    return compiled


def _inner_scopes(diagram: Diagram, inner: dict[str, Scope]) -> None:
    for element in diagram.elements.values():
        if element.is_scope:
            inner[element.id] = _scope(diagram, element.id)
        if element.repetition is not None:
            inner[repeated(element.id)] = _lonely(diagram, repeated(element.id), [element.id])
    handlers = list(undoing(diagram).values())
    if any("compensate" in e.events or "cancel" in e.events for e in diagram.elements.values()):
        inner[undone(diagram)] = _lonely(diagram, undone(diagram), handlers)


def repeated(element_id: str) -> str:
    return f"r:{element_id}"


def undone(diagram: Diagram) -> str:
    return f"c:{diagram.process_id}"


def undoing(diagram: Diagram) -> dict[str, str]:
    """Activity -> what undoes it: the handler of its compensation event, or its compensation event sub-process."""
    found: dict[str, str] = {}
    for element in diagram.elements.values():
        if element.kind == "startEvent" and "compensate" in element.events and element.parent is not None:
            scope = diagram.elements[element.parent].parent
            if scope is not None:
                found[scope] = element.parent
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent" and "compensate" in element.events and element.handler:
            found[element.attached_to or ""] = element.handler
    return found


def _lonely(diagram: Diagram, name: str, ids: list[str]) -> Scope:
    """A scope of activities without flows between them, each started on its own."""
    spec = Scope(name)
    for element_id in ids:
        _body(diagram, spec, diagram.elements[element_id])
        spec.entries.append(node(element_id))
    return spec


def _scope(diagram: Diagram, parent: str | None) -> Scope:
    spec = Scope(parent or diagram.process_id)
    elements = [e for e in diagram.inside(parent) if not (e.event_subprocess and e.is_scope) and not _handled(e)]
    for element in elements:
        _step(diagram, spec, element)
    for element in elements:
        _before(diagram, spec, element)
    for flow in diagram.flows.values():
        if flow.parent == parent:
            _connect(diagram, spec, flow.id)
    for element in elements:
        _wire(diagram, spec, element)
    for element in diagram.inside(parent):
        if element.event_subprocess and element.is_scope:
            _arm(diagram, spec, element)
    if parent is not None and diagram.elements[parent].kind == "transaction":
        Cancelling(spec, undone(diagram), undoing(diagram))
    return spec


def _handled(element: Element) -> bool:
    """Compensation stands beside the flow: its boundary events are no waits, its handlers are called."""
    return element.for_compensation or (element.kind == "boundaryEvent" and "compensate" in element.events)


def _before(diagram: Diagram, spec: Scope, element: Element) -> None:
    events = [b for b in diagram.boundary(element.id) if not _handled(b)]
    target = spec.task_specs[node(element.id)]
    if events:
        before = specs.Split(spec, split(element.id), element.id)
        for behind in (target, *(spec.task_specs[node(b.id)] for b in events)):
            before.connect(behind)
    if element.start_quantity > 1:
        queue = specs.Gather(spec, f"q:{element.id}", element.id, element.start_quantity)
        queue.connect(before if events else target)


def _wire(diagram: Diagram, spec: Scope, element: Element) -> None:
    """What no sequence flow says: where tokens are born, where a link leads, who can reach a join."""
    step = spec.task_specs[node(element.id)]
    step.choices.sort(key=lambda choice: element.out_flows.index(choice[0].removeprefix(way(""))))
    if diagram.starts_scope(element):
        spec.entries.append(_entry(spec, element.id).name)
    if element.kind == "intermediateThrowEvent" and element.link() is not None:
        for target in diagram.link_targets(element):
            step.connect(spec.task_specs[node(target.id)])
    if isinstance(step, gateways.Inclusive):
        step.activation = element.activation
        step.reaching = {way(f): _reaching(diagram, f, element.id) for f in element.in_flows}


def _arm(diagram: Diagram, spec: Scope, element: Element) -> None:
    start = next(e for e in diagram.inside(element.id) if e.kind == "startEvent")
    if "compensate" in start.events:
        return
    handler = specs.SubProcess(spec, node(element.id), element.id, element.id, "event", silent=True)
    armed = catching.Armed(
        spec, f"a:{start.id}", start.id, start.definitions, start.parallel_multiple, bool(start.interrupting)
    )
    armed.connect(handler)
    spec.armed.append(armed.name)


PLAIN: dict[str, type[specs.Step]] = {
    "startEvent": specs.Step,
    "task": specs.Passing,
    "manualTask": specs.Passing,
    "userTask": specs.Activity,
    "serviceTask": specs.Activity,
    "businessRuleTask": specs.Activity,
    "scriptTask": specs.Activity,
    "exclusiveGateway": gateways.Exclusive,
    "parallelGateway": gateways.Parallel,
    "inclusiveGateway": gateways.Inclusive,
    "complexGateway": gateways.Complex,
    "eventBasedGateway": gateways.EventBased,
}


def _step(diagram: Diagram, spec: Scope, element: Element) -> None:
    if element.repetition is not None:
        Repeated(spec, node(element.id), element.id, repeated(element.id), element.repetition)
    else:
        _body(diagram, spec, element)
    step = spec.task_specs[node(element.id)]
    step.quantity = element.completion_quantity
    step.undoable = _undoable(diagram, element)


def _body(diagram: Diagram, spec: Scope, element: Element) -> None:
    """The rules have refused every other kind, so a KeyError here is a defect of ours."""
    name, key, definitions = node(element.id), element.id, element.definitions
    if element.is_scope or element.kind == "callActivity":
        _holder(spec, name, element)
    elif element.kind == "boundaryEvent":
        catching.Boundary(spec, name, key, definitions, element.parallel_multiple, bool(element.interrupting))
    elif element.kind == "receiveTask":
        catching.Catch(spec, name, key, (_message(element),))
    elif element.kind == "intermediateCatchEvent" and element.link() is None:
        catching.Catch(spec, name, key, definitions, element.parallel_multiple)
    elif element.event == "terminate":
        specs.Terminate(spec, name, key)
    elif element.event == "compensate" and element.kind in ("endEvent", "intermediateThrowEvent"):
        Compensate(spec, name, key, undone(diagram), definitions[0], undoing(diagram))
    elif element.kind == "sendTask":
        specs.Throw(spec, name, key, (_message(element),))
    elif element.kind in ("endEvent", "intermediateThrowEvent", "intermediateCatchEvent"):
        specs.Throw(spec, name, key, tuple(d for d in definitions if d.kind != "link"))
    else:
        PLAIN[element.kind](spec, name, key)


def _holder(spec: Scope, name: str, element: Element) -> None:
    """What holds a scope of its own."""
    if element.ad_hoc is not None:
        FreelyOrdered(spec, name, element.id, element.ad_hoc)
    elif element.is_scope:
        kind = "event" if element.event_subprocess else element.kind
        specs.SubProcess(spec, name, element.id, element.id, kind)
    else:
        specs.SubProcess(spec, name, element.id, element.called or "", "call")


def _message(element: Element) -> EventDefinition:
    return EventDefinition("message", element.message)


def _undoable(diagram: Diagram, element: Element) -> bool:
    """Can it be undone, or anything in it?"""
    if any("compensate" in b.events and b.handler for b in diagram.boundary(element.id)):
        return True
    inside = diagram.inside(element.id) if element.is_scope else []
    starts = (e for h in inside if h.event_subprocess and h.is_scope for e in diagram.inside(h.id))
    return any("compensate" in e.events for e in starts if e.kind == "startEvent") or any(
        _undoable(diagram, e) for e in inside
    )


def _entry(spec: Scope, element_id: str) -> Any:
    known = spec.task_specs
    return known.get(f"q:{element_id}") or known.get(split(element_id)) or known[node(element_id)]


def _connect(diagram: Diagram, spec: Scope, flow_id: str) -> None:
    flow = diagram.flows[flow_id]
    source = spec.task_specs[node(flow.source)]
    step = specs.FlowStep(spec, way(flow_id), flow_id)
    source.connect(step)
    step.connect(_entry(spec, flow.target))
    source.choices.append((step.name, flow.condition))
    if diagram.elements[flow.source].default == flow_id:
        source.default = step.name


def _reaching(diagram: Diagram, flow_id: str, gateway_id: str) -> frozenset[str]:
    """Ids of the elements and flows from which a token may come along this flow without passing the
    gateway."""
    found: set[str] = set()
    pending = [flow_id]
    while pending:
        current = pending.pop()
        if current in found or current == gateway_id:
            continue
        found.add(current)
        if current in diagram.flows:
            pending.append(diagram.flows[current].source)
            continue
        element = diagram.elements[current]
        pending.extend(element.in_flows)
        if element.attached_to is not None:
            pending.append(element.attached_to)
        if element.kind == "intermediateCatchEvent" and element.link() is not None:
            pending.extend(e.id for e in diagram.inside(element.parent) if element in diagram.link_targets(e))
    return frozenset(found)
