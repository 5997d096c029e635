"""From a checked Diagram to SpiffWorkflow specs, built directly: only our reader reads the file's text.

Names inside the specs carry a letter before the author's id (n: element, f: sequence flow, b: split before
boundary events), so no id of a diagram can collide with SpiffWorkflow's own `Start` and `End`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.bpmn import specs
from engine.bpmn.diagram import Diagram, Element


@dataclass(slots=True)
class Compiled:
    """The specs of one diagram. `triggered` maps the message start event of an event sub-process to its
    spec."""

    main: BpmnProcessSpec
    inner: dict[str, BpmnProcessSpec] = field(default_factory=dict)
    triggered: dict[str, BpmnProcessSpec] = field(default_factory=dict)


def node(element_id: str) -> str:
    return f"n:{element_id}"


def way(flow_id: str) -> str:
    return f"f:{flow_id}"


def split(element_id: str) -> str:
    return f"b:{element_id}"


def compile_diagram(diagram: Diagram) -> Compiled:
    compiled = Compiled(_scope(diagram, None))
    for element in diagram.elements.values():
        if element.kind == "subProcess":
            spec = _scope(diagram, element.id)
            if element.event_subprocess:
                start = next(e for e in diagram.inside(element.id) if e.kind == "startEvent")
                compiled.triggered[start.id] = spec
            else:
                compiled.inner[element.id] = spec
    return compiled


def _scope(diagram: Diagram, parent: str | None) -> BpmnProcessSpec:
    spec = BpmnProcessSpec(name=parent or diagram.process_id)
    elements = [e for e in diagram.inside(parent) if not e.event_subprocess]
    for element in elements:
        _step(spec, element)
    for element in elements:
        events = diagram.boundary(element.id)
        if events:
            before = specs.Split(spec, split(element.id), element.id)
            for behind in (element, *events):
                before.connect(spec.task_specs[node(behind.id)])
    for flow in diagram.flows.values():
        if flow.parent == parent:
            _connect(diagram, spec, flow.id)
    for element in elements:
        if element.kind == "startEvent":
            spec.start.connect(_entry(spec, element.id))
        step = spec.task_specs[node(element.id)]
        if isinstance(step, specs.Inclusive):
            step.reaching = {way(f): _reaching(diagram, f, element.id) for f in element.in_flows}
    return spec


PLAIN: dict[str, type[specs.Step]] = {
    "startEvent": specs.Step,
    "userTask": specs.Activity,
    "serviceTask": specs.Activity,
    "intermediateCatchEvent": specs.Catch,
    "exclusiveGateway": specs.Exclusive,
    "parallelGateway": specs.Parallel,
    "inclusiveGateway": specs.Inclusive,
}


def _step(spec: BpmnProcessSpec, element: Element) -> None:
    """The rules have refused every other kind, so a KeyError here is a defect of ours."""
    name, key = node(element.id), element.id
    if element.kind == "subProcess":
        specs.SubProcess(spec, name, key, inner=key)
    elif element.kind == "boundaryEvent":
        interrupting = bool(element.interrupting)
        repeats = element.event == "message" and not interrupting
        specs.Boundary(spec, name, key, interrupting, repeats)
    elif element.event == "terminate":
        specs.Terminate(spec, name, key)
    elif element.kind in ("endEvent", "intermediateThrowEvent"):
        specs.Throw(spec, name, key, element.message)
    else:
        PLAIN[element.kind](spec, name, key)


def _entry(spec: BpmnProcessSpec, element_id: str) -> specs.Step:
    found: specs.Step = spec.task_specs.get(split(element_id)) or spec.task_specs[node(element_id)]
    return found


def _connect(diagram: Diagram, spec: BpmnProcessSpec, flow_id: str) -> None:
    flow = diagram.flows[flow_id]
    source = spec.task_specs[node(flow.source)]
    step = specs.FlowStep(spec, way(flow_id), flow_id)
    source.connect(step)
    step.connect(_entry(spec, flow.target))
    if isinstance(source, specs.Gateway):
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
        else:
            element = diagram.elements[current]
            pending.extend(element.in_flows)
            if element.attached_to is not None:
                pending.append(element.attached_to)
    return frozenset(found)
