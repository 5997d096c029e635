"""One rule, one file, one function `check(diagram)`. A rule takes part by being listed here.

`identifiers` is asked before all others and by name, because they go by ids.
"""

from collections.abc import Callable, Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules import (
    ad_hoc,
    attributes,
    boundary_events,
    called_data,
    calls,
    catchers,
    collaborations,
    compensation,
    conditions,
    contents,
    data,
    data_states,
    dead_ends,
    deadlocks,
    endless_loops,
    event_definitions,
    event_subprocesses,
    expressions,
    extensions,
    flow_lists,
    foreign_scripts,
    gateways,
    instantiating,
    items,
    kinds,
    links,
    loop_markers,
    messages,
    own_data,
    path_length,
    performers,
    quantities,
    reachability,
    references,
    rivals,
    start_events,
    targets,
    text_formats,
    timers,
    transactions,
)

Rule = Callable[[Diagram], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    references.check,
    targets.check,
    kinds.check,
    contents.check,
    foreign_scripts.check,
    attributes.check,
    quantities.check,
    collaborations.check,
    extensions.check,
    performers.check,
    event_definitions.check,
    timers.check,
    messages.check,
    links.check,
    start_events.check,
    event_subprocesses.check,
    boundary_events.check,
    rivals.check,
    gateways.check,
    flow_lists.check,
    conditions.check,
    expressions.check,
    loop_markers.check,
    ad_hoc.check,
    data.check,
    own_data.check,
    items.check,
    data_states.check,
    calls.check,
    called_data.check,
    catchers.check,
    compensation.check,
    transactions.check,
    instantiating.check,
    text_formats.check,
    dead_ends.check,
    reachability.check,
    endless_loops.check,
    deadlocks.check,
    path_length.check,
)

ONCE: tuple[Rule, ...] = (targets.check, extensions.check, text_formats.check)
"""Those that look at the whole file and at nothing of a process: asked of one diagram of a file."""

OF_THE_FILE: tuple[Rule, ...] = (*ONCE, collaborations.check)
"""Those that look at the whole file, also where it holds no process that runs."""
