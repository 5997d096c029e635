"""All history and one instance's."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engine import cycles, deployments, history, identity, instances, verifying
from engine.history import anchoring
from engine.history.verifier import spaced
from engine.texts import Text
from web.audit import kinds, reading
from web.audit.blueprint import blueprint
from web.context import database, now, services
from web.permissions import allow

SHOWN = 5
"""Verifications on the page of the history."""


@blueprint.get("/history")
@allow("history")
def search() -> ResponseReturnValue:
    reading.note_reading("history")
    question = reading.asked()
    with database().page() as tx:
        found = reading.find(tx, question, None)
        labels, anchor = instances.labels(tx), anchoring.newest(tx)
        verified = verifying.newest(tx, SHOWN)
        roles = [(name, Text(role.sv, role.en)) for name, role in identity.roles(tx).items()]
        processes = {each.key: each.package.name for each in deployments.newest(tx)}
    key = services().config.bundle_key
    return render_template(
        "audit/search.html",
        anchor=anchor, verified=verified, fingerprint=spaced(key.id), public_key=spaced(key.public),
        labels=labels, question=question, unread=reading.unread, answer=found,
        kinds=kinds.KINDS, roles=roles, processes=processes,
    )  # fmt: skip


@blueprint.get("/history/<int:instance_id>")
@allow("history")
def timeline(instance_id: int) -> ResponseReturnValue:
    question = reading.asked()
    with database().page() as tx:
        cycle = cycles.cycle(tx, instance_id, now())
        found = reading.find(tx, question, instance_id)
        departures = reading.lines(tx, history.timeline(tx, instance_id, types=["departure"]))
    reading.note_reading(f"instance {instance_id}")
    return render_template(
        "audit/timeline.html",
        cycle=cycle,
        question=question,
        unread=reading.unread,
        answer=found,
        departures=departures,
        kinds=[kind for kind in kinds.KINDS if kind.id != "organisation"],
    )
