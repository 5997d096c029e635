"""What is done with a whole cycle: pausing, resuming, cancelling, and letting it go on under a newer version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import deployments, instances
from engine.batches import migrating as batch_migrating
from engine.operations import cancelling, migrating, pausing
from engine.operations.common import Preview
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import About, Operation, confirm, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@dataclass(frozen=True)
class Verb:
    """`title`, `button` and `done` are made of the cycle's name, in the reader's language."""

    preview: Callable[..., Preview]
    carry_out: Callable[..., Any]
    title: Callable[[str], str]
    button: Callable[[], str]
    done: Callable[[str], str]
    grave: bool = False


VERBS = {
    "pause": Verb(
        pausing.preview_suspend,
        pausing.suspend,
        lambda name: _("Pausa %(name)s", name=name),
        lambda: _("Pausa"),
        lambda name: _("%(name)s är pausad.", name=name),
    ),
    "resume": Verb(
        pausing.preview_resume,
        pausing.resume,
        lambda name: _("Återuppta %(name)s", name=name),
        lambda: _("Återuppta"),
        lambda name: _("%(name)s pågår igen.", name=name),
    ),
    "migrate": Verb(
        migrating.preview_migrate,
        migrating.migrate,
        lambda _name: _("Byt till den nya versionen av processen"),
        lambda: _("Byt version"),
        lambda name: _("%(name)s följer nu den nya versionen.", name=name),
    ),
    "cancel": Verb(
        cancelling.preview_cancel,
        cancelling.cancel,
        lambda name: _("Avbryt %(name)s", name=name),
        lambda: _("Avbryt för gott"),
        lambda name: _("%(name)s är avbruten. De som hade uppgifter får besked.", name=name),
        grave=True,
    ),
}


@blueprint.route("/cycles/<int:instance_id>/<any(pause, resume, migrate, cancel):verb>", methods=["GET", "POST"])
@allow("operate")
def operate_cycle(instance_id: int, verb: str) -> ResponseReturnValue:
    name, _back = cycle = about(instance_id)
    chosen = VERBS[verb]
    return confirm(
        cycle, instance_id, chosen.preview, chosen.carry_out,
        title=chosen.title(name), button=chosen.button(), done=chosen.done(name), grave=chosen.grave,
    )  # fmt: skip


@blueprint.route("/processes/<key>/migrate", methods=["GET", "POST"])
@allow("operate")
def migrate_all(key: str) -> ResponseReturnValue:
    """Looks at each instance first; the batch's page has the report, and the button."""
    with database().page() as tx:
        name = in_words(deployments.latest(tx, key).package.name)
    return run(
        Operation(
            title=_("Byt version för alla som pågår"),
            kicker=name,
            button=_("Se vad som ändras för var och en"),
            done=_("Inget är ändrat än. Här ser du vad som ändras för var och en."),
            back=(url_for("cockpit.overview"), _("Översikt")),
            preview=lambda tx, _v: batch_migrating.preview(tx, key),
            carry_out=lambda tx, _v, why: batch_migrating.prepare(tx, key, reason=why, by=actor(), now=now()),
            leads_to=lambda batch_id: url_for("cockpit.batch", batch_id=batch_id),
        )
    )


def about(instance_id: int) -> About:
    """What the cycle is called, and the way back to it. Raises NotFound."""
    with database().page() as tx:
        name = in_words(instances.label(tx, instance_id).name)
    return name, (url_for("cockpit.cycle", instance_id=instance_id), name)
