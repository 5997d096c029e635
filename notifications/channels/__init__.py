"""Ways for a mail to leave. A new way is a new file with a class that has `deliver` and `close`."""

from __future__ import annotations

from typing import Protocol

from engine.mails import Mail


class DeliveryError(Exception):
    """The mail did not leave, or it is not known to have left. The text is what the other side said."""


class Refused(DeliveryError):
    """For good: trying again would give the same answer."""


class TryLater(DeliveryError):
    """Not now: this mail waits, others may go."""


class Interrupted(DeliveryError):
    """The connection broke. `uncertain`: after the content was on its way, so it may have arrived."""

    def __init__(self, reason: str, *, uncertain: bool) -> None:
        super().__init__(reason)
        self.uncertain = uncertain


class Unreachable(DeliveryError):
    """Nothing can leave at present: no connection, certificate or sign-in."""


class Channel(Protocol):
    """Takes mails one after the other."""

    def deliver(self, mail: Mail) -> None:
        """Returns when the other side has taken responsibility; raises a DeliveryError otherwise."""

    def close(self) -> None:
        """Let go of the connection. May be called at any time, also twice."""
