"""A diagram as values: its elements and flows, as the author drew them and before anyone asks whether it
can run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ARSHJUL = "urn:arshjul:bpmn:1"
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})

DEPLOY, RUN, TEST = "deploy", "run", "test"
"""What a file is read for: to be deployed in the region, to be run as a model, or run with scripts of its own."""


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event catches or throws. `kind` is the local name without its ending ('timer', 'error', …).

    `name` is what catcher and thrower have in common: the name of the message or signal, the code of the
    error or escalation, the name of the link. None catches any, and is an omission in a thrower.
    """

    kind: str
    name: str | None = None
    timer: str | None = None
    timer_kind: str | None = None
    condition: str | None = None
    activity: str | None = None
    waits: bool = True
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Repetition:
    """A loop marker that is obeyed: a standard loop (`condition`, `maximum`, `test_before`), or several instances.

    `one` and `none` are what the instances throw on completing: the first of them, or each.
    """

    multi: bool
    sequential: bool = False
    cardinality: str | None = None
    completion: str | None = None
    behavior: str = "All"
    one: EventDefinition | None = None
    none: EventDefinition | None = None
    condition: str | None = None
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How what stands in an ad-hoc sub-process is done: all at once or one after the other, and until when."""

    sequential: bool = False
    completion: str = ""
    cancels_rest: bool = True


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node. `event` is the local name of its event definition without the ending ('timer',
    'message', …).

    `extension` maps the local name of each `arshjul:` extension element to the list of its attribute dicts.
    `interrupting` is None for anything but boundary events and the start events of event sub-processes.
    `handler` is the activity that a compensation boundary event is associated with; `activation` says when a complex
    gateway opens.
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
    definitions: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    instantiate: bool = False
    for_compensation: bool = False
    handler: str | None = None
    called: str | None = None
    script: str | None = None
    activation: str | None = None
    repetition: Repetition | None = None
    ad_hoc: AdHoc | None = None

    @property
    def event(self) -> str | None:
        return self.events[0] if self.events else None

    @property
    def is_scope(self) -> bool:
        return self.kind in SUBPROCESSES

    def link(self) -> str | None:
        """The name of the link that it throws or catches."""
        return next((d.name or "" for d in self.definitions if d.kind == "link"), None)


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
    """One process of a file. `root` is the parsed XML, for the rules that look at what was written.

    `scopes` and `attached` are the elements again, by what they stand in or on, and `caught` the catching links by
    scope and name; `called` holds the processes and global tasks of the file that its call activities name.
    """

    root: Any
    process: Any
    process_id: str
    process_name: str | None
    extension: dict[str, Any] | None
    profile: str = DEPLOY
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    scopes: dict[str | None, list[Element]] = field(default_factory=dict)
    attached: dict[str, list[Element]] = field(default_factory=dict)
    caught: dict[tuple[str | None, str], list[Element]] = field(default_factory=dict)
    called: dict[str, Diagram] = field(default_factory=dict)

    def add(self, element: Element) -> None:
        """Elements come by this alone, each once."""
        self.elements[element.id] = element
        self.scopes.setdefault(element.parent, []).append(element)
        if element.kind == "boundaryEvent" and element.attached_to is not None:
            self.attached.setdefault(element.attached_to, []).append(element)
        if element.kind == "intermediateCatchEvent" and (link := element.link()) is not None:
            self.caught.setdefault((element.parent, link), []).append(element)

    def inside(self, parent: str | None) -> list[Element]:
        """The elements drawn directly in the process (None) or in a sub-process."""
        return self.scopes.get(parent, [])

    def boundary(self, host: str) -> list[Element]:
        return self.attached.get(host, [])

    def successors(self, element: Element) -> list[str]:
        """Where a token may be after this element: at its boundary events, along its flows, or past a link."""
        targets = [self.flows[f].target for f in element.out_flows]
        found = [b.id for b in self.boundary(element.id)] + [t for t in targets if t in self.elements]
        if element.kind == "intermediateThrowEvent" and element.link() is not None:
            found += [e.id for e in self.link_targets(element)]
        return found

    def link_targets(self, thrower: Element) -> list[Element]:
        link = thrower.link()
        return [] if link is None else self.caught.get((thrower.parent, link), [])

    def starts_scope(self, element: Element) -> bool:
        """Where a token is born when the scope starts: a start event, or, in a scope without any, what no
        flow leads to (BPMN 2.0.2, 13.2.2)."""
        if element.kind == "startEvent":
            return True
        if element.in_flows or element.kind == "boundaryEvent" or element.event_subprocess or element.for_compensation:
            return False
        caught_link = element.kind == "intermediateCatchEvent" and element.link() is not None
        return not caught_link and all(e.kind != "startEvent" for e in self.inside(element.parent))
