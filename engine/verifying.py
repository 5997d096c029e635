"""Verifications of the history that people ask for: errands (`engine.errands`) that every reader of it may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import errands, history, identity
from engine.actor import Actor
from engine.errands import Errand
from engine.errors import Forbidden, NotPossible
from engine.operating import why
from engine.operations.common import Preview, sentence
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import history as rows
from engine.texts import Text

KIND = "verification"
KEPT = timedelta(days=365)
MOST_KEPT = 100


@dataclass(frozen=True)
class Record:
    """An event as its row names it; its content may be what does not verify."""

    id: int
    type: str
    recorded_at: datetime
    instance_id: int | None


@dataclass(frozen=True)
class Broken:
    """The first place that does not verify: why in the verifier's words, where in the chains, and the event there.

    `record` is None when no event stands there, as when the end of a chain is gone.
    """

    why: str
    chain: str | None
    seq: int | None
    record: Record | None


@dataclass(frozen=True)
class Anchored:
    """The checkpoint that the history was held against."""

    id: int
    events: int
    taken_at: datetime


@dataclass(frozen=True)
class Told:
    """What a verification came to. `newest`: the last event that was there. See `history.Verdict` for the rest."""

    events: int
    chains: int
    not_anchored: int
    erased: Mapping[str, int]
    newest: Record | None
    anchored: Anchored | None
    broken: Broken | None


def ask(tx: Tx, *, by: Actor, now: datetime) -> int:
    """Queue a verification; when one is under way, whoever asked for it, it is that one. Raises Forbidden."""
    _ensure_may_read(tx, by, now)
    there = errands.under_way(tx, KIND)
    if there is not None:
        return there
    errands.keep_newest(tx, KIND, MOST_KEPT - 1)
    return errands.queue(tx, KIND, {}, KEPT, by=by)


def preview_cancel(tx: Tx, verification_id: int, *, by: Actor, now: datetime) -> Preview:
    """Raises Forbidden, NotFound, NotPossible (it is over)."""
    _ensure_may_read(tx, by, now)
    found = errands.find(tx, KIND, verification_id)
    if not found.is_under_way:
        raise NotPossible(reason="errand_over")
    return Preview(
        (
            sentence(
                "Kontrollen som {name} begärde slutar utan svar. Det säger inget om historiken.",
                "The verification that {name} asked for ends without an answer. That says nothing about the history.",
                name=Text(found.asker, found.asker),
            ),
            Text(
                "Att den avbröts, av vem och varför står kvar bland kontrollerna. En ny kan begäras när som helst.",
                "That it was cancelled, by whom and why is kept among the verifications. A new one can be asked for at "
                "any time.",
            ),
        )
    )


def cancel(tx: Tx, verification_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """End a verification that waits or is being done, whoever asked for it. What was found so far is not kept.

    Raises Forbidden, NotFound, InvalidInput (the reason), NotPossible (it is over).
    """
    _ensure_may_read(tx, by, now)
    errands.cancel(tx, KIND, verification_id, why(reason), by=by)


def cancelled_by(tx: Tx, found: Errand) -> str | None:
    """Who cancelled it, by name; None when nobody did or is no longer known."""
    if found.problem != "cancelled" or found.result is None:
        return None
    return identity.person_name(tx, found.result["cancelled_by"])


def _ensure_may_read(tx: Tx, by: Actor, now: datetime) -> None:
    if by.person_id is None or "history" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="ask", kind=KIND)


def newest(tx: Tx, limit: int) -> list[tuple[Errand, Told | None]]:
    """Those of the last year, newest first, with what they came to."""
    return [find(tx, found.id) for found in errands.newest(tx, KIND, limit=limit)]


def find(tx: Tx, verification_id: int) -> tuple[Errand, Told | None]:
    """One, whoever asked for it, and what it came to. Raises NotFound, also for one that has expired."""
    found = errands.find(tx, KIND, verification_id)
    return found, _told(found.result) if found.result is not None and found.state == "done" else None


def carry_out(tx: Tx, progress: Callable[[int], None]) -> dict[str, Any]:
    """Verify everything that `tx` sees, and give the errand's result; `progress` gets percent.

    On PostgreSQL `tx` must be a snapshot (`Database.snapshot`): others go on writing.
    """
    last, checkpoint = rows.newest_event(tx), rows.newest_checkpoint(tx)
    verdict = history.verify(tx, progress)
    problem = verdict.problem
    return {
        "events": verdict.events,
        "chains": verdict.chains,
        "not_anchored": verdict.not_anchored,
        "erased": dict(verdict.erased),
        "newest": _noted(last),
        "anchored": _noted_checkpoint(checkpoint),
        "broken": problem
        and {
            "why": problem.why,
            "chain": problem.chain,
            "seq": problem.seq,
            "record": _noted(rows.event_at(tx, problem.chain, problem.seq)),
        },
    }


def _told(result: Mapping[str, Any]) -> Told:
    broken, anchored = result["broken"], result["anchored"]
    return Told(
        result["events"],
        result["chains"],
        result["not_anchored"],
        result["erased"],
        _record(result["newest"]),
        Anchored(anchored["id"], anchored["events"], datetime.fromisoformat(anchored["taken_at"]))
        if anchored
        else None,
        Broken(broken["why"], broken["chain"], broken["seq"], _record(broken["record"])) if broken else None,
    )


def _noted(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    at = row.recorded_at.isoformat()
    return {"id": row.id, "type": row.type, "recorded_at": at, "instance_id": row.instance_id}


def _noted_checkpoint(row: Any) -> dict[str, Any] | None:
    return row and {"id": row.id, "events": row.events, "taken_at": row.taken_at.isoformat()}


def _record(noted: Mapping[str, Any] | None) -> Record | None:
    if noted is None:
        return None
    at = datetime.fromisoformat(noted["recorded_at"])
    return Record(noted["id"], noted["type"], at, noted["instance_id"])
