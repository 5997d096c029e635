"""A few invented people, an outbox on a real database, and rounds of the dispatcher."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import mails, outbox
from engine.clock import SimulatedClock
from engine.mails import Mail
from engine.store.database import Database
from engine.store.tables import (
    definition,
    incident,
    instance,
    metadata,
    outbox_message,
    person,
    position,
    unit,
    user_task,
)
from notifications.channels import Channel
from notifications.channels.smtp import SmtpChannel, parse_url
from notifications.dispatcher import Report, dispatch

MONDAY = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)  # 08.00 in Sweden
WALL = datetime(2030, 1, 1, tzinfo=UTC)
PUBLIC_URL = "https://arshjul.region.example"


@dataclass
class Post:
    """Announces, lets time pass and dispatches; `wall` moves apart from process time."""

    database: Database
    smtp_url: str
    now: datetime = MONDAY
    wall: datetime = WALL
    keys: int = field(default=0)

    def person(self, person_id: str, **values: Any) -> None:
        given = {"name": f"{person_id.capitalize()} Påhitt", "email": f"{person_id}@region.example", "locale": "sv"}
        with self.database.verb() as tx:
            tx.execute(person.insert().values(id=person_id, **{**given, **values}))

    def tell(self, *people: str, kind: str = "task_assigned", key: str | None = None, **content: Any) -> int:
        """Announce a task (or, with `subject` and `body`, a notice) that is due now."""
        self.keys += 1
        task_id = content.get("task_id")
        with self.database.verb() as tx:
            return outbox.announce(
                tx, event_key=key or f"event:{self.keys}", person_ids=people, kind=kind, task_id=task_id,
                content=content if "body" in content else task(**content), now=self.now, send_at=self.now,
            )  # fmt: skip

    def channel(self) -> SmtpChannel:
        return SmtpChannel(parse_url(self.smtp_url, default_sender="arshjul@region.example"), timeout=5)

    def round(self, channel: Channel | None = None) -> Report:
        return dispatch(self.database, channel or self.channel(), now=self.now, wall=self.wall, public_url=PUBLIC_URL)

    def later(self, **time: int) -> None:
        """Wall time passes."""
        self.wall += timedelta(**time)

    def mails(self) -> list[Mail]:
        """Oldest first."""
        with self.database.page() as tx:
            return mails.sent_mails(tx, 1000)[::-1]

    def incidents(self, state: str = "open") -> list[Any]:
        with self.database.page() as tx:
            return tx.rows(sa.select(incident).where(incident.c.state == state).order_by(incident.c.id))

    def messages(self) -> list[Any]:
        with self.database.page() as tx:
            return tx.rows(sa.select(outbox_message).order_by(outbox_message.c.id))

    def open_task(self, task_id: int) -> None:
        """A task of its own, for what must know whether it is still open."""
        with self.database.verb() as tx:
            if tx.scalar(sa.select(sa.func.count()).select_from(instance)) == 0:
                _ground(tx, self.now)
            tx.execute(user_task.insert().values(
                id=task_id, instance_id=1, element_id="collect", form="collection", title_sv="-", title_en="-",
                plan_year=2028, role="chef", position_id="p", unit_id="u", unit_name="Enhet", state="open",
                opened_at=self.now, due_at=self.now,
            ))  # fmt: skip

    def end_task(self, task_id: int, state: str = "completed") -> None:
        with self.database.verb() as tx:
            tx.execute(user_task.update().where(user_task.c.id == task_id).values(state=state))


def task(**content: Any) -> dict[str, Any]:
    """What the engine says of a task, with these changes."""
    return {
        "title": {"sv": "Lämna utbildningsbehov för 2028", "en": "Submit training needs for 2028"},
        "unit_name": "Medicinkliniken", "due_at": "2026-12-31T22:59:59+00:00", "plan_year": 2028, "task_id": None,
        "url_path": "/tasks/1", "vacant": False, "step": "collection", "quick": None, **content,
    }  # fmt: skip


def _ground(tx: Any, now: datetime) -> None:
    tx.execute(unit.insert().values(id="u", name="Enhet", kind="unit"))
    tx.execute(position.insert().values(id="p", role="chef", unit_id="u", name="Chef"))
    tx.execute(definition.insert().values(
        id=1, key="k", version=1, sha256="0" * 64, name="k", package=b"", deployed_at=now,
    ))  # fmt: skip
    tx.execute(instance.insert().values(
        id=1, definition_id=1, key="k", business_key="k-2028", plan_year=2028, state="active", execution=b"",
        variables={}, windows="{}", started_at=now,
    ))  # fmt: skip


@pytest.fixture
def post(database_url: str, smtp: Any) -> Iterator[Post]:
    database = Database(database_url, SimulatedClock(MONDAY), volatile=True)
    metadata.create_all(database.engine)
    post = Post(database, smtp.url)
    post.person("anna")
    yield post
    database.dispose()
