"""Exporting the chain, verifying it, and folding its heads into checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    heads = rows.heads(tx)
    root = verifier.merkle_root(heads)
    newest = rows.last_checkpoint(tx)
    if newest is not None and newest.root == root:
        return _checkpoint(newest)
    events = sum(seq for seq, _ in heads.values())
    document = canonical(
        {
            "version": 1,
            "taken_at": instant(tx.recorded_at),
            "process_time": instant(now),
            "events": events,
            "heads": heads,
            "root": root,
            "previous": newest.root if newest is not None else None,
        }
    )
    rows.add_checkpoint(
        tx,
        events=events,
        last_event_id=rows.last_event_id(tx),
        root=root,
        document=document,
        taken_at=tx.recorded_at,
    )
    return _checkpoint(rows.last_checkpoint(tx))


def verify(tx: Tx) -> Verdict:
    """Verify the chain in the database against itself, its heads, its columns and the newest checkpoint."""
    newest = rows.last_checkpoint(tx)
    walk = _Ends()
    verdict = verifier.check(walk.lines(tx), json.loads(newest.document) if newest is not None else None)
    if not verdict.ok:
        return verdict
    problem = walk.problem or _first_difference(walk.ends, rows.heads(tx))
    return replace(verdict, problem=problem)


class _Ends:
    """Passes the export on; notes where each chain ends and the first row whose columns say otherwise."""

    def __init__(self) -> None:
        self.ends: dict[str, tuple[int, str]] = {}
        self.problem: Problem | None = None

    def lines(self, tx: Tx) -> Iterator[str]:
        for row in rows.stream(tx):
            self.ends[row.chain] = (row.seq, row.hash)
            yield _line(row)
            if self.problem is None and not _columns_agree(row):
                self.problem = Problem(None, row.chain, row.seq, "its columns do not say what its content says")


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


def _first_difference(ends: dict[str, tuple[int, str]], heads: dict[str, tuple[int, str]]) -> Problem | None:
    for chain in sorted(ends.keys() | heads.keys()):
        if ends.get(chain, (0, verifier.GENESIS)) != heads.get(chain, (0, verifier.GENESIS)):
            seq, _ = heads.get(chain, (0, ""))
            return Problem(None, chain, seq, "the chain does not end where its head says")
    return None


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(row.id, row.events, row.root, row.document, row.taken_at)
