"""Who may use a route. Each view declares it with `@allow(…)`; an application with an undeclared one does not start.

Object access (whose task, whose unit) is the engine's; this is the door in front of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from web import signed_out
from web.context import services

LEVELS = frozenset({"public", "signed_in", "cockpit", "history", "operate", "deploy", "erase", "admin", "demo"})
View = TypeVar("View", bound=Callable[..., Any])


def allow(level: str) -> Callable[[View], View]:
    """Declare who may use the view: everyone, everyone signed in, or those with that capability."""
    if level not in LEVELS:
        raise ValueError(level)

    def declare(view: View) -> View:
        view.allowed = level  # type: ignore[attr-defined]
        return view

    return declare


def level_of(app: Flask, endpoint: str) -> str | None:
    """What the view of the endpoint declared; static files are public."""
    if endpoint == "static":
        return "public"
    return getattr(app.view_functions[endpoint], "allowed", None)


def check_every_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    undeclared = sorted(endpoint for endpoint in endpoints if level_of(app, endpoint) is None)
    if undeclared:
        raise RuntimeError(f"these routes do not say who may use them: {', '.join(undeclared)}")


def may_use(level: str) -> bool:
    """Whether the reader of this request passes the door of that level."""
    if level == "public":
        return True
    if level == "demo":
        return services().config.demo
    if not current_user.is_authenticated:
        return False
    return level == "signed_in" or level in current_user.capabilities


def guard() -> ResponseReturnValue | None:
    """Before each request: to the sign-in page, with what a form brought kept, 403, or through."""
    if request.endpoint is None:
        return None
    level = level_of(current_app, request.endpoint) or "nobody"
    if may_use(level):
        return None
    if level == "demo":
        abort(404)
    if current_user.is_authenticated:
        abort(403)
    if request.method == "POST" and request.form:
        return signed_out.page(401)
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def init_app(app: Flask) -> None:
    app.before_request(guard)
