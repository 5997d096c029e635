"""What a receipt page needs beside the task itself: kept in the session between the answer and its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import session

from engine.texts import Text

KEY = "receipt"
MOST_DEPARTURES = 8
LONGEST = 160


def remember(receipts: Sequence[Any]) -> None:
    """For the receipt page that follows; only the last answer is remembered, cut to fit the cookie."""
    departures = {(d.sv[:LONGEST], d.en[:LONGEST]): None for receipt in receipts for d in receipt.departures}
    session[KEY] = {
        "task": receipts[0].task_id,
        "units": [receipt.unit_name[:80] for receipt in receipts[:20]],
        "departures": list(departures)[:MOST_DEPARTURES],
    }


def recall(task_id: int) -> tuple[list[str], list[Text]]:
    """Units and departures of the answer just given; empty for an older one."""
    kept = session.get(KEY) or {}
    if kept.get("task") != task_id:
        return [], []
    return kept["units"], [Text(sv, en) for sv, en in kept["departures"]]
