"""The history: an append-only, chained record of who did what, when and why."""

from engine.history.events import (
    ORGANISATION,
    NewEvent,
    append,
    append_many,
    instance_chain,
    task_chain,
)
from engine.history.personal import erase, personal
from engine.history.timeline import Event, of_task, timeline

__all__ = [
    "ORGANISATION",
    "Event",
    "NewEvent",
    "append",
    "append_many",
    "erase",
    "instance_chain",
    "of_task",
    "personal",
    "task_chain",
    "timeline",
]
