"""Puts the pages together: one blueprint for each audience, and what holds for all of them."""

from __future__ import annotations

import importlib.util
from importlib import import_module

from flask import Blueprint, Flask

from engine.clock import Clock
from engine.store.database import Database
from web import addresses, errors, forwarding, language, navigation, permissions, security, slots, templating
from web.auth import session
from web.config import WebConfig
from web.context import Services

# Each is a package with a `blueprint`, and with `init_app(app)` if it fills slots of other pages.
AUDIENCES = (
    "web.auth",
    "web.pages",
    "web.tasklist",
    "web.absence",
    "web.personal",
    "web.cockpit",
    "web.audit",
    "web.erasing",
)
DEMO_ONLY = ("web.demo",)


def create_app(database: Database, clock: Clock, config: WebConfig) -> Flask:
    """A WSGI application. Refuses to start (RuntimeError) when a route does not say who may use it."""
    app = Flask("web", static_folder="static", static_url_path="/static")
    templating.init_app(app)
    app.debug = False  # whatever FLASK_DEBUG says
    app.extensions["arshjul"] = Services(database, clock, config)
    addresses.init_app(app)
    forwarding.init_app(app, config.trusted_proxies)
    security.init_app(app, config)
    language.init_app(app)
    session.init_app(app)
    permissions.init_app(app)
    errors.init_app(app)
    slots.init_app(app)
    navigation.init_app(app)
    for name in AUDIENCES + (DEMO_ONLY if config.demo else ()):
        add_audience(app, name)
    permissions.check_every_route(app)
    return app


def add_audience(app: Flask, name: str) -> None:
    if importlib.util.find_spec(name) is None:
        return
    module = import_module(name)
    blueprint: Blueprint = module.blueprint
    app.register_blueprint(blueprint)
    if hasattr(module, "init_app"):
        module.init_app(app)
