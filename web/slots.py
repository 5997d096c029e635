"""Places in pages that another part fills: the demo's roles when signing in, its clock bar above every page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

Render = Callable[[], str]
NAMES = frozenset({"sign_in", "page_top"})


def fill_slot(app: Flask, name: str, render: Render) -> None:
    """`render` makes HTML (already escaped) within the request, or an empty string."""
    if name not in NAMES:
        raise ValueError(name)
    app.extensions["arshjul_slots"].setdefault(name, []).append(render)


def slot(name: str) -> Markup:
    """Everything that was put in the slot, in order."""
    fillings: dict[str, list[Render]] = current_app.extensions["arshjul_slots"]
    return Markup("").join(Markup(render()) for render in fillings.get(name, []))  # noqa: S704 (templates escape)


def init_app(app: Flask) -> None:
    app.extensions["arshjul_slots"] = {}
    app.jinja_env.globals["slot"] = slot
