"""The database does not answer, or the disk is full: the page that says so needs neither, and carries on what was typed
to be sent again."""

from __future__ import annotations

from flask import current_app, g, jsonify, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin

from web import language, signed_out
from web.words import gettext as _

RETRY_AFTER = 10
"""Seconds until a program may ask again."""


def page(error: BaseException) -> ResponseReturnValue:
    """503 with Retry-After. The request's transaction was rolled back, or it is done and its key makes it harmless."""
    current_app.logger.warning("not available at %s: %s", request.path, error)
    if "locale" not in g:
        kept = request.cookies.get(language.cookie_name())
        g.locale = kept if kept in language.LANGUAGES else "sv"  # a saved choice is in the database
    g.setdefault("_login_user", AnonymousUserMixin())  # every template is given the reader, whom nobody can look up
    response = make_response(_said(), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _said() -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(text=_("Det gick inte att spara just nu. Det du har skrivit finns kvar på sidan."))
    again = _to_send_again()
    return render_template(
        "errors/unavailable.html",
        again=again,
        written=signed_out.written(again),
        files=bool(request.files),
        posted=request.method == "POST",
    )


def _to_send_again() -> list[tuple[str, str]]:
    """What was sent, by someone who is signed in."""
    return signed_out.to_send_again() if "_user_id" in session else []
