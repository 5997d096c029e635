"""Verifying the whole history: asked for here, done beside the pages, and read by whoever may read the history."""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine import instances, verifying
from engine.errors import NotPossible
from web import errands, messages
from web.audit import reading
from web.audit.blueprint import blueprint
from web.cockpit import operate
from web.context import actor, database, now
from web.permissions import allow
from web.words import gettext as _

MISSING = re.compile(r"event (\d+) should follow here")


@blueprint.post("/history/verify")
@allow("history")
def verify() -> ResponseReturnValue:
    reading.note_reading("verify")
    with database().verb() as tx:
        number = verifying.ask(tx, by=actor(), now=now())
    return redirect(url_for("audit.verification", verification_id=number))


@blueprint.get("/history/verifications/<int:verification_id>")
@allow("history")
def verification(verification_id: int) -> ResponseReturnValue:
    """Under way: how far it has come, on a page that loads itself again. Over: what it came to."""
    with database().page() as tx:
        found, told = verifying.find(tx, verification_id)
        cancelled_by = verifying.cancelled_by(tx, found)
        record = told.broken.record if told is not None and told.broken is not None else None
        plans = {label.instance_id: label.name for label in instances.labels(tx)} if record is not None else {}
    if (reload := errands.over(found)) is not None:
        return reload
    return render_template(
        "audit/verification.html",
        verification=found,
        told=told,
        why=why(told.broken.why) if told is not None and told.broken is not None else "",
        record=record,
        plan=plans.get(record.instance_id) if record is not None and record.instance_id is not None else None,
        left=errands.is_left(found),
        cancelled_by=cancelled_by,
    )


@blueprint.route("/history/verifications/<int:verification_id>/cancel", methods=["GET", "POST"])
@allow("history")
def cancel_verification(verification_id: int) -> ResponseReturnValue:
    """Asks why; when it is over meanwhile, its page says what came of it."""
    back = url_for("audit.verification", verification_id=verification_id)
    try:
        return operate.confirm(
            ("", (back, _("Kontroll av historiken"))), verification_id, verifying.preview_cancel, verifying.cancel,
            title=_("Avbryt kontrollen av historiken"),
            button=_("Avbryt kontrollen"),
            done=_("Kontrollen är avbruten."),
            reason_kept=_("Skälet sparas med kontrollen. Skriv inget om patienter eller enskilda medarbetare."),
        )  # fmt: skip
    except NotPossible as over:
        flash(messages.sentence(over).text, "notice")
        return redirect(back)


def why(said: str) -> str:
    """What the verifier found, in the reader's language; what is not known here is told in its own words."""
    missing = MISSING.fullmatch(said)
    if missing is not None:
        return _("Här skulle händelse %(number)s i kedjan komma. Den saknas.", number=missing[1])
    words = {
        "its content does not match its hash": lambda: _("Innehållet är inte det som skrevs."),
        "it does not follow from the event before it": lambda: _("Den följer inte på händelsen före."),
        "its content belongs to another place": lambda: _("Innehållet hör hemma på en annan plats."),
        "its columns do not say what its content says": lambda: _(
            "Det som står bredvid innehållet (vem, när eller vad) är ändrat."
        ),
        "the chain does not end where its head says": lambda: _("Kedjan slutar inte där den ska sluta."),
        "the chain ended later when the checkpoint was taken": lambda: _(
            "Slutet på kedjan saknas. Det fanns när kontrollpunkten togs."
        ),
        "it, or an event before it, is not the one of the checkpoint": lambda: _(
            "Den, eller en händelse före den, är en annan än när kontrollpunkten togs."
        ),
        "the checkpoint is not one of this system": lambda: _("Kontrollpunkten är inte gjord av det här systemet."),
        "the checkpoint's chains do not give its root": lambda: _("Kontrollpunkten är ändrad."),
    }
    return words[said]() if said in words else said
