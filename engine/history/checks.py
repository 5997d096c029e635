"""Exporting the chain, verifying it, and folding its heads into checkpoints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.history import verifier
from engine.history.canonical import canonical, instant
from engine.history.verifier import Problem, Verdict
from engine.store.database import Tx
from engine.store.queries import history as rows


@dataclass(frozen=True)
class Checkpoint:
    """`document` is what leaves the machine and what the verifier reads: JSON with heads and Merkle root."""

    id: int
    events: int
    root: str
    document: str
    taken_at: datetime


def export_ndjson(tx: Tx) -> Iterator[str]:
    """Every event as one line (with its newline), in the order that the verifier expects. One snapshot."""
    for row in rows.stream(tx):
        yield _line(row)


def checkpoint(tx: Tx, now: datetime) -> Checkpoint:
    """Fold the heads of all chains into one root and keep it; `now` is process time.

    When nothing has been appended since the newest one, that is given again.
    """
    return keep(tx, fold(tx, now))


@dataclass(frozen=True)
class Folded:
    """A checkpoint not kept yet. `document` None: it would say what the newest says, whose root is `previous`."""

    events: int
    last_event_id: int
    root: str
    previous: str | None
    document: str | None
    taken_at: datetime


def fold(tx: Tx, now: datetime) -> Folded:
    """What a checkpoint would say. It takes a second for fifty thousand chains, and needs no lock but one snapshot."""
    heads, newest = rows.heads(tx), rows.last_checkpoint(tx)
    root, previous = verifier.merkle_root(heads), newest.root if newest is not None else None
    events = sum(seq for seq, _ in heads.values())
    said = {
        "version": 1,
        "taken_at": instant(tx.recorded_at),
        "process_time": instant(now),
        "events": events,
        "heads": heads,
        "root": root,
        "previous": previous,
    }
    document = canonical(said) if root != previous else None
    return Folded(events, rows.last_event_id(tx), root, previous, document, tx.recorded_at)


def keep(tx: Tx, folded: Folded) -> Checkpoint:
    """Keep it, unless another one was kept meanwhile: then that one is given."""
    newest = rows.last_checkpoint(tx)
    if folded.document is None or (newest.root if newest is not None else None) != folded.previous:
        return _checkpoint(newest)
    rows.add_checkpoint(
        tx,
        events=folded.events,
        last_event_id=folded.last_event_id,
        root=folded.root,
        document=folded.document,
        taken_at=folded.taken_at,
    )
    return _checkpoint(rows.last_checkpoint(tx))


def verify(tx: Tx, progress: Callable[[int], None] = lambda _percent: None) -> Verdict:
    """Verify the chain in the database against itself, its heads, its columns and the newest checkpoint.

    `progress` gets each percent as it is reached. Others may write meanwhile only if `tx` is one snapshot.
    """
    newest = rows.last_checkpoint(tx)
    walk = _Beside(tx, progress)
    verdict = verifier.check(walk.lines(), json.loads(newest.document) if newest is not None else None)
    return replace(verdict, problem=verdict.problem or walk.problem)


class _Beside:
    """Passes the export on, and looks at what the verifier does not see: the heads and the other columns.

    `problem`: the first row whose columns say something else than its content, or a chain that does not end where its
    head says.
    """

    def __init__(self, tx: Tx, progress: Callable[[int], None]) -> None:
        self.tx, self.progress = tx, progress
        self.problem: Problem | None = None
        self._heads = rows.heads_in_order(tx)
        self._head = next(self._heads, None)

    def lines(self) -> Iterator[str]:
        last, whole, told = None, rows.number_of_events(self.tx), -1
        for number, row in enumerate(rows.stream(self.tx)):
            if last is not None and last.chain != row.chain:
                self._ended(last)
            last = row
            yield _line(row)
            if not _columns_agree(row):
                self._found(Problem(None, row.chain, row.seq, "its columns do not say what its content says"))
            if whole and (percent := min(100 * number // whole, 100)) > told:
                told = percent
                self.progress(told)
        if last is not None:
            self._ended(last)
        self._pass_heads(None)

    def _ended(self, last: Any) -> None:
        """A chain's events end there: its head must be there too, and none of the heads before it has been passed."""
        self._pass_heads(last.chain)
        head = self._head if self._head is not None and self._head.chain == last.chain else None
        if head is None or (head.seq, head.hash) != (last.seq, last.hash):
            self._found(_not_its_head(last.chain, head.seq if head is not None else 0))
        if head is not None:
            self._head = next(self._heads, None)

    def _pass_heads(self, until: str | None) -> None:
        """The heads before that chain, all with None: they have no events, and should have."""
        while self._head is not None and (until is None or self._head.chain.encode() < until.encode()):
            if self._head.seq:
                self._found(_not_its_head(self._head.chain, self._head.seq))
            self._head = next(self._heads, None)

    def _found(self, problem: Problem) -> None:
        self.problem = self.problem or problem


def _not_its_head(chain: str, seq: int) -> Problem:
    return Problem(None, chain, seq, "the chain does not end where its head says")


def _line(row: Any) -> str:
    event = {"chain": row.chain, "seq": row.seq, "prev": row.prev, "hash": row.hash, "body": row.body}
    return verifier.written(event) + "\n"


def _columns_agree(row: Any) -> bool:
    told = json.loads(row.body)
    columns = {
        "type": row.type,
        "instance": row.instance_id,
        "task": row.task_id,
        "element": row.element_id,
        "actor": row.actor,
        "occurred_at": instant(row.occurred_at),
        "recorded_at": instant(row.recorded_at),
    }
    return all(told[name] == value for name, value in columns.items())


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(row.id, row.events, row.root, row.document, row.taken_at)
