"""The year wheel at a secret address, for an intranet: step names, windows and states, and nobody's name.

The address is shown once, kept hashed, and can be taken back. Making and revoking stand in the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

import sqlalchemy as sa

from engine import cycles, history, identity
from engine.actor import Actor
from engine.cycles import Cycle
from engine.errors import Forbidden, InvalidInput, NotFound
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.tables import wheel_link

MOST = 20
LONGEST_LABEL = 120
LONGEST_TOKEN = 100


@dataclass(frozen=True)
class WheelLink:
    """`made_by`: the name of who made it. `revoked_at`: None while the address works."""

    id: int
    label: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None


def make(tx: Tx, label: str, *, by: Actor, now: datetime) -> str:
    """A new secret for an address; it cannot be read again. `label`: where it is to be used.

    Raises Forbidden, InvalidInput (label: label_missing, too_long, too_many_links).
    """
    _ensure_may(tx, by, now)
    written = " ".join(label.split())
    if not written or not written.isprintable():
        raise InvalidInput(field="label", reason="label_missing")
    if len(written) > LONGEST_LABEL:
        raise InvalidInput(field="label", reason="too_long", most=LONGEST_LABEL)
    working = sa.select(sa.func.count()).select_from(wheel_link).where(wheel_link.c.revoked_at.is_(None))
    if tx.scalar(working) >= MOST:
        raise InvalidInput(field="label", reason="too_many_links", most=MOST)
    token = token_urlsafe(32)
    made = tx.insert(wheel_link, label=written, token_hash=_hash(token), made_by=by.person_id, made_at=now)
    _note(tx, "wheel_link_created", {"link": made, "label": written}, by, now)
    return token


def revoke(tx: Tx, link_id: int, *, by: Actor, now: datetime) -> None:
    """The address no longer works. Again: no harm. Raises Forbidden, NotFound."""
    _ensure_may(tx, by, now)
    label = tx.scalar(sa.select(wheel_link.c.label).where(wheel_link.c.id == link_id))
    if label is None:
        raise NotFound(kind="wheel_link")
    working = (wheel_link.c.id == link_id, wheel_link.c.revoked_at.is_(None))
    if tx.execute(wheel_link.update().where(*working).values(revoked_at=now)).rowcount:
        _note(tx, "wheel_link_revoked", {"link": link_id, "label": label}, by, now)


def links(tx: Tx) -> list[WheelLink]:
    """All that were ever made, newest first."""
    return [
        WheelLink(row.id, row.label, identity.person_name(tx, row.made_by) or "", row.made_at, row.revoked_at)
        for row in tx.rows(sa.select(wheel_link).order_by(wheel_link.c.id.desc()))
    ]


def read(tx: Tx, token: str, now: datetime) -> list[Cycle]:
    """The live cycles as anyone with the address may see them. Raises NotFound: no such address any more."""
    known = sa.select(wheel_link.c.id).where(
        wheel_link.c.token_hash == _hash(token[:LONGEST_TOKEN]), wheel_link.c.revoked_at.is_(None)
    )
    if tx.scalar(known) is None:
        raise NotFound(kind="wheel_link")
    return [_bare(cycle) for cycle in cycles.overview(tx, now)]


def _bare(cycle: Cycle) -> Cycle:
    """Without what says who: activities wait for people by name, follow-on tasks too."""
    return replace(cycle, steps=[replace(step, activities=[]) for step in cycle.steps], follow_ons=[], events=[])


def _ensure_may(tx: Tx, by: Actor, now: datetime) -> None:
    if by.person_id is None or "operate" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="change", kind="wheel_link")


def _hash(token: str) -> str:
    """The secret has 256 random bits, so a plain hash keeps it."""
    return sha256(token.encode()).hexdigest()


def _note(tx: Tx, kind: str, body: dict[str, object], by: Actor, now: datetime) -> None:
    history.append(tx, type=kind, chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
