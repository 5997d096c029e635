"""Events of a kind that has no meaning where they stand, with a kind that has."""

from support.refused.drawing import (
    Pair,
    beside,
    catching,
    ending,
    of_handler,
    of_handler_beside,
    of_sub,
    on_edge,
    starting,
    throwing,
)

PLACES = [
    ("a start event", starting, "timer", "error escalation cancel compensate terminate link conditional", "s"),
    ("an end event", ending, "signal", "timer conditional link", "z"),
    ("a throw event", throwing, "signal", "timer conditional error cancel terminate", "z"),
    ("a catch event", catching, "signal", "none error escalation cancel compensate terminate", "z"),
    ("an event on an edge", on_edge, "timer", "none link terminate", "z"),
    ("an event beside", beside, "timer", "error cancel compensate", "z"),
    ("the start of a sub-process", of_sub, "none", "message timer signal error escalation conditional", "z"),
    ("the start of an event sub-process", of_handler, "signal", "link cancel terminate", "z"),
    ("a start beside", of_handler_beside, "signal", "error compensate", "z"),
]
EVENTS = [
    Pair(f"{place}: {kind}", "start_events" if draw is of_sub else "event_definitions", element, draw(kind),
         draw(right))
    for place, draw, right, wrong, element in PLACES
    for kind in wrong.split()
]  # fmt: skip
