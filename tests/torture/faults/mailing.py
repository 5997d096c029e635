"""8: a mail server that is down, asks to come back, refuses, hangs, or hangs up with the mail in its hands."""

from __future__ import annotations

import json
from collections import Counter

import sqlalchemy as sa
from support import mail_server
from support.mail_server import MailServer
from torture import more
from torture.trial import Trial
from torture.worker import Orders

from arshjul.bench.site import NOW
from engine import incidents
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store.database import Database, Tx
from engine.store.tables import audit_event, incident, mail, person

DOWN = "smtp://127.0.0.1:9"
"""Nobody listens at the port of the discard protocol."""
KINDS = ("down", "greylist", "later", "refuses the content", "cut", "hang", "half refused")
EPISODES = 6
APART = 3
"""Rounds between two episodes: an hour, and longer than the pauses between attempts."""


def server_fails(trial: Trial) -> int:
    """Every kind of fault once, in any order, with mail in between; then the server takes everything.

    What was refused for good is a technical fault until an operator has it sent again. In the end every mail is in
    the server's box once, or twice with a note of that; each under one Message-ID.
    """
    return _fails(trial, trial.rng.sample(KINDS, len(KINDS)), few=True)


def one_kind(trial: Trial, kind: str) -> int:
    """The same kind again and again, with much mail."""
    more.begin(trial, linear=30, fan_outs=25)
    return _fails(trial, [kind] * EPISODES, few=False)


def _fails(trial: Trial, kinds: list[str], *, few: bool) -> int:
    with mail_server.running() as server:
        for n, kind in enumerate(kinds, start=1):
            server.mend()
            url = _go_wrong(trial, server, kind, trial.rng.randint(1, 5 if few else 60))
            trial.finish(
                smtp=url, round=APART * n, most=4 if few else 80, goes_on=False, seed=trial.rng.randint(1, 10**9)
            )
        server.mend()
        trial.finish(smtp=server.url, round=APART * (len(kinds) + 1))
        _look_at_given_up(trial)
        trial.finish(_send_again)
        trial.finish(smtp=server.url, round=APART * (len(kinds) + 2))
        _look_at_box(trial, server)
    return len(trial.noted("fault"))


def _go_wrong(trial: Trial, server: MailServer, kind: str, times: int) -> str:
    """From now on the server does that, to so many mails where it is of single ones; its URL."""
    if kind == "down":
        return DOWN
    if kind == "greylist":
        server.greylist()
    elif kind == "later":
        server.fail_next(times)
    elif kind == "refuses the content":
        server.fail_next(times, "554 No")
    elif kind == "cut":
        server.cut_next(times)
    elif kind == "hang":
        server.hang_next(times, 0.6)
    else:
        server.refuse(*_half_of_the_addresses(trial))
    return server.url


def _half_of_the_addresses(trial: Trial) -> list[str]:
    database = Database(trial.orders.url, SystemClock())
    with database.page() as tx:
        known = [row.email for row in tx.rows(sa.select(person.c.email).order_by(person.c.id)) if row.email]
    database.dispose()
    return trial.rng.sample(known, len(known) // 2)


def _look_at_given_up(trial: Trial) -> None:
    """Each mail refused for good has its open technical fault, and no other mail has one."""
    database = Database(trial.orders.url, SystemClock())
    with database.page() as tx:
        given_up = {row.id for row in tx.rows(sa.select(mail.c.id).where(mail.c.state == "undeliverable"))}
        faults = {
            row.mail_id
            for row in tx.rows(
                sa.select(incident.c.mail_id).where(incident.c.state == "open", incident.c.mail_id.is_not(None))
            )
        }
    database.dispose()
    if given_up != faults:
        trial.broken(f"M: mails {given_up} were given up, and there are technical faults of {faults}")


def _send_again(orders: Orders) -> None:
    """An operator resolves every fault: their mails are tried again."""
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        for fault in incidents.open_incidents(tx):
            incidents.resolve(tx, fault.id, reason="mended", by=SYSTEM, now=NOW)
    database.dispose()


def _look_at_box(trial: Trial, server: MailServer) -> None:
    """The box is the truth: what arrived, to whom, how often. It is handed on to the checks as what was delivered."""
    arrived = Counter((str(sent.message["Message-ID"]), sent.recipients) for sent in server.box)
    database = Database(trial.orders.url, SystemClock())
    with database.page() as tx:
        doubtful = _noted_as_doubtful(tx)
        mails = {row.message_id: row for row in tx.rows(sa.select(mail))}
    database.dispose()
    for (message_id, recipients), times in arrived.items():
        row = mails[message_id]
        trial.journal.note(what="delivered", mail=row.id, message_id=message_id)
        if recipients != (row.address,):
            trial.broken(f"M: mail {row.id} to {row.address} went to {recipients}")
        if times > 1 and row.id not in doubtful:
            trial.broken(f"M: mail {row.id} arrived {times} times, and the history does not say that it may have")
    unsent = [row.id for row in mails.values() if row.state != "sent"]
    if unsent:
        trial.broken(f"M: mails {unsent} never left")


def _noted_as_doubtful(tx: Tx) -> set[int]:
    events = tx.rows(sa.select(audit_event.c.body).where(audit_event.c.type == "mail_maybe_sent_twice"))
    return {json.loads(event.body)["body"]["mail"] for event in events}
