"""Erasing personal text under a decision on disposal (gallringsbeslut): looked at first, then everywhere at once.

What stood there reads afterwards as erased under that decision, on pages, in files and in the database; the chain of
the history holds commitments only and still verifies. Backups, mails that have left and files that people have
fetched are outside the reach of any system.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engine import history, identity
from engine.actor import Actor
from engine.erasing import telling
from engine.erasing.carrying_out import erase_from
from engine.erasing.finding import Found, find
from engine.erasing.telling import File, Hit
from engine.errors import Forbidden, InvalidInput, NotPossible
from engine.identity import organisation
from engine.rules import plain_text
from engine.rules.calendar import civil_date
from engine.store.database import Tx

SHORTEST, LONGEST = 4, 2000
"""Characters of the text. A shorter one stands in too many words that name nobody."""
LONGEST_DECISION = 100

__all__ = ["Done", "File", "Hit", "Preview", "done", "ensure_may_erase", "erase", "preview"]


@dataclass(frozen=True)
class Preview:
    """`hits` would be erased, `stays` would not. `files`: attached to the same tasks, and not looked through.

    `seen` stands for what was shown: `erase` refuses when it is no longer that.
    """

    text: str
    decision: str
    hits: list[Hit]
    stays: list[Hit]
    files: list[File]
    seen: str


@dataclass(frozen=True)
class Done:
    """One erasure. `places`: how many rows of each kind."""

    decision: str
    by: str | None
    at: datetime
    places: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.places.values())


def ensure_may_erase(tx: Tx, by: Actor, now: datetime) -> None:
    """Raises Forbidden for a person whose roles do not grant `erase`; the system may."""
    if by.person_id is not None and "erase" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="erase", kind="personal_data")


def wrong(text: str, decision: str) -> list[InvalidInput]:
    """All that is wrong with what was typed. Field text: text_missing, text_too_short, text_too_long,
    control_character; decision: decision_missing, decision_too_long, control_character.
    """
    found = []
    for read, typed in ((_text, text), (_decision, decision)):
        try:
            read(typed)
        except InvalidInput as refusal:
            found.append(refusal)
    return found


def preview(tx: Tx, text: str, decision: str, *, by: Actor, now: datetime) -> Preview:
    """Where the text stands. Raises Forbidden, InvalidInput (the first of `wrong`)."""
    ensure_may_erase(tx, by, now)
    text, decision = _text(text), _decision(decision)
    found = find(tx, text, mark(decision))
    gone, stays = [one for one in found if one.stays is None], [one for one in found if one.stays is not None]
    told = telling.Telling(tx, now)
    return Preview(
        text,
        decision,
        [told.hit(one) for one in gone],
        [told.hit(one) for one in stays],
        told.files_beside(gone),
        _seen(gone),
    )


def erase(
    tx: Tx,
    text: str,
    decision: str,
    *,
    seen: str,
    files: Collection[int] = (),
    by: Actor,
    now: datetime,
) -> Done:
    """Erase the text everywhere, and those of the preview's files. It cannot be undone.

    Raises Forbidden, InvalidInput, NotPossible (nothing_to_erase; changed_since_seen: what would be erased is not
    what `seen` stands for).
    """
    ensure_may_erase(tx, by, now)
    text, decision = _text(text), _decision(decision)
    put = mark(decision)
    gone = [one for one in find(tx, text, put) if one.stays is None]
    if not gone:
        raise NotPossible(reason="nothing_to_erase")
    if _seen(gone) != seen:
        raise NotPossible(reason="changed_since_seen")
    beside = [file for file in telling.Telling(tx, now).files_beside(gone) if file.id in files]
    for one in gone:
        erase_from(tx, one, decision, put, by, now)
    for file in beside:
        history.erase(tx, file.commitment, decision, by=by, now=now)
    places = Counter(one.place.kind for one in gone) + Counter({"file": len(beside)})
    body = {"decision": decision, "places": dict(sorted(places.items()))}
    history.append(tx, type="text_erased", chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
    if "person" in places:
        organisation.changed(tx)
    return Done(decision, by.name, now, dict(places))


def done(tx: Tx) -> list[Done]:
    """The erasures so far, the latest first."""
    found = history.search(tx, types=["text_erased"]).events
    return [
        Done(str(event.body["decision"]), event.actor_name, event.occurred_at, dict(event.body["places"]))
        for event in reversed(found)
    ]


def mark(decision: str) -> str:
    """What stands in the text's place, in the language of what people write here."""
    return f"[gallrat enligt {decision}]"


def _text(typed: str) -> str:
    return plain_text.required(typed, field="text", longest=LONGEST, shortest=SHORTEST)


def _decision(typed: str) -> str:
    return plain_text.required(typed, field="decision", longest=LONGEST_DECISION, one_line=True)


def _seen(gone: list[Found]) -> str:
    """A hash, so that no text stands in a form or an address."""
    rows = [(one.place.table.name, one.key, one.excerpts) for one in gone]
    return sha256(repr(rows).encode()).hexdigest()
