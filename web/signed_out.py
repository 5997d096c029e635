"""The session ended while a form was open: the page that says so carries on what was typed, to be sent again."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from web.words import gettext as _


def page(status: int) -> ResponseReturnValue:
    """Nothing was done. For autosave a sentence as JSON; it tries again when somebody has signed in."""
    if request.accept_mimetypes.best == "application/json":
        text = _("Du är utloggad, så det du skriver sparas inte. Logga in i en ny flik, så sparas det härifrån.")
        return jsonify(text=text, signed_out=True), status
    again = to_send_again() if from_this_site() else []
    following, files = page_behind(), bool(request.files)
    content = render_template(
        "errors/signed_out.html", again=again, written=written(again), following=following, files=files
    )
    return content, status


def to_send_again() -> list[tuple[str, str]]:
    """The fields of the form that was sent. Nothing of one with a password."""
    if request.method != "POST" or any("password" in name for name in request.form):
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def written(fields: list[tuple[str, str]]) -> list[str]:
    """What the reader wrote or chose, without the form's own fields."""
    return [value for name, value in fields if not name.startswith("_") and value.strip()]


def from_this_site() -> bool:
    """Browsers say where a form came from. What another site's form holds is not offered to be sent."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def page_behind() -> str | None:
    """The path of the form, where it can be opened too."""
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return request.path
