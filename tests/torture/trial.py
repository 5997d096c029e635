"""One trial: where it runs, its seed, and what it injects and finds."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torture.place import Place
from torture.worker import Journal, Orders, forked

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Trial:
    """What a fault gets: the database's copy, and the orders that its workers start from."""

    place: Place
    orders: Orders
    rng: random.Random

    @property
    def journal(self) -> Journal:
        return Journal(self.orders.journal)

    def send(self, do: Callable[[Orders], None] | None = None, **changes: Any) -> int:
        """A new worker process with these orders; its id."""
        orders = replace(self.orders, **changes)
        return forked(orders) if do is None else forked(orders, do)

    def finish(self, do: Callable[[Orders], None] | None = None, **changes: Any) -> int:
        """`send` and wait; how the process ended."""
        return wait(self.send(do, **changes))

    def broken(self, why: str) -> None:
        """A promise of the fault's own that did not hold."""
        self.journal.note(what="broken", why=why)

    def noted(self, what: str) -> list[dict[str, Any]]:
        return [line for line in self.journal.lines() if line["what"] == what]


@dataclass(frozen=True)
class Fault:
    """`inject` gives how many faults it injected. `on`: the databases that can have it.

    `worked`: it happens to workers on a copy of the template, after which others recover and every invariant is
    looked for; otherwise it makes all it needs and looks for itself. `needs`: what the machine must allow.
    `asked`: what the fault matrix asks for on each database, of trials, faults or completions; {}: nothing by itself.
    """

    inject: Callable[[Trial], int]
    asked: Mapping[str, int] = field(default_factory=dict)
    on: tuple[str, ...] = BOTH
    worked: bool = True
    needs: Callable[[Place], bool] = lambda _place: True

    def fits(self, place: Place) -> bool:
        return place.kind in self.on and self.needs(place)


@dataclass(frozen=True)
class Outcome:
    """`faults`: how many were injected. `completions`: answers with success by the client's journal."""

    fault: str
    seed: int
    faults: int
    completions: int
    broken: list[str]

    @property
    def ok(self) -> bool:
        return not self.broken and self.faults > 0


def wait(child: int) -> int:
    return os.waitpid(child, 0)[1]


def is_running(child: int) -> bool:
    """False when it has ended, whether or not it was waited for."""
    return Path(f"/proc/{child}/stat").read_text().split()[2] != "Z"
