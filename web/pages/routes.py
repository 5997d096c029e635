"""Language switch, accessibility statement, about the service."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import mail_settings
from web.context import actor, database, now
from web.language import LANGUAGES, set_cookie
from web.permissions import allow
from web.redirects import safe_path

blueprint = Blueprint("pages", __name__, template_folder="templates")


@blueprint.post("/language/<code>")
@allow("public")
def language(code: str) -> ResponseReturnValue:
    """For this browser, and saved when someone is signed in: mails and the next browser speak the same language."""
    if code not in LANGUAGES:
        abort(404)
    if current_user.is_authenticated:
        with database().verb() as tx:
            rhythm = mail_settings.rhythm_of(tx, current_user.id)
            mail_settings.change(tx, locale=code, rhythm=rhythm, by=actor(), now=now())
    return set_cookie(make_response(redirect(safe_path(request.form.get("next")))), code)


@blueprint.get("/accessibility")
@allow("public")
def accessibility() -> ResponseReturnValue:
    return render_template("pages/accessibility.html")


@blueprint.get("/about")
@allow("public")
def about() -> ResponseReturnValue:
    return render_template("pages/about.html")
