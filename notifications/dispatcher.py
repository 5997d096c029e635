"""From due messages to sent mails: write in one transaction, send outside any, record last.

Killed anywhere, it loses nothing: an unwritten mail is written by the next round, a claimed one is sent again
when its lease has run out, with the same Message-ID and a note that it may have arrived twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import TemplateError

from engine import mails, outbox
from engine.mails import Mail
from engine.outbox import Message
from engine.store.database import Database, Tx
from notifications.channels import Channel, DeliveryError, Interrupted, Refused, Unreachable
from notifications.digest import digest
from notifications.envelope import is_address, new_message_id
from notifications.letters import Letter, letter
from notifications.plain import single_line

AT_A_TIME = 50  # people whose mails are written in one transaction: answers given meanwhile wait for it
BREAKS_TOLERATED = 3  # lost connections in one round, before the server is left alone until the next


@dataclass
class Report:
    """What a round did. `waiting`: failed for now, will be tried again."""

    composed: int = 0
    sent: int = 0
    waiting: int = 0
    undeliverable: int = 0


def dispatch(
    database: Database,
    channel: Channel | None,
    *,
    now: datetime,
    wall: datetime,
    public_url: str,
    limit: int = 500,
) -> Report:
    """One round: write mails for at most `limit` people, try at most `limit` mails.

    Without a channel mails are written and stay queued. No mail's fault stops the others or is raised; only
    the database's own errors are.
    """
    report = Report()
    for begun in range(0, limit, AT_A_TIME):
        with database.verb() as tx:
            unsent = outbox.unsent(tx, now, min(AT_A_TIME, limit - begun))
            for messages in unsent:
                _compose(tx, messages, report, now=now, wall=wall, public_url=public_url)
        if not unsent:
            break
    if channel is not None:
        try:
            _send_all(database, channel, report, now=now, wall=wall, limit=limit)
        finally:
            channel.close()
    return report


def _compose(
    tx: Tx, messages: Sequence[Message], report: Report, *, now: datetime, wall: datetime, public_url: str
) -> None:
    reader = messages[0]
    written, reason = _write(messages, now, public_url)
    reason = reason or _why_not(reader)
    values = {"subject": written.subject, "text": written.text, "html": written.html}
    message_id = new_message_id(public_url)
    if reason is None:
        mails.compose(tx, messages, **values, message_id=message_id, now=now, wall=wall)
        report.composed += 1
    else:
        mails.compose_undeliverable(tx, messages, **values, message_id=message_id, reason=reason, now=now, wall=wall)
        report.undeliverable += 1


def _write(messages: Sequence[Message], now: datetime, public_url: str) -> tuple[Letter, str | None]:
    """The letter, or an empty one and why it could not be written."""
    try:
        return letter(digest(messages, now=now, public_url=public_url)), None
    except (KeyError, TypeError, ValueError, TemplateError) as error:
        return Letter("", "", ""), f"the mail could not be written: {type(error).__name__}: {error}"


def _why_not(reader: Message) -> str | None:
    if not reader.active:
        return "the person is no longer active"
    if not reader.email:
        return "the person has no mail address"
    return None if is_address(reader.email) else f"not a mail address: {single_line(reader.email)}"


def _send_all(
    database: Database, channel: Channel, report: Report, *, now: datetime, wall: datetime, limit: int
) -> None:
    started = database.clock.wall()
    breaks = 0
    for _ in range(limit):
        # The round may take minutes: each lease runs from when its own mail was claimed.
        moment = wall + (database.clock.wall() - started)
        with database.verb() as tx:
            mail = mails.claim_mail(tx, moment)
        if mail is None:
            return
        failure = _deliver(channel, mail)
        with database.verb() as tx:
            _record(tx, mail, failure, report, now=now, wall=moment)
        breaks += isinstance(failure, Interrupted)
        if isinstance(failure, Unreachable) or breaks == BREAKS_TOLERATED:
            return


def _deliver(channel: Channel, mail: Mail) -> DeliveryError | None:
    try:
        channel.deliver(mail)
    except DeliveryError as failure:
        return failure
    return None


def _record(
    tx: Tx, mail: Mail, failure: DeliveryError | None, report: Report, *, now: datetime, wall: datetime
) -> None:
    if failure is None:
        mails.mark_sent(tx, mail, now)
        report.sent += 1
        return
    permanent = isinstance(failure, Refused)
    uncertain = isinstance(failure, Interrupted) and failure.uncertain
    mails.mark_failed(tx, mail, str(failure), permanent=permanent, uncertain=uncertain, wall=wall, now=now)
    if permanent:
        report.undeliverable += 1
    else:
        report.waiting += 1
