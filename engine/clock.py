"""The two clocks. Process time decides windows and due dates and can be moved in a demo; wall time never moves.

This is the only module that reads the machine's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Clock(Protocol):
    """Gives aware UTC instants."""

    def now(self) -> datetime:
        """Process time: windows, due dates, `occurred_at`."""

    def wall(self) -> datetime:
        """Wall time: leases, backoff, sessions, `recorded_at`."""


class SystemClock:
    """Both clocks are the machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wall(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class OffsetClock:
    """Process time runs at an offset from the machine's clock: the demo's clock bar moves it."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def move_to(self, instant: datetime) -> None:
        """Process time becomes `instant` (aware) and runs on from there."""
        self.offset = instant - datetime.now(UTC)


@dataclass
class SimulatedClock:
    """Process time stands still until it is set: rehearsals and tests."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def move_to(self, instant: datetime) -> None:
        """Process time becomes `instant` (aware UTC)."""
        self.instant = instant
