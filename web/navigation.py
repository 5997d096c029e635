"""The links in the header: those whose page exists and whose door the reader passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from web.permissions import level_of, may_use
from web.words import lazy_gettext as _l

PLACES: tuple[tuple[str, Any], ...] = (
    ("tasklist.inbox", _l("Min inkorg")),
    ("absence.mine", _l("Frånvaro")),
    ("cockpit.overview", _l("Översikt")),
    ("audit.search", _l("Historik")),
    ("cockpit.organisation", _l("Organisation")),
)


@dataclass(frozen=True)
class Place:
    """One link of the header."""

    name: str
    url: str
    current: bool


def places() -> list[Place]:
    """In the order of the header; the one that the page belongs to is current."""
    found = []
    here = _here()
    for endpoint, name in PLACES:
        if endpoint in current_app.view_functions and _open(endpoint):
            found.append(Place(str(name), url_for(endpoint), endpoint == here))
    return found


def _open(endpoint: str) -> bool:
    """The page's level, and where it names them, one of its capabilities."""
    one_of = getattr(current_app.view_functions[endpoint], "one_of", ())
    if one_of and not getattr(current_user, "capabilities", frozenset()) & frozenset(one_of):
        return False
    return may_use(level_of(current_app, endpoint) or "nobody")


def _here() -> str | None:
    """The header's page that this one is, else the first of the same part; erasing is reached from the history."""
    if any(request.endpoint == endpoint for endpoint, _name in PLACES):
        return request.endpoint
    part = "audit" if request.blueprint == "erasing" else request.blueprint
    return next((endpoint for endpoint, _name in PLACES if endpoint.split(".")[0] == part), None)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["places"] = places
