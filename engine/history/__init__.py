"""The history: an append-only, chained record of who did what, when and why."""

from engine.history.checks import Checkpoint, checkpoint, export_ndjson, verify
from engine.history.disposal import erase
from engine.history.events import (
    ORGANISATION,
    Alike,
    append,
    append_alike,
    chains_of,
    instance_chain,
    task_chain,
)
from engine.history.personal import MARK, personal
from engine.history.timeline import Event, Hits, of_task, search, timeline
from engine.history.verifier import Problem, Verdict
from engine.store.queries.history_search import Narrow

__all__ = [
    "MARK",
    "ORGANISATION",
    "Alike",
    "Checkpoint",
    "Event",
    "Hits",
    "Narrow",
    "Problem",
    "Verdict",
    "append",
    "append_alike",
    "chains_of",
    "checkpoint",
    "erase",
    "export_ndjson",
    "instance_chain",
    "of_task",
    "personal",
    "search",
    "task_chain",
    "timeline",
    "verify",
]
