"""Where the tokens of an instance stand, and what is known of that place: shared by all instances that stand there.

A move in which no condition was asked and nothing was thrown leads from one place to one other, whatever the
variables are. So it is worked out once, by the task trees, and afterwards looked up. A move that asked is worked out
every time.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.bpmn.execution import Wait
    from engine.bpmn.ledger import Visit

KEPT = 4096
"""Positions of all models together; those that were looked at last."""
LONGEST = 8_192
"""Characters of a position that is kept: a large one is hardly met twice."""

START = '{"counter":0,"main":[]'


@dataclass(frozen=True, slots=True)
class Move:
    """What a verb led to: the text of the new position, and the visits on the way."""

    text: str
    visits: tuple[Visit, ...]


@dataclass(slots=True)
class Position:
    """`text`: canonical JSON of the counter, the log and the tokens, without its closing brace; nothing changes it.

    `waits`, `done` and `moves` (by verb and token) are filled in as they become known.
    """

    text: str
    waits: tuple[Wait, ...] | None = None
    done: bool | None = None
    moves: dict[Hashable, Move] = field(default_factory=dict)

    def state(self) -> dict[str, Any]:
        """Counter, log and tokens as values of the caller's own."""
        found: dict[str, Any] = json.loads(self.text + "}")
        return found


_kept: OrderedDict[tuple[str, str], Position] = OrderedDict()
_lock = threading.Lock()


def at(model: str, text: str) -> Position:
    """The position of that text in the model of that SHA-256."""
    if len(text) > LONGEST:
        return Position(text)
    key = (model, text)
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = Position(text)
            if len(_kept) > KEPT:
                _kept.popitem(last=False)
        else:
            _kept.move_to_end(key)
        return found
