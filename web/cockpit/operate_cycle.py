"""Pausing, resuming and cancelling a cycle."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import instances
from engine.operations import cancelling, pausing
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import About, confirm
from web.context import database, in_words
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/cycles/<int:instance_id>/pause", methods=["GET", "POST"])
@allow("operate")
def pause(instance_id: int) -> ResponseReturnValue:
    name, _back = cycle = about(instance_id)
    return confirm(
        cycle, instance_id, pausing.preview_suspend, pausing.suspend,
        title=_("Pausa %(name)s", name=name),
        button=_("Pausa"),
        done=_("%(name)s är pausad.", name=name),
    )  # fmt: skip


@blueprint.route("/cycles/<int:instance_id>/resume", methods=["GET", "POST"])
@allow("operate")
def resume(instance_id: int) -> ResponseReturnValue:
    name, _back = cycle = about(instance_id)
    return confirm(
        cycle, instance_id, pausing.preview_resume, pausing.resume,
        title=_("Återuppta %(name)s", name=name),
        button=_("Återuppta"),
        done=_("%(name)s pågår igen.", name=name),
    )  # fmt: skip


@blueprint.route("/cycles/<int:instance_id>/cancel", methods=["GET", "POST"])
@allow("operate")
def cancel(instance_id: int) -> ResponseReturnValue:
    name, _back = cycle = about(instance_id)
    return confirm(
        cycle, instance_id, cancelling.preview_cancel, cancelling.cancel,
        title=_("Avbryt %(name)s", name=name),
        button=_("Avbryt för gott"),
        done=_("%(name)s är avbruten. De som hade uppgifter får besked.", name=name),
        grave=True,
    )  # fmt: skip


def about(instance_id: int) -> About:
    """What the cycle is called, and the way back to it. Raises NotFound."""
    with database().page() as tx:
        name = in_words(instances.label(tx, instance_id).name)
    return name, (url_for("cockpit.cycle", instance_id=instance_id), name)
