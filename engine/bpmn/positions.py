"""Where the tokens of an instance stand, and what is known of that place: shared by all instances that stand there.

A move in which no condition was asked and nothing was thrown leads from one place to one other, whatever the
variables are. So it is worked out once, by the task trees, and afterwards looked up. A move that asked is worked out
every time.

Tokens are numbered, so an instance in its tenth round of a loop stands elsewhere than one in its first, if only by its
numbers. What is known of a place is known of every place that differs from it in that: see `Position.alike`.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.bpmn.execution import Wait
    from engine.bpmn.ledger import Visit

KEPT = 4096
"""Positions of all models together; those that were looked at last."""
LONGEST = 8_192
"""Characters of a position that is kept: a large one is hardly met twice."""

START = '{"counter":0,"main":[]'

Verb = tuple[str, str | None, Hashable]
"""A verb, the token that it is about, and what more it says."""

_COUNTER = '{"counter":'
_NUMBERED = re.compile(r'"(token|race)":"t(-?\d+)"')
"""The members that name a token. Inside a text the quotes would be written \\", so nothing else can look like them."""
_NAME = re.compile(r"t-?\d+")


@dataclass(frozen=True, slots=True)
class Move:
    """What a verb led to: the text of the new position, and the visits on the way."""

    text: str
    visits: tuple[Visit, ...]

    def shifted(self, by: int) -> Move:
        return Move(_text(self.text, by), tuple([replace(v, token=_token(v.token, by)) for v in self.visits]))


@dataclass(slots=True)
class Position:
    """`text`: canonical JSON of the counter, the log and the tokens, without its closing brace; nothing changes it.

    `waits`, `done` and `moves` are filled in as they become known.
    """

    model: str
    text: str
    _waits: tuple[Wait, ...] | None = None
    _done: bool | None = None
    _moves: dict[Verb, Move] = field(default_factory=dict)
    _alike: Position | None = None

    def state(self) -> dict[str, Any]:
        """Counter, log and tokens as values of the caller's own."""
        found: dict[str, Any] = json.loads(self.text + "}")
        return found

    @property
    def counter(self) -> int:
        return int(self.text[len(_COUNTER) : self.text.index(",")])

    @property
    def alike(self) -> Position:
        """The same place with all numbers counted from the counter, which is then 0."""
        if self._alike is None:
            self._alike = at(self.model, _text(self.text, -self.counter))
        return self._alike

    def waits(self) -> tuple[Wait, ...] | None:
        """None: not known yet."""
        if self._waits is None and (alike := self.alike._waits) is not None:
            self._waits = _waits(alike, self.counter)
        return self._waits

    def keep_waits(self, waits: tuple[Wait, ...]) -> None:
        self._waits, self.alike._waits = waits, _waits(waits, -self.counter)

    def done(self) -> bool | None:
        """None: not known yet."""
        if self._done is None:
            self._done = self.alike._done
        return self._done

    def keep_done(self, done: bool) -> None:
        self._done = self.alike._done = done

    def move(self, verb: Verb) -> Move | None:
        """None: not known yet, or to be worked out each time."""
        known = self._moves.get(verb)
        if known is None and (alike := self.alike._moves.get(_verb(verb, -self.counter))) is not None:
            known = self._moves[verb] = alike.shifted(self.counter)
        return known

    def keep_move(self, verb: Verb, move: Move) -> None:
        self._moves[verb] = move
        self.alike._moves[_verb(verb, -self.counter)] = move.shifted(-self.counter)


def _text(text: str, by: int) -> str:
    counter, more, rest = text[len(_COUNTER) :].partition(",")
    return f"{_COUNTER}{int(counter) + by}{more}" + _NUMBERED.sub(lambda m: f'"{m[1]}":"t{int(m[2]) + by}"', rest)


def _token(token: str, by: int) -> str:
    """What waits for the start of an event sub-process is named by its event, and has no number."""
    return f"t{int(token[1:]) + by}" if _NAME.fullmatch(token) else token


def _verb(verb: Verb, by: int) -> Verb:
    name, token, more = verb
    return name, token and _token(token, by), more


def _waits(waits: tuple[Wait, ...], by: int) -> tuple[Wait, ...]:
    return tuple(
        replace(w, token=_token(w.token, by), attached_token=w.attached_token and _token(w.attached_token, by))
        for w in waits
    )


_kept: OrderedDict[tuple[str, str], Position] = OrderedDict()
_lock = threading.Lock()


def at(model: str, text: str) -> Position:
    """The position of that text in the model of that SHA-256."""
    if len(text) > LONGEST:
        return Position(model, text)
    key = (model, text)
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = Position(model, text)
            if len(_kept) > KEPT:
                _kept.popitem(last=False)
        else:
            _kept.move_to_end(key)
        return found
