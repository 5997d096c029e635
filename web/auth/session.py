"""Who is signed in. The cookie holds the person's id and session epoch and nothing more.

Everything else is looked up on each request, so that a disabled account, a new password or a role taken away
bites at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, login_user, logout_user

from engine import accounts, identity
from engine.actor import Actor
from web.context import database, now, services
from web.dates import civil

SINCE, SEEN = "since", "seen"


class Reader(UserMixin):
    """The person signed in, as this request found them."""

    def __init__(self, person: Any, epoch: int, capabilities: frozenset[str], roles: list[str]) -> None:
        self.id = person.id
        self.epoch = epoch
        self.actor = Actor(person.id, person.name)
        self.name = person.name
        self.locale = person.locale
        self.capabilities = capabilities
        self.roles = roles

    def get_id(self) -> str:
        return f"{self.epoch}:{self.id}"


class Sessions(SecureCookieSessionInterface):
    """What signs the cookies is made once: the key stays the same as long as the process lives."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, _app: Flask) -> Any:
        return self._signer


def load_reader(session_id: str) -> Reader | None:
    """The reader of that session, or None when it has ended: too old, idle, signed out, account closed."""
    if expired():
        return None
    epoch, _, person_id = session_id.partition(":")
    reader = find_reader(person_id)
    return reader if reader is not None and str(reader.epoch) == epoch else None


def find_reader(person_id: str) -> Reader | None:
    """None when the person has no account that may sign in."""
    with database().page() as tx:
        account = accounts.active_account(tx, person_id)
        if account is None:
            return None
        today = civil(now())
        held = identity.on(tx, today).held_by(person_id)
        capabilities = frozenset(identity.capabilities(tx, person_id, today))
        person = identity.person(tx, person_id)
        return Reader(person, account.session_epoch, capabilities, [position.name for position, _ in held])


def expired() -> bool:
    wall, config = services().clock.wall().timestamp(), services().config
    since, seen = session.get(SINCE), session.get(SEEN)
    if not isinstance(since, float) or not isinstance(seen, float):
        return True
    return too_long(wall, seen, config.idle) or too_long(wall, since, config.longest_session)


def too_long(wall: float, instant: float, limit: timedelta) -> bool:
    return wall - instant > limit.total_seconds()


def touch() -> None:
    """Before each request of a session: it is not idle. A static file, which caches may keep, carries no cookie."""
    if request.endpoint != "static" and SINCE in session:
        if expired():
            session.clear()
        else:
            session[SEEN] = services().clock.wall().timestamp()


def begin(person_id: str) -> bool:
    """A new session, with nothing of the old one, for a person whose identity has been checked.

    False when the account may not sign in.
    """
    reader = find_reader(person_id)
    if reader is None:
        return False
    wall: datetime = services().clock.wall()
    session.clear()
    session[SINCE] = session[SEEN] = wall.timestamp()
    login_user(reader)
    return True


def end() -> None:
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    app.session_interface = Sessions(app)
    manager = LoginManager(app)
    manager.session_protection = None  # the cookie is signed and bound to the epoch; addresses change at work
    manager.user_loader(load_reader)
    app.before_request(touch)
