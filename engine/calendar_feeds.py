"""A personal calendar at a secret address: the address is shown once, kept hashed, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

import sqlalchemy as sa

from engine import history, identity, inbox, inbox_cards
from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_change
from engine.store.tables import calendar_feed
from engine.texts import Text

LONGEST_TOKEN = 100


@dataclass(frozen=True)
class Feed:
    """What the calendar of one person shows. Texts are in both languages, `locale` is the person's."""

    locale: str
    open: list[inbox_cards.InboxEntry]
    coming: list[inbox.ComingStep]
    name: Text


def create(tx: Tx, *, by: Actor, now: datetime) -> str:
    """A new secret for the actor's calendar; an earlier one no longer works. It cannot be read again."""
    if by.person_id is None:
        raise Forbidden(action="create", kind="calendar_feed")
    token = token_urlsafe(32)
    insert_or_change(tx, calendar_feed, {"person_id": by.person_id}, token_hash=_hash(token), created_at=now)
    _note(tx, "calendar_feed_created", by, now)
    return token


def revoke(tx: Tx, *, by: Actor, now: datetime) -> None:
    """The address no longer works. Again: no harm."""
    if tx.execute(calendar_feed.delete().where(calendar_feed.c.person_id == by.person_id)).rowcount:
        _note(tx, "calendar_feed_revoked", by, now)


def created_at(tx: Tx, actor: Actor) -> datetime | None:
    """When the actor's address was made; None when there is none."""
    mine = sa.select(calendar_feed.c.created_at).where(calendar_feed.c.person_id == actor.person_id)
    found: datetime | None = tx.scalar(mine)
    return found


def read(tx: Tx, token: str, now: datetime) -> Feed:
    """The calendar at that address. Raises NotFound: no such address, or a person who is no longer active."""
    person_id = tx.scalar(sa.select(calendar_feed.c.person_id).where(calendar_feed.c.token_hash == _hash(token)))
    if len(token) > LONGEST_TOKEN or person_id is None:
        raise NotFound(kind="calendar_feed")
    person = identity.person(tx, person_id)
    if not person.active:
        raise NotFound(kind="calendar_feed")
    actor = Actor(person.id, person.name)
    return Feed(
        person.locale,
        inbox.open_entries(tx, actor, now),
        inbox.coming(tx, actor, now),
        Text("Årshjulet: mina uppgifter", "Årshjul: my tasks"),
    )


def _hash(token: str) -> str:
    """The secret has 256 random bits, so a plain hash keeps it."""
    return sha256(token.encode()).hexdigest()


def _note(tx: Tx, kind: str, by: Actor, now: datetime) -> None:
    body = {"person": by.person_id}
    history.append(tx, type=kind, chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
