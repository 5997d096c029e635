"""Rows of the store in few words, for tests of the statements themselves: nothing of the engine has written them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine import identity
from engine.store.database import Tx
from engine.store.tables import activity, definition, instance, job, position, user_task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Rows:
    """Each new row gives its id."""

    tx: Tx

    def people(self) -> None:
        """A unit with two people and three positions, whom the other rows name."""
        identity.add_unit(self.tx, "u", "U", "unit")
        for person_id in ("ann", "bo"):
            identity.add_person(self.tx, person_id, person_id, f"{person_id}@region.example")
        for position_id in ("mine", "also_mine", "theirs"):
            self.position(position_id)

    def position(self, position_id: str) -> None:
        values = {"id": position_id, "role": "r", "unit_id": "u", "name": position_id, "active": True}
        self.tx.execute(position.insert().values(values))

    def instance(self, key: str, year: int, state: str = "active", *, many: bool = False) -> int:
        """With a definition of its own, whose hash is the key."""
        named = self.tx.insert(
            definition, key=key, version=1, sha256=key, name=key, package=b"", deployed_at=NOW
        )  # fmt: skip
        return self.tx.insert(
            instance, definition_id=named, key=key, business_key=key, plan_year=year, state=state, execution=b"",
            variables={}, windows="", started_at=NOW, many=many,
        )  # fmt: skip

    def step(self, instance_id: int, element: str = "ask", round_: int = 1, **more: Any) -> int:
        given = {"state": "open", "closes_at": NOW + HOUR, "due_at": NOW, "reached_at": NOW, "opened_at": NOW}
        given |= {"token": f"t{round_}", "round": round_, "multi": True}
        return self.tx.insert(activity, instance_id=instance_id, element_id=element, **given | more)

    def task(self, instance_id: int, step: int | None, **more: Any) -> int:
        given = {"element_id": "ask", "form": "f", "title_sv": "T", "title_en": "T", "plan_year": 2028, "role": "r"}
        given |= {"unit_id": "u", "unit_name": "U", "state": "open", "opened_at": NOW, "due_at": NOW + HOUR}
        return self.tx.insert(
            user_task, instance_id=instance_id, activity_id=step, **given | {"position_id": "mine"} | more
        )

    def answered(self, instance_id: int, step: int | None, by: str = "ann", **more: Any) -> int:
        given = {"state": "completed", "outcome": "answered", "answered_by": by, "answered_at": NOW, "ended_at": NOW}
        return self.task(instance_id, step, **given | more)

    def job(self, kind: str = "reminder", **more: Any) -> int:
        return self.tx.insert(job, **{"kind": kind, "due_at": NOW, "payload": {}} | more)
