"""What the composition gives the pages to move the demo's time with."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class DemoControls(Protocol):
    """Each moves process time forward, does what falls due on the way, and never answers for the reader.

    `play_until` also lets the invented people answer.
    """

    def next_event(self) -> str | None:
        """To the next thing that happens; what it was, in Swedish, or None when nothing is planned."""

    def advance(self, days: int) -> None:
        """That many days on."""

    def move_to(self, day: date) -> None:
        """To that day at eight in the morning."""

    def play_until(self, day: date) -> None:
        """The same, with everyone answering their tasks."""
