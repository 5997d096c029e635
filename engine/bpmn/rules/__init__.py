"""One rule, one file, one function `check(diagram)`. A rule takes part by being listed here.

`identifiers` is asked before all others and by name, because they go by ids.
"""

from collections.abc import Callable, Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules import (
    attributes,
    boundary_events,
    conditions,
    contents,
    dead_ends,
    endless_loops,
    event_definitions,
    event_subprocesses,
    kinds,
    loop_markers,
    messages,
    path_length,
    reachability,
    references,
    start_events,
    timers,
)

Rule = Callable[[Diagram], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    references.check,
    kinds.check,
    contents.check,
    attributes.check,
    event_definitions.check,
    timers.check,
    messages.check,
    start_events.check,
    event_subprocesses.check,
    boundary_events.check,
    conditions.check,
    loop_markers.check,
    dead_ends.check,
    reachability.check,
    endless_loops.check,
    path_length.check,
)
