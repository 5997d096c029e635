"""Mails: written for a person's due messages, sent under a lease, tried again, given up.

Two clocks. `now` is process time: when a mail was written and sent. `wall` is wall time: leases and new attempts, so
that moving a demo's clock neither loses nor doubles a mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from engine import history
from engine.actor import SYSTEM
from engine.outbox import Message
from engine.store.database import Tx
from engine.store.queries import outbox as query

LEASE = timedelta(minutes=10)
WORRY_AFTER = 8  # attempts: about two hours
GIVE_UP_AFTER = 120  # attempts: about five days, as mail servers do (RFC 5321, 4.5.4.1)
MAY_BE_DOUBLE = "may have been sent twice"


@dataclass(frozen=True)
class Mail:
    """A mail as it was written. `attempts` is also a fence: a failed older attempt changes nothing."""

    id: int
    person_id: str
    name: str
    address: str
    message_id: str
    subject: str
    text: str
    html: str
    state: str
    attempts: int
    composed_at: datetime
    sent_at: datetime | None
    error: str | None


def retry_delay(attempts: int, seed: str) -> timedelta:
    """A minute after the first attempt, twice as long after each, at most an hour; 25 % either way.

    The spread hangs on the seed, so that mails refused together do not come back together.
    """
    spread = 0.75 + crc32(f"{seed} {attempts}".encode()) % 1000 / 2000
    return timedelta(minutes=min(2 ** min(attempts - 1, 6), 60)) * spread


def compose(
    tx: Tx,
    messages: Sequence[Message],
    *,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    now: datetime,
    wall: datetime,
) -> int:
    """Bind one person's messages to a new mail, queued to be sent; returns its id."""
    return _insert_mail(
        tx,
        messages,
        address=messages[0].email or "",
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        state="queued",
        composed_at=now,
        not_before=wall,
    )


def compose_undeliverable(
    tx: Tx,
    messages: Sequence[Message],
    *,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    reason: str,
    now: datetime,
    wall: datetime,
) -> int:
    """The mail that would have been sent, kept with the reason, and an incident for somebody to look at."""
    mail_id = _insert_mail(
        tx,
        messages,
        address=(messages[0].email or "")[:254],
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        state="undeliverable",
        composed_at=now,
        not_before=wall,
        error=reason,
    )
    _raise_incident(tx, mail_id, messages[0].name, reason, now)
    return mail_id


def claim_mail(tx: Tx, wall: datetime) -> Mail | None:
    """Take the next mail to be tried, for the length of the lease; None when there is none.

    A lease that ran out means that somebody stopped while sending, so the mail may go out a second time: the
    error column says so from here on.
    """
    row = query.lock_next_mail(tx, wall)
    if row is None:
        return None
    error = MAY_BE_DOUBLE if row.lease_until is not None else row.error
    values = {"attempts": row.attempts + 1, "lease_until": wall + LEASE, "error": error}
    if not query.change_mail(tx, row.id, ["queued"], at_attempt=row.attempts, **values):
        return None
    return get_mail(tx, row.id)


def mark_sent(tx: Tx, mail: Mail, now: datetime) -> None:
    """The server took it. A mail that may have been sent twice says so, here and in the history."""
    doubtful = mail.error is not None and MAY_BE_DOUBLE in mail.error
    error = MAY_BE_DOUBLE if doubtful else None
    first = query.change_mail(tx, mail.id, ["queued"], state="sent", sent_at=now, lease_until=None, error=error)
    if not first:  # a sender that was stopped past its lease reports after the one that took over
        query.change_mail(tx, mail.id, ["sent"], error=MAY_BE_DOUBLE)
    solved = query.resolve_incident_of(tx, mail.id, now) if first else None
    if doubtful or not first:
        _note(tx, "mail_maybe_sent_twice", mail.id, now)
    if solved is not None:
        _note(tx, "incident_resolved", mail.id, now, incident=solved)


def mark_failed(
    tx: Tx,
    mail: Mail,
    reason: str,
    *,
    permanent: bool,
    uncertain: bool = False,
    wall: datetime,
    now: datetime,
) -> None:
    """An attempt failed: tried again later, or given up when it is permanent or has been tried for five days.

    Both giving up and two hours without success raise an incident, one per mail. `uncertain`: the connection
    broke before the server's answer, so the mail may have arrived.
    """
    given_up = mail.attempts >= GIVE_UP_AFTER
    state = "undeliverable" if permanent else "failed" if given_up else "queued"
    doubtful = uncertain or (mail.error is not None and MAY_BE_DOUBLE in mail.error)
    error = f"{reason} ({MAY_BE_DOUBLE})" if doubtful else reason
    changed = query.change_mail(
        tx,
        mail.id,
        ["queued"],
        attempts=mail.attempts,
        state=state,
        lease_until=None,
        error=error,
        not_before=wall + retry_delay(mail.attempts, mail.message_id),
    )
    if changed and (state != "queued" or mail.attempts >= WORRY_AFTER):
        _raise_incident(tx, mail.id, mail.name, reason, now)


def send_again(tx: Tx, mail_id: int, wall: datetime) -> bool:
    """Queue a mail that was given up, to the person's address of today, with the same Message-ID.

    False when it was not given up.
    """
    return query.change_mail(
        tx,
        mail_id,
        ["failed", "undeliverable"],
        state="queued",
        attempts=0,
        not_before=wall,
        lease_until=None,
        address=query.address_now(),
    )


def hold(tx: Tx, reason: str, *, now: datetime) -> int:
    """Keep every mail that waits from leaving, each a technical fault with the reason, until somebody sends it again.

    The number of them.
    """
    waiting = query.queued(tx)
    for row in waiting:
        query.change_mail(tx, row.id, ["queued"], state="failed", lease_until=None, error=reason)
        _raise_incident(tx, row.id, row.name, reason, now)
    return len(waiting)


def sent_mails(tx: Tx, limit: int, person_id: str | None = None) -> list[Mail]:
    """Mails of every state, newest first: the mailbox page and the send log."""
    return [_mail(row) for row in query.mails(tx, limit, person_id=person_id)]


def get_mail(tx: Tx, mail_id: int) -> Mail | None:
    """One mail, or None when there is no such."""
    return next((_mail(row) for row in query.mails(tx, 1, mail_id=mail_id)), None)


def _insert_mail(tx: Tx, messages: Sequence[Message], **values: Any) -> int:
    return query.insert_mail(tx, [m.id for m in messages], person_id=messages[0].person_id, **values)


def _raise_incident(tx: Tx, mail_id: int, name: str, reason: str, now: datetime) -> None:
    if query.open_incident_of(tx, mail_id) is None:
        incident = query.insert_incident(tx, mail_id, f"{name}: {reason}"[:2000], now)
        _note(tx, "incident_raised", mail_id, now, incident=incident, kind="mail")


def _note(tx: Tx, type_: str, mail_id: int, now: datetime, **body: Any) -> None:
    """In the organisation's chain, and without the address: the chain is never erased."""
    history.append(
        tx, type=type_, chain=history.ORGANISATION, occurred_at=now, by=SYSTEM, body={"mail": mail_id, **body}
    )


def _mail(row: Any) -> Mail:
    return Mail(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        address=row.address,
        message_id=row.message_id,
        subject=row.subject,
        text=row.text,
        html=row.html,
        state=row.state,
        attempts=row.attempts,
        composed_at=row.composed_at,
        sent_at=row.sent_at,
        error=row.error,
    )
