"""The demo with more in it than a quiet day brings, so that every page has something to show."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from support import development
from support.newer import changed_everywhere
from support.served import TODAY, Served

from arshjul.composition import WORKFLOWS
from engine import attachments, bulk, deployments, errands, history, identity, incidents, rehearsing, verifying
from engine.actor import SYSTEM, Actor
from engine.operations import deploying, pausing
from engine.rehearsing import Wanted
from engine.store.tables import instance, user_task


def put_in(lively: Served) -> None:
    """A file, tasks taken at once, a fault, a paused cycle, a newer version, batches, rehearsals and a check."""
    with ThreadPoolExecutor(1) as elsewhere:  # V8 does not run in the thread of the browser's own loop
        elsewhere.submit(_put_in, lively).result()


def _put_in(lively: Served) -> None:
    with lively.database.verb() as tx:
        giver = identity.person(tx, lively.region.holders("chef-sv-1-1")[0])
        mine = sa.select(user_task.c.id).where(user_task.c.position_id == "chef-sv-1-1", user_task.c.state == "open")
        limits, by = attachments.Limits(), Actor(giver.id, giver.name)
        file = attachments.File("underlag.txt", b"Underlag")
        several = bulk.begin(tx, "claim", [tx.scalar(mine)], by=by, now=TODAY)
        bulk.start(tx, several, bulk.Order(), by=by, now=TODAY)
        for task_id in bulk.waiting(tx, several, by, 1):
            bulk.carry_out(tx, several, task_id, by=by, now=TODAY)
        attachments.add(tx, tx.scalar(mine), [file], limits=limits, by=by, now=TODAY)
    newer = deployments.read_folder(WORKFLOWS / "annual_plan") | {"README.md": b"# Newer\n"}
    hr = Actor(lively.region.holders("hr_strateg")[0], "HR")
    with lively.database.verb() as tx:
        first = tx.scalar(sa.select(instance.c.id).where(instance.c.state == "active"))
        words = {"kind": "diagram_no_way_out", "message": "BpmnError: no way out", "element_id": "gw_review_needed"}
        incidents.raise_incident(tx, **words, now=TODAY, instance_id=first)
        pausing.suspend(tx, first, reason="omorganisation", by=SYSTEM, now=TODAY)
        deployments.deploy(tx, "annual_plan", newer, by=SYSTEM, now=TODAY)
        development.many_at_once(tx, TODAY)
        deploying.stage(tx, "annual_plan", changed_everywhere(newer), file_name="new.zip", by=hr, now=TODAY)
        history.checkpoint(tx, TODAY)
    _asked_for(lively)


def _asked_for(lively: Served) -> None:
    """A rehearsal of HR's that could not be played, one that was, and a check: the demo's own poller does them."""
    strategist = lively.region.holders("hr_strateg")[0]
    asker = Actor(strategist, "HR")
    with lively.database.verb() as tx:
        rehearsing.ask(tx, Wanted("annual_plan", 2031, managers=12), by=asker, now=TODAY)
        claimed = errands.claim(tx, rehearsing.KIND)
        assert claimed is not None
        errands.fail(tx, claimed, "too_long")
        rehearsing.ask(tx, Wanted("annual_plan", 2030, assumed=("review_sent_back",)), by=asker, now=TODAY)
        verifying.ask(tx, by=asker, now=TODAY)
    while True:
        with lively.database.page() as tx:
            if not any(errands.waiting(tx, kind) for kind in (rehearsing.KIND, verifying.KIND)):
                return
        time.sleep(0.5)
