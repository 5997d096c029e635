"""The page of one's own settings."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import calendar_feeds, mail_settings
from engine.errors import InvalidInput
from engine.passwords import SHORTEST
from web.context import actor, database, now, services
from web.language import LANGUAGES, change, set_cookie
from web.permissions import allow
from web.personal.blueprint import blueprint
from web.words import gettext as _


@blueprint.get("/settings")
@allow("signed_in")
def settings() -> ResponseReturnValue:
    return show()


@blueprint.post("/settings")
@allow("signed_in")
def save_settings() -> ResponseReturnValue:
    locale, rhythm = request.form.get("locale", ""), request.form.get("rhythm", "")
    if locale not in LANGUAGES:
        raise InvalidInput(field="locale", reason="unknown", value=locale[:20])
    with database().verb() as tx:
        mail_settings.change(tx, locale=locale, rhythm=rhythm, by=actor(), now=now())
    change(locale)  # the receipt is in the language that was chosen
    flash(_("Inställningarna är sparade."), "success")
    return set_cookie(make_response(redirect(url_for("personal.settings"))), locale)


@blueprint.post("/settings/calendar")
@allow("signed_in")
def make_calendar() -> ResponseReturnValue:
    """A new address, shown in this answer and never again."""
    with database().verb() as tx:
        token = calendar_feeds.create(tx, by=actor(), now=now())
    base = services().config.public_url.rstrip("/")
    return show(base + url_for("personal.calendar_file", token=token))


@blueprint.post("/settings/calendar/revoke")
@allow("signed_in")
def revoke_calendar() -> ResponseReturnValue:
    with database().verb() as tx:
        calendar_feeds.revoke(tx, by=actor(), now=now())
    flash(_("Kalenderadressen fungerar inte längre."), "success")
    return redirect(url_for("personal.settings"))


def show(address: str = "", problem: tuple[str, str] | None = None) -> str:
    """`address`: of a calendar just made; `problem`: the field of the new password that was refused, and why."""
    with database().page() as tx:
        rhythm = mail_settings.rhythm_of(tx, current_user.id)
        made = calendar_feeds.created_at(tx, actor())
    return render_template(
        "personal/settings.html",
        rhythm=rhythm,
        made=made,
        address=address,
        problem=problem,
        has_password=not services().config.demo,
        shortest=SHORTEST,
    )
