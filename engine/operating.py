"""What every operator's verb begins with: who may, and why."""

from __future__ import annotations

from datetime import datetime

from engine import identity
from engine.actor import Actor
from engine.errors import Forbidden
from engine.rules import plain_text
from engine.rules.calendar import civil_date
from engine.store.database import Tx

LONGEST_REASON = 2000


def ensure_may_operate(tx: Tx, by: Actor, now: datetime) -> None:
    """Raises Forbidden for a person whose roles do not grant `operate`; the system may."""
    if by.person_id is not None and "operate" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="operate", kind="instance")


def why(reason: str) -> str:
    """The reason as it is kept.

    Raises InvalidInput (field reason: reason_missing, reason_too_long, control_character).
    """
    return plain_text.required(reason, field="reason", longest=LONGEST_REASON)
