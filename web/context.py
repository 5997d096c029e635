"""What a view reaches for: the database, the clock, the reader and their language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g
from flask_login import current_user

from engine.actor import Actor
from engine.clock import Clock
from engine.store.database import Database
from engine.texts import Text
from web.config import WebConfig


@dataclass(frozen=True)
class Services:
    """Kept in `app.extensions["arshjul"]`."""

    database: Database
    clock: Clock
    config: WebConfig


def services() -> Services:
    found: Services = current_app.extensions["arshjul"]
    return found


def database() -> Database:
    return services().database


def now() -> datetime:
    """Process time (aware UTC), the same throughout one request."""
    if "process_time" not in g:
        g.process_time = services().clock.now()
    instant: datetime = g.process_time
    return instant


def actor() -> Actor:
    """The person signed in; only for routes that are not public."""
    person: Actor = current_user.actor
    return person


def in_words(text: Text | str | None) -> str:
    """A text of a package in the reader's language; plain strings pass through."""
    if text is None:
        return ""
    return text if isinstance(text, str) else text.in_locale(g.locale)
