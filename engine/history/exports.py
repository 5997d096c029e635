"""The history in formats for reading: CSV for spreadsheets, XES (IEEE 1849) for process mining."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.history.checks import export_ndjson
from engine.history.personal import commitments_in
from engine.store.database import Tx
from engine.store.queries.history import erased_values

COLUMNS = (
    "chain",
    "seq",
    "type",
    "occurred_at",
    "recorded_at",
    "instance",
    "task",
    "element",
    "actor",
    "body",
    "erased",
)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def as_csv(tx: Tx) -> Iterator[str]:
    """One line for each event, with headings first."""
    yield _line(COLUMNS)
    for event in _events(tx):
        yield _line([_cell(event.get(name)) for name in COLUMNS])


def as_xes(tx: Tx) -> Iterator[str]:
    """One trace for each chain: an instance, a row of a fan-out, the organisation."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
    chain: str | None = None
    for event in _events(tx):
        if event["chain"] != chain:
            yield "</trace>\n" if chain is not None else ""
            chain = str(event["chain"])
            yield f'<trace><string key="concept:name" value={quoteattr(chain)}/>\n'
        yield _xes_event(event)
    yield ("</trace>\n" if chain is not None else "") + "</log>\n"


LIFECYCLE = {
    "activity_opened": "start", "activity_ended": "complete", "task_created": "schedule", "task_claimed": "assign",
    "task_assigned": "assign", "task_completed": "complete", "task_harvested": "complete",
    "task_cancelled": "ate_abort",
}  # fmt: skip
"""What the standard calls an event, for the programs that know its words; the others keep our own."""


def _xes_event(event: dict[str, Any]) -> str:
    name, type_ = event.get("element") or event["type"], str(event["type"])
    parts = [
        f'<string key="concept:name" value={quoteattr(str(name))}/>',
        f'<string key="lifecycle:transition" value={quoteattr(LIFECYCLE.get(type_, type_))}/>',
        f'<string key="type" value={quoteattr(type_)}/>',
        f'<date key="time:timestamp" value={quoteattr(str(event["occurred_at"]))}/>',
    ]
    if event.get("actor"):
        parts.append(f'<string key="org:resource" value={quoteattr(str(event["actor"]))}/>')
    if event["erased"]:
        parts.append(f'<string key="erased" value={quoteattr(event["erased"])}/>')
    return "<event>" + "".join(parts) + "</event>\n"


def _events(tx: Tx) -> Iterator[dict[str, Any]]:
    """As the verifier sees them, in order of chain and number; `erased` says so of those that have lost something."""
    under = erased_values(tx)
    for line in export_ndjson(tx):
        event = json.loads(json.loads(line)["body"])
        decisions = {under[commitment] for commitment in commitments_in(event["body"]) & under.keys()} if under else ()
        yield {**event, "erased": f"erased under decision {', '.join(sorted(decisions))}" if decisions else None}


def _cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def _line(cells: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()
