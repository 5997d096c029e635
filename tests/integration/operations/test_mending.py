"""What stopped is tried again when someone who may says so, and why."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import World

from engine import incidents
from engine.errors import Forbidden, InvalidInput, NotFound
from engine.operations import mending
from engine.store.tables import incident, job


def stopped(world: World) -> int:
    """The reminder has failed for good."""
    with world.database.verb() as tx:
        failed = tx.scalar(sa.select(job.c.id).where(job.c.kind == "reminder", job.c.state == "due").limit(1))
        tx.execute(job.update().where(job.c.id == failed).values(state="failed", attempts=5, due_at=world.now))
        return incidents.raise_incident(
            tx, kind="job_reminder", message="mail", now=world.now, instance_id=1, job_id=failed
        )


def test_a_stopped_job_is_done_when_tried_again_and_once_only(
    world: World, hr: Callable[..., Any], before: Callable[..., list[str]]
) -> None:
    fault = stopped(world)
    assert "en påminnelse till dem som inte har svarat" in before(mending.preview_retry, fault)[0]
    told = len(world.told("reminder"))
    for _ in range(2):
        hr(mending.retry, fault, reason="Servern är igång")
    assert len(world.told("reminder")) > told
    assert [event.body["reason"] for event in world.events("incident_resolved", 2028)] == ["Servern är igång"]
    with pytest.raises(NotFound):
        before(mending.preview_retry, fault)


def test_it_needs_a_reason_and_the_right_to_operate(world: World, hr: Callable[..., Any]) -> None:
    fault = stopped(world)
    with pytest.raises(InvalidInput):
        hr(mending.retry, fault, reason=" ")
    with pytest.raises(Forbidden):
        hr(mending.retry, fault, reason="Jag vill", by="tora")
    with world.page() as tx:
        assert tx.scalar(sa.select(incident.c.state)) == "open"
