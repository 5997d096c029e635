"""Messages to people and the mails that carry them: rows in, rows out; the database settles every race."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.many import FEW, Many
from engine.store.queries.upsert import insert_or_change
from engine.store.sql import Sql, insert, spelled
from engine.store.tables import incident, mail, mail_preference, outbox_message, person, user_task

# Kinds that ask for work on a task, so that nothing is left to say once the task is no longer open.
ABOUT_OPEN_WORK = ("task_assigned", "reminder", "overdue", "take_over")

_settled = sa.and_(outbox_message.c.kind.in_(ABOUT_OPEN_WORK), user_task.c.id.is_not(None), user_task.c.state != "open")
_with_task = outbox_message.outerjoin(user_task, outbox_message.c.task_id == user_task.c.id)

_ADD_MESSAGE = insert(
    outbox_message,
    *("event_key", "person_id", "kind", "instance_id", "task_id", "content", "created_at", "send_at"),
    otherwise="on conflict (event_key, person_id) do nothing",
)
_SHARED = ("kind", "created_at", "send_at")
_OWN = ("event_key", "person_id", "instance_id", "task_id", "content")
_own = itemgetter(*_OWN[:-1])
_ADD_MESSAGES = Many(outbox_message, _SHARED, _OWN, otherwise="on conflict (event_key, person_id) do nothing")
_RHYTHMS = Sql(
    "select person_id, rhythm from mail_preference where person_id in (select value from json_each(:people))",
    postgresql="select person_id, rhythm from mail_preference where person_id = any(:people)",
)


def insert_messages(tx: Tx, rows: Sequence[dict[str, Any]]) -> int:
    """Insert them; a row whose (event_key, person_id) is there already is left out. The number inserted."""
    if len(rows) <= FEW:
        return tx.each(_ADD_MESSAGE, rows)
    return sum(
        _ADD_MESSAGES.insert(
            tx,
            [(*_own(row), orjson.dumps(row["content"]).decode()) for row in alike],
            **dict(zip(_SHARED, shared, strict=True)),
        )
        for shared, alike in groupby(rows, itemgetter(*_SHARED))
    )


def rhythms(tx: Tx, people: Sequence[str]) -> dict[str, str]:
    """How often these people want mail; those who have not said so are not there."""
    return {row.person_id: row.rhythm for row in tx.find(_RHYTHMS, people=tx.array(list(people)))} if people else {}


def set_rhythm(tx: Tx, person_id: str, rhythm: str) -> None:
    insert_or_change(tx, mail_preference, {"person_id": person_id}, rhythm=rhythm)


def compose_alone(tx: Tx) -> bool:
    """Whether no other transaction writes mails now; none begins to until this one ends. On SQLite always."""
    if tx.is_sqlite:
        return True
    return bool(tx.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtext("compose mails")))))


def people_to_tell(tx: Tx, now: datetime, limit: int) -> list[str]:
    """People for whom something is due that still needs saying, those who have waited longest first."""
    return list(
        tx.execute(
            sa.select(outbox_message.c.person_id)
            .select_from(_with_task)
            .where(outbox_message.c.mail_id.is_(None), outbox_message.c.send_at <= now, ~_settled)
            .group_by(outbox_message.c.person_id)
            .order_by(sa.func.min(outbox_message.c.send_at), outbox_message.c.person_id)
            .limit(limit)
        ).scalars()
    )


def lock_messages(tx: Tx, person_ids: Sequence[str], now: datetime) -> list[sa.Row[Any]]:
    """All that is due for these people, with the person, whether active, and whether it is `settled` already."""
    columns = (person.c.name, person.c.email, person.c.locale, person.c.active)
    return tx.rows(
        sa.select(outbox_message, *columns, sa.func.coalesce(_settled, sa.false()).label("settled"))
        .select_from(_with_task.join(person, outbox_message.c.person_id == person.c.id))
        .where(
            outbox_message.c.person_id.in_(person_ids),
            outbox_message.c.mail_id.is_(None),
            outbox_message.c.send_at <= now,
        )
        .order_by(outbox_message.c.id + 0)  # from what is unsent, not through all messages in the order wanted
        .with_for_update(of=outbox_message, key_share=True)
    )


def insert_mail(tx: Tx, message_ids: Sequence[int], **values: Any) -> int:
    """A new mail, and these messages bound to it."""
    mail_id = tx.insert(mail, **values)
    tx.execute(outbox_message.update().where(outbox_message.c.id.in_(message_ids)).values(mail_id=mail_id))
    return mail_id


def lock_next_mail(tx: Tx, wall: datetime) -> sa.Row[Any] | None:
    """The queued mail to try next: its time has come and nobody's lease on it still runs."""
    return tx.one(
        sa.select(mail)
        .where(
            mail.c.state == spelled("queued"),
            mail.c.not_before <= wall,
            sa.or_(mail.c.lease_until.is_(None), mail.c.lease_until <= wall),
        )
        .order_by(mail.c.not_before, mail.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )


def change_mail(tx: Tx, mail_id: int, states: Sequence[str], *, at_attempt: int | None = None, **values: Any) -> bool:
    """Update the mail if it is in one of these states (and at this attempt); False when it was not."""
    condition = sa.and_(mail.c.id == mail_id, mail.c.state.in_(states))
    if at_attempt is not None:
        condition = sa.and_(condition, mail.c.attempts == at_attempt)
    return tx.execute(mail.update().where(condition).values(**values)).rowcount == 1


def address_now() -> sa.ScalarSelect[Any]:
    """For `change_mail`: the address that the mail's person has today, or none."""
    address = sa.select(sa.func.coalesce(person.c.email, "")).where(person.c.id == mail.c.person_id)
    return address.correlate(mail).scalar_subquery()


def mails(tx: Tx, limit: int, *, person_id: str | None = None, mail_id: int | None = None) -> list[sa.Row[Any]]:
    """Mails with the person's name, newest first; of everyone, one person, or one mail."""
    query = sa.select(mail, person.c.name).join(person, mail.c.person_id == person.c.id)
    if person_id is not None:
        query = query.where(mail.c.person_id == person_id)
    if mail_id is not None:
        query = query.where(mail.c.id == mail_id)
    return tx.rows(query.order_by(mail.c.id.desc()).limit(limit))


def queued(tx: Tx) -> list[sa.Row[Any]]:
    """Id and person's name of each mail that waits to be sent."""
    found = sa.select(mail.c.id, person.c.name).join(person, mail.c.person_id == person.c.id)
    return tx.rows(found.where(mail.c.state == spelled("queued")).order_by(mail.c.id))


def open_incident_of(tx: Tx, mail_id: int) -> int | None:
    open_one = sa.and_(incident.c.mail_id == mail_id, incident.c.state == "open")
    found = tx.scalar(sa.select(incident.c.id).where(open_one))
    return None if found is None else int(found)


def insert_incident(tx: Tx, mail_id: int, message: str, now: datetime) -> int:
    return tx.insert(incident, kind="mail", mail_id=mail_id, message=message, raised_at=now)


def resolve_incident_of(tx: Tx, mail_id: int, now: datetime) -> int | None:
    """Close the mail's open incident; its id, or None when it had none."""
    found = open_incident_of(tx, mail_id)
    if found is not None:
        tx.execute(incident.update().where(incident.c.id == found).values(state="resolved", resolved_at=now))
    return found
