"""The links in the header: those whose page exists and whose door the reader passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from web.permissions import level_of, may_use
from web.words import lazy_gettext as _l

PLACES: tuple[tuple[str, Any], ...] = (
    ("tasklist.inbox", _l("Min inkorg")),
    ("cockpit.overview", _l("Översikt")),
    ("audit.search", _l("Historik")),
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
    for endpoint, name in PLACES:
        if endpoint in current_app.view_functions and may_use(level_of(current_app, endpoint) or "nobody"):
            here = (request.blueprint or "") == endpoint.split(".")[0]
            found.append(Place(str(name), url_for(endpoint), here))
    return found


def init_app(app: Flask) -> None:
    app.jinja_env.globals["places"] = places
