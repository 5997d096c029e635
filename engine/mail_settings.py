"""A person's own wishes about mail: the language, and how often. Nobody can silence what is late."""

from __future__ import annotations

from datetime import datetime

from engine import history, identity
from engine.actor import Actor
from engine.errors import Forbidden, InvalidInput
from engine.store.database import Tx
from engine.store.queries import outbox as query

RHYTHMS = ("at_once", "daily", "weekly")
DEFAULT = "daily"


def rhythm_of(tx: Tx, person_id: str) -> str:
    """at_once, daily (each working morning; the default) or weekly (Monday mornings)."""
    return query.rhythms(tx, [person_id]).get(person_id, DEFAULT)


def change(tx: Tx, *, locale: str, rhythm: str, by: Actor, now: datetime) -> None:
    """The actor's own language (sv, en) and rhythm, from the next message on. Raises Forbidden, InvalidInput."""
    if by.person_id is None:
        raise Forbidden(action="change", kind="mail_settings")
    if rhythm not in RHYTHMS:
        raise InvalidInput(field="rhythm", reason="unknown", value=rhythm[:20])
    old = {"locale": identity.person(tx, by.person_id).locale, "rhythm": rhythm_of(tx, by.person_id)}
    new = {"locale": locale, "rhythm": rhythm}
    if new == old:
        return
    identity.set_locale(tx, by.person_id, locale)
    query.set_rhythm(tx, by.person_id, rhythm)
    body = {"person": by.person_id, "old": old, "new": new}
    history.append(tx, type="mail_settings_changed", chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
