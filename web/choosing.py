"""Choosing a person: names nearby at once, others by a search that works without JavaScript; and choosing tasks.

The component `person_choice.html` posts the search text as `<name>_text` and the choice as `<name>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request

from engine import identity
from engine.identity import Listed
from engine.store.database import Tx

LONGEST = 100


@dataclass(frozen=True)
class Choice:
    """What was typed, who fits it, and who of them is chosen. `searched`: the search button was pressed."""

    text: str
    people: Sequence[Listed]
    chosen: str | None
    searched: bool = False


def choose(tx: Tx, name: str, nearby: Sequence[Listed], day: date) -> Choice:
    """The choice that was posted. A text that fits one person alone chooses that person."""
    text = request.form.get(f"{name}_text", "").strip()[:LONGEST]
    people = identity.find(tx, text, day) if text else nearby
    posted = request.form.get(name)
    chosen = next((p.person_id for p in people if p.person_id == posted), None)
    if chosen is None and text and len(people) == 1:
        chosen = people[0].person_id
    return Choice(text, people, chosen, "_search" in request.form)


def numbers(scope: str, most: int) -> list[int]:
    """The tasks ticked, or with `scope` "page" all that were shown; one box may name several, with commas between."""
    named = request.form.getlist("page" if scope == "page" else "tasks")
    written = [text for part in named for text in part.split(",")][:most]
    return [int(text) for text in written if text.isascii() and text.isdigit() and len(text) < 10]
