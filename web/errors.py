"""One place turns what went wrong into a page: a sentence and a next step, never a traceback."""

from __future__ import annotations

from errno import EDQUOT, ENOSPC

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from engine import access_log
from engine.errors import EngineError, Forbidden, NotFound
from engine.store.faults import is_passing
from web import signed_out, sizes, unavailable
from web.context import database
from web.messages import Sentence, general, sentence
from web.words import gettext as _

NO_ROOM = (ENOSPC, EDQUOT)
"""A file that is sent in lies on the disk for temporary files until its form has been read."""


def page(said: Sentence, status: int) -> ResponseReturnValue:
    return render_template("errors/error.html", said=said, status=status), status


def engine_error(error: EngineError) -> ResponseReturnValue:
    if error.status in (403, 404):
        note_refusal(error.status)
    return page(sentence(error), error.status)


def http_error(error: HTTPException) -> ResponseReturnValue:
    original = error.original_exception if isinstance(error, InternalServerError) else None
    if original is not None and is_passing(original):  # met while another page of this file was made
        return unavailable.page(original)
    status = error.code or 500
    if error.response is not None or status < 400 or isinstance(error, SecurityError):
        return error
    if status == 413 and (own := too_large()) is not None:
        return own
    if status == 403:
        return engine_error(Forbidden())
    if status == 404:
        return engine_error(NotFound())
    return page(http_sentence(status), status)


def too_large() -> ResponseReturnValue | None:
    """The view's own page about it, if it has one."""
    try:
        return sizes.page_of_413()
    except EngineError as error:
        return engine_error(error)


def http_sentence(status: int) -> Sentence:
    if status == 413:
        return Sentence(_("Det är för stort"), _("Korta texten, eller välj en fil på högst 2 MB, och försök igen."))
    if status == 429:
        return Sentence(_("För många försök"), _("Vänta en minut och försök igen."))
    if status == 405:
        return Sentence(_("Sidan finns inte"), _("Gå till inkorgen och börja om därifrån."))
    return general({})


def csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """The session ended while the form was open, or the form is not ours."""
    return signed_out.page(400)


def unexpected(error: Exception) -> ResponseReturnValue:
    """Logged with its traceback; the reader learns only that it is ours to mend, or that waiting helps."""
    if is_passing(error) or getattr(error, "errno", None) in NO_ROOM:
        return unavailable.page(error)
    current_app.logger.error("unexpected error at %s", request.path, exc_info=error)
    said = Sentence(
        _("Ett tekniskt fel har inträffat"),
        _("Felet är noterat. Försök igen om en stund. Inget du har sparat har gått förlorat."),
    )
    return page(said, 500)


def note_refusal(status: int) -> None:
    """In a transaction of its own, since the refused request's is rolled back."""
    if not current_user.is_authenticated or g.get("refusal_noted"):
        return
    g.refusal_noted = True
    with database().verb() as tx:
        access_log.note(
            tx, current_user.id, f"{request.method} {request.endpoint}", request.path, str(status), request.remote_addr
        )


def init_app(app: Flask) -> None:
    app.register_error_handler(EngineError, engine_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)
