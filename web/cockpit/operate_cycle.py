"""Pausing, resuming and cancelling a cycle."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import instances
from engine.operations import cancelling, pausing
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Operation, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/cycles/<int:instance_id>/pause", methods=["GET", "POST"])
@allow("operate")
def pause(instance_id: int) -> ResponseReturnValue:
    name, back = about(instance_id)
    return run(
        Operation(
            title=_("Pausa %(name)s", name=name),
            kicker=name,
            button=_("Pausa"),
            done=_("%(name)s är pausad.", name=name),
            back=back,
            preview=lambda tx, _v: pausing.preview_suspend(tx, instance_id, by=actor(), now=now()),
            carry_out=lambda tx, _v, why: pausing.suspend(tx, instance_id, reason=why, by=actor(), now=now()),
        )
    )


@blueprint.route("/cycles/<int:instance_id>/resume", methods=["GET", "POST"])
@allow("operate")
def resume(instance_id: int) -> ResponseReturnValue:
    name, back = about(instance_id)
    return run(
        Operation(
            title=_("Återuppta %(name)s", name=name),
            kicker=name,
            button=_("Återuppta"),
            done=_("%(name)s pågår igen.", name=name),
            back=back,
            preview=lambda tx, _v: pausing.preview_resume(tx, instance_id, by=actor(), now=now()),
            carry_out=lambda tx, _v, why: pausing.resume(tx, instance_id, reason=why, by=actor(), now=now()),
        )
    )


@blueprint.route("/cycles/<int:instance_id>/cancel", methods=["GET", "POST"])
@allow("operate")
def cancel(instance_id: int) -> ResponseReturnValue:
    name, back = about(instance_id)
    return run(
        Operation(
            title=_("Avbryt %(name)s", name=name),
            kicker=name,
            button=_("Avbryt för gott"),
            done=_("%(name)s är avbruten. De som hade uppgifter får besked.", name=name),
            back=back,
            preview=lambda tx, _v: cancelling.preview_cancel(tx, instance_id, by=actor(), now=now()),
            carry_out=lambda tx, _v, why: cancelling.cancel(tx, instance_id, reason=why, by=actor(), now=now()),
            grave=True,
        )
    )


def about(instance_id: int) -> tuple[str, tuple[str, str]]:
    """What the cycle is called, and the way back to it. Raises NotFound."""
    with database().page() as tx:
        name = in_words(instances.label(tx, instance_id).name)
    return name, (url_for("cockpit.cycle", instance_id=instance_id), name)
