"""How far a batch has come, and what became of each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import deployments, identity
from engine.errors import NotFound
from engine.operations.common import Preview, counted, sentence
from engine.rules.business_keys import SEPARATOR, YEAR, names, parts
from engine.rules.packages import Package
from engine.store.database import Tx
from engine.store.queries import batches as rows
from engine.texts import Text

PAGE = 50
SHOWN = {"all": ("unchecked", "waiting", "done", "failed", "cancelled"), "failed": ("failed",)}


@dataclass(frozen=True)
class Progress:
    """A batch. `done` while checking: looked at. `made_by` is a name."""

    id: int
    kind: str
    key: str
    process: Text
    version: int
    reason: str
    state: str
    total: int
    done: int
    failed: int
    made_by: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def able(self) -> int:
        """How many are not set aside."""
        return self.total - self.failed

    @property
    def moving(self) -> bool:
        return self.state in ("checking", "running")


@dataclass(frozen=True)
class Item:
    """One of the batch, by the name that its instance has or will have. `report`: what would change for it."""

    number: int
    name: Text
    state: str
    error: dict[str, Any] | None
    instance_id: int | None
    report: list[Text]


def progress(tx: Tx, batch_id: int) -> Progress:
    """Raises NotFound."""
    found = rows.get(tx, batch_id)
    if found is None:
        raise NotFound(kind="batch")
    return _progress(tx, found)


def newest(tx: Tx, limit: int = PAGE) -> list[Progress]:
    """The newest batches first."""
    return [_progress(tx, row) for row in rows.newest(tx, limit)]


def items(tx: Tx, batch_id: int, show: str = "all", after: int = 0, limit: int = PAGE) -> list[Item]:
    """A page of items with numbers above `after`. Raises NotFound."""
    found = rows.get(tx, batch_id)
    if found is None:
        raise NotFound(kind="batch")
    package = deployments.load(tx, found.definition_id).package
    return [_item(package, row) for row in rows.items(tx, batch_id, SHOWN.get(show, SHOWN["all"]), after, limit)]


def preview(tx: Tx, batch_id: int, what: str) -> Preview:
    """What pausing, resuming, cancelling or trying again would do. Raises NotFound."""
    found = progress(tx, batch_id)
    said = [
        sentence(
            "{done} av {total} är klara.", "{done} of {total} are done.",
            done=0 if found.state in ("checking", "prepared") else found.done, total=found.total,
        )
    ]  # fmt: skip
    left = counted(found.able - found.done, ("återstår", "is left"), ("återstår", "are left"))
    said += {
        "pause": [sentence("{left}. De väntar tills du återupptar.", "{left}. They wait until you resume.", left=left)],
        "resume": [sentence("{left}. De görs nu.", "{left}. They are done now.", left=left)],
        "cancel": [
            sentence(
                "Det som är klart ligger kvar. Resten görs inte, och kan inte återupptas.",
                "What is done stays. The rest is not done, and cannot be resumed.",
            )
        ],
        "retry": [
            sentence(
                "{count} som lades åt sidan prövas en gång till.", "{count} that were set aside are tried once more.",
                count=found.failed,
            )
        ],
    }[what]  # fmt: skip
    return Preview(tuple(said))


def _progress(tx: Tx, row: Any) -> Progress:
    return Progress(
        row.id,
        row.kind,
        row.key,
        deployments.load(tx, row.definition_id).package.name,
        row.version,
        row.reason,
        row.state,
        row.total,
        row.done,
        row.failed,
        identity.person_name(tx, row.made_by) or "",
        row.made_at,
        row.ended_at,
    )


def _item(package: Package, row: Any) -> Item:
    report = [Text(said["sv"], said["en"]) for said in row.payload.get("report", ())]
    name = package.instance_name.fill(names(package.columns, row.business_key, _year(package, row)))
    return Item(row.number, name, row.state, row.error, row.instance_id, report)


def _year(package: Package, row: Any) -> str:
    """The plan year as it stands in the key, or as it was given; of a row set aside it may be no year at all."""
    known: Sequence[str] = row.business_key.split(SEPARATOR)
    named = dict(zip(parts(package.columns), known, strict=False))
    return str(named.get(YEAR, row.payload.get(YEAR, "")))
