"""A diagram that has passed every rule, ready to be run. Immutable, and shared by all its instances in a
process."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Any

from engine.bpmn import blob, positions
from engine.bpmn.checking import examine, examine_all
from engine.bpmn.compiler import compile_diagram
from engine.bpmn.diagram import RUN, TEST, Diagram, Element
from engine.bpmn.errors import BpmnError
from engine.bpmn.execution import Execution
from engine.bpmn.ledger import Evaluate
from engine.bpmn.ordering import flow_order

CACHED = 64


class Model:
    """`elements` by id, with those of what it calls; `flows` as (id, source, target, name, condition); `conditional`
    those with a condition, also of what it calls; `start_timer` the text of a timer start."""

    def __init__(self, diagram: Diagram, sha256: str) -> None:
        self.sha256 = sha256
        self.process_id = diagram.process_id
        self.process_name = diagram.process_name
        self.extension = diagram.extension
        self.elements: dict[str, Element] = dict(diagram.elements)
        self.flows = [(f.id, f.source, f.target, f.name, f.condition) for f in diagram.flows.values()]
        self.conditional = [flow for flow in diagram.flows.values() if flow.condition is not None]
        for called in diagram.called.values():
            self.elements |= called.elements
            self.conditional += [flow for flow in called.flows.values() if flow.condition is not None]
        self.starts = [e for e in diagram.inside(None) if diagram.starts_scope(e)]
        self.start_timer = self.starts[0].timer if self.starts else None
        self.start_timer_kind = self.starts[0].timer_kind if self.starts else None
        self.compiled = compile_diagram(diagram)
        self._order = tuple(flow_order(diagram))

    def element(self, element_id: str) -> Element:
        """Raises KeyError for an id that the diagram does not have."""
        return self.elements[element_id]

    def order(self) -> list[str]:
        """All element ids as a reader would follow the flow, each sub-process before what is inside it."""
        return list(self._order)

    def start(
        self, variables: dict[str, Any], evaluate: Evaluate, *, by: str | None = None, paced: bool = False
    ) -> Execution:
        """A new instance at its first wait states. A timer start event is passed: when to start is the
        caller's.

        `by` is the start event, or the receiving task, whose event has come; without it the instance starts
        where no event is needed. `paced`: see Execution.
        """
        execution = Execution(self, positions.START, dict(variables), evaluate, paced)
        execution.begin(by)
        return execution

    def restore(self, saved: bytes, evaluate: Evaluate, *, paced: bool = False) -> Execution:
        """Raises BpmnError('state_version', 'state_damaged' or 'state_model')."""
        at, model, variables = blob.read(saved)
        if model != self.sha256:
            raise BpmnError("state_model")
        return Execution(self, at, variables, evaluate, paced)


_cache: OrderedDict[str, Model] = OrderedDict()
_lock = threading.Lock()


def load(xml: bytes) -> Model:
    """The model of a file. Raises BpmnError('not_deployable') with all findings."""
    sha256 = hashlib.sha256(xml).hexdigest()
    with _lock:
        model = _cache.get(sha256)
        if model is not None:
            _cache.move_to_end(sha256)
            return model
    diagram, findings = examine(xml)
    if findings or diagram is None:
        raise BpmnError("not_deployable", detail="; ".join(f.en for f in findings[:3]), findings=findings)
    model = Model(diagram, sha256)
    with _lock:
        _cache[sha256] = model
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
    return model


def load_all(xml: bytes, *, scripts: bool = False) -> list[Model]:
    """The models of all executable processes of a file, to be run as models and not deployed: more of BPMN is
    allowed, and with `scripts` also script tasks. Raises BpmnError('not_deployable') with all findings."""
    diagrams, findings = examine_all(xml, TEST if scripts else RUN)
    if findings:
        raise BpmnError("not_deployable", detail="; ".join(f.en for f in findings[:3]), findings=findings)
    sha256 = hashlib.sha256(xml).hexdigest()
    return [Model(diagram, f"{sha256}:{diagram.process_id}") for diagram in diagrams]
