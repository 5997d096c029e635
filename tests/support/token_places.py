"""Where tokens are in the plain token game: at activities and events, before joins, and in what watches beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from support.token_net import Event, Node

FROM_OUTSIDE = ("timer", "message", "signal")


@dataclass(eq=False)
class Catcher:
    """An event that waits. `seen`: those that have come, where all are needed; `held`: its condition was true when last
    looked at."""

    node: Node
    seen: set[Event] = field(default_factory=set)
    held: bool = False

    def hears(self, event: Event) -> bool:
        """One of its events comes: is that enough?"""
        self.seen.add(event)
        if self.node.every and self.seen < set(self.node.events):
            return False
        self.seen.clear()
        return True

    def outside(self) -> int:
        return sum(kind in FROM_OUTSIDE for kind, _ in self.node.events)


@dataclass(eq=False)
class Scope:
    """The process or one run of a sub-process, with the tokens that wait before its joins: join -> flow -> how many.

    `outer`: what it runs inside. `armed`: the starts of its event sub-processes that may still come.
    """

    name: str
    outer: Active | None
    armed: list[Catcher]
    held: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(eq=False)
class Active:
    """Something that a token has come to and that is not over; `armed`: the events on its edge that may still come.

    `here`: how many instances of it wait; `left`: how many may follow. `race`: shared by those of which one decides.
    `last`: the run of it that has ended last. `flowing`: the event that it is. `over`: it is about to be left.
    """

    node: Node
    scope: Scope
    armed: list[Catcher]
    inner: Scope | None = None
    here: int = 1
    left: int = 0
    race: object = None
    last: Scope | None = None
    flowing: Catcher | None = None
    over: bool = False


def flowing(node: Node) -> Catcher | None:
    return Catcher(node) if node.events else None
