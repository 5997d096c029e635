"""All lines of the table of figures, in order, each measured within this run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from arshjul import collecting
from arshjul.bench import campaign, fan_out, floor, history, inbox, instances, linear, memory, pages, peers, postgres
from arshjul.bench.measured import Row


@dataclass(frozen=True)
class Sizes:
    participants: int
    instances: int
    open_tasks: int
    events: int


SHORT = Sizes(participants=10_000, instances=1_000, open_tasks=1_000_000, events=1_000_000)
FULL = Sizes(participants=10_000, instances=60_000, open_tasks=1_000_000, events=10_000_000)


def measure(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The lines as they are found. The folder's disk is what is measured."""
    with tempfile.TemporaryDirectory(prefix="arshjul-bench", dir=folder, ignore_cleanup_errors=True) as made:
        place = Path(made)
        peer = peers.viewflow(place)
        collecting.seldom()  # as in the service
        with floor.opened(place) as connection, closing(connection):
            yield from linear.rows(place, connection, peer)
            yield from fan_out.rows(place, connection, sizes.participants)
        yield from campaign.rows(place, sizes.participants)
        yield from instances.rows(place, peer, sizes.instances)
        yield from inbox.rows(place, sizes.open_tasks)
        yield from history.rows(place, sizes.events)
        yield from pages.rows(place, sizes.open_tasks, sizes.events)
        yield from memory.rows()
        yield from postgres.rows(place)
