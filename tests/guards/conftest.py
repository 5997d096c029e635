"""A region of invented people with something of everything that an address names, and a client for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support.browsing import accounts_for, pages, sign_in
from support.doors import AUDITOR, HR, HR_HEAD, MANAGER, OTHER_MANAGER, PEOPLE
from support.stages import in_november
from support.world import World

from engine import (
    attachments,
    bulk,
    deployments,
    errands,
    identity,
    incidents,
    rehearsing,
    verifying,
    wheel_links,
)
from engine.actor import Actor
from engine.batches import starting
from engine.operations import deploying
from engine.rehearsing import Wanted
from engine.store.tables import activity, instance, mail, user_task
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("routes")
    made = in_november(f"sqlite:///{folder / 'routes.db'}")
    accounts_for(made, *PEOPLE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return pages(world, demo=True)


@pytest.fixture(scope="module")
def facts(world: World) -> dict[str, object]:
    """The objects that the addresses name."""
    channel = MailboxChannel()
    dispatch(world.database, channel, now=world.now, wall=world.clock.wall(), public_url="http://127.0.0.1:8000")
    with world.database.verb() as tx:
        number = tx.scalar(sa.select(instance.c.id))
        mine = sa.select(user_task.c.id).where(user_task.c.unit_id == "hs-1", user_task.c.element_id == "collection")
        found = {
            "instance": number,
            "task": tx.scalar(mine),
            "activity": tx.scalar(sa.select(activity.c.id).where(activity.c.element_id == "collection")),
            "mail": tx.scalar(sa.select(mail.c.id)),
            "fault": incidents.raise_incident(tx, kind="test", message="boom", now=world.now, instance_id=number),
        }
    tora, hr = world.person(MANAGER), world.person(HR)
    with world.database.verb() as tx:
        file = attachments.File("underlag.txt", b"Underlag")
        found["bulk"] = bulk.begin(tx, "claim", [int(str(found["task"]))], by=tora, now=world.now)
        (found["attachment"],) = attachments.add(
            tx, int(str(found["task"])), [file], limits=attachments.Limits(), by=tora, now=world.now
        )
        found["absence"] = identity.set_absence(
            tx, MANAGER, OTHER_MANAGER, date(2027, 3, 1), date(2027, 3, 2), by=tora, now=world.now
        )
        changed = {**deployments.newest_files(tx, "annual_plan"), "README.md": b"# Changed"}
        found["staged"] = deploying.stage(tx, "annual_plan", changed, file_name="x", by=hr, now=world.now)
        found["batch"] = starting.prepare(
            tx, "annual_plan", [{"plan_year": "2030"}], reason="Prov", by=hr, now=world.now
        )
    with world.database.verb() as tx:
        # Two, so that the one that HR revokes is not the one that is read.
        found["wheel"] = wheel_links.make(tx, "Intranätet", by=world.person(HR), now=world.now)
        wheel_links.make(tx, "Skärmen i entrén", by=world.person(HR), now=world.now)
        found["wheel_link"] = wheel_links.links(tx)[0].id
        found["verification"] = verifying.ask(tx, by=world.person(AUDITOR), now=world.now)
    for name in ("rehearsal", "spare"):
        found[name] = played_rehearsal(world, world.person(HR_HEAD))
    return found


def played_rehearsal(world: World, by: Actor) -> int:
    """One that showed nothing, so that another may be asked for."""
    with world.database.verb() as tx:
        number = rehearsing.ask(tx, Wanted("annual_plan", 2030), by=by, now=world.now)
        claimed = errands.claim(tx, rehearsing.KIND)
        assert claimed is not None
        nothing = {"lines": [], "titles": {}, "roles": {}, "busiest": [], "people": 0, "cycles": []}
        errands.finish(tx, claimed, nothing)
    return number


@pytest.fixture(scope="module")
def clients(app: Flask) -> dict[str, FlaskClient]:
    return {person: sign_in(app, person).client for person in PEOPLE}
