"""A diagram as values: its elements and flows, as the author drew them and before anyone asks whether it
can run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ARSHJUL = "urn:arshjul:bpmn:1"


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node. `event` is the local name of its event definition without the ending ('timer',
    'message', …).

    `extension` maps the local name of each `arshjul:` extension element to the list of its attribute dicts.
    `interrupting` is None for anything but boundary events and the start events of event sub-processes.
    """

    id: str
    kind: str
    name: str | None
    lane: str | None
    extension: dict[str, Any] | None
    attached_to: str | None
    line: int | None
    documentation: str | None
    in_flows: tuple[str, ...]
    out_flows: tuple[str, ...]
    parent: str | None = None
    events: tuple[str, ...] = ()
    timer: str | None = None
    timer_kind: str | None = None
    message: str | None = None
    interrupting: bool | None = None
    multi: bool = False
    loop: str | None = None
    default: str | None = None
    event_subprocess: bool = False

    @property
    def event(self) -> str | None:
        return self.events[0] if self.events else None


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow; `condition` is FEEL text."""

    id: str
    source: str
    target: str
    name: str | None
    condition: str | None
    parent: str | None
    line: int | None


@dataclass(slots=True)
class Diagram:
    """The one executable process of a file. `root` is the parsed XML, for the rules that look at what was
    written."""

    root: Any
    process: Any
    process_id: str
    process_name: str | None
    extension: dict[str, Any] | None
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    attached: dict[str, list[Element]] = field(default_factory=dict)

    def inside(self, parent: str | None) -> Iterator[Element]:
        """The elements drawn directly in the process (None) or in a sub-process."""
        return (element for element in self.elements.values() if element.parent == parent)

    def boundary(self, host: str) -> list[Element]:
        return self.attached.get(host, [])

    def successors(self, element: Element) -> list[str]:
        """Where a token may be after this element: at the boundary events attached to it, or along its
        flows."""
        targets = [self.flows[f].target for f in element.out_flows]
        return [b.id for b in self.boundary(element.id)] + [t for t in targets if t in self.elements]
