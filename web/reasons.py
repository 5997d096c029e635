"""A reason that somebody must give: what is wrong with it, in the reader's language, beside its field."""

from __future__ import annotations

from engine import operating
from engine.errors import InvalidInput
from web import messages


def fault(written: str, missing: str) -> str | None:
    """What to say of the reason, `missing` when there is none; None when it can be kept."""
    try:
        operating.why(written)
    except InvalidInput as refused:
        if refused.params["reason"] == "reason_missing":
            return missing
        return messages.sentence(refused).text
    return None
