"""Local accounts, for an installation without single sign-on: Argon2id passwords, a growing delay, sessions.

All instants here are wall time (`wall`, by default the transaction's own): signing in has nothing to do with
the process clock. `now` is process time and only dates the event in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine import history, identity, throttling
from engine.actor import SYSTEM, Actor
from engine.errors import AlreadyExists, InvalidInput, NotFound, NotPossible
from engine.passwords import normal, refuse_weak
from engine.store.database import Database, Tx
from engine.store.queries import accounts as rows
from engine.store.queries.identity import end_sessions as bump_epoch

hasher = PasswordHasher()  # Argon2id, RFC 9106's second choice: 64 MiB, three passes


def create(
    tx: Tx,
    person_id: str,
    username: str,
    password: str,
    *,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> None:
    """An account for that person. Raises NotFound, AlreadyExists, InvalidInput (a weak password)."""
    identity.person(tx, person_id)
    refuse_weak(password, username)
    _add(tx, person_id, username, hasher.hash(normal(password)))
    _note(tx, "account_created", person_id, by, now)


def create_invented(tx: Tx, usernames: Mapping[str, str], password: str) -> None:
    """Accounts (person id to username) for the invented people of a demo: one password, hashed once."""
    hashed = hasher.hash(normal(password))
    for person_id, username in usernames.items():
        _add(tx, person_id, username, hashed)


@dataclass(frozen=True)
class Attempt:
    """What a password is compared with, read before the work of comparing. `person_id` None: no such account."""

    person_id: str | None
    password_hash: str
    place: str


def begin_attempt(tx: Tx, username: str, *, address: str | None = None, wall: datetime | None = None) -> Attempt:
    """What to compare the password with; an unknown name gets a hash that nothing matches.

    `address` is where it comes from. Raises NotPossible (`throttled`) when it must wait: `engine.throttling`.
    """
    where = throttling.place(address)
    found = rows.by_username(tx, _username(username))
    if found is None or found.password_hash is None:
        return Attempt(None, _nobodys_hash(), where)
    throttling.refuse_throttled(tx, found, where, wall or tx.recorded_at)
    return Attempt(found.person_id, found.password_hash, where)


def matches(attempt: Attempt, password: str) -> bool:
    """The slow part (Argon2id), outside every transaction: nobody waits for a lock while it works."""
    try:
        return hasher.verify(attempt.password_hash, normal(password)) and attempt.person_id is not None
    except (VerificationError, InvalidHashError):
        return False


def end_attempt(tx: Tx, attempt: Attempt, *, matched: bool, wall: datetime | None = None) -> str | None:
    """The person's id, or None: no such account, wrong password or inactive person. Commit after None, too.

    Looked at again under the account's lock, so that many guesses at once are counted and delayed like guesses in
    a row, and a password changed meanwhile lets nobody in with the old one. Raises NotPossible (`throttled`).
    """
    found = rows.locked(tx, attempt.person_id) if attempt.person_id is not None else None
    if found is None:
        return None
    at = wall or tx.recorded_at
    throttling.refuse_throttled(tx, found, attempt.place, at)
    if not matched or found.password_hash != attempt.password_hash:
        throttling.count_failure(tx, found, attempt.place, at)
        return None
    if not found.active:
        return None
    throttling.note_success(tx, found, attempt.place, at)
    return str(found.person_id)


def renewed_hash(attempt: Attempt, password: str) -> str | None:
    """The password's hash with today's parameters when the kept one is weaker; None when it is not."""
    return hasher.hash(normal(password)) if hasher.check_needs_rehash(attempt.password_hash) else None


def keep_hash(tx: Tx, attempt: Attempt, password_hash: str) -> None:
    """Put a renewed hash in the place of the one that was compared, unless that has changed."""
    rows.renew_hash(tx, attempt.person_id or "", attempt.password_hash, password_hash)


def authenticate(
    database: Database, username: str, password: str, *, address: str | None = None, wall: datetime | None = None
) -> str | None:
    """The person's id, or None: no such account, wrong password or inactive person, each after the same work.

    Two short transactions with the hashing between them. Raises NotPossible (`throttled`), after the same work too.
    """
    try:
        with database.page() as tx:
            attempt = begin_attempt(tx, username, address=address, wall=wall)
    except NotPossible:
        matches(Attempt(None, _nobodys_hash(), throttling.NOWHERE), password)
        raise
    matched = matches(attempt, password)
    renewed = renewed_hash(attempt, password) if matched else None
    with database.verb() as tx:
        person_id = end_attempt(tx, attempt, matched=matched, wall=wall)
        if person_id is not None and renewed is not None:
            keep_hash(tx, attempt, renewed)
    return person_id


def set_password(tx: Tx, person_id: str, password: str, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """A new password ends every session. Raises NotFound, InvalidInput (a weak password)."""
    found = rows.by_person(tx, person_id)
    if found is None:
        raise NotFound(what="account", id=person_id)
    refuse_weak(password, found.username)
    _replace(tx, found, hasher.hash(normal(password)), by, now)


def change_password(
    database: Database, current: str, password: str, *, by: Actor, now: datetime, address: str | None = None
) -> None:
    """A new password by whoever knows the one there is. Every session is over, this one too.

    Raises NotFound (no account), InvalidInput (field current: wrong; field password: a weak one), NotPossible
    (`throttled`: guessed wrong too often).
    """
    person_id = by.person_id or ""
    with database.page() as tx:
        account = active_account(tx, person_id)
    if account is None:
        raise NotFound(what="account", id=person_id)
    if authenticate(database, account.username, current, address=address) is None:
        raise InvalidInput(field="current", reason="wrong")
    refuse_weak(password, account.username)
    hashed = hasher.hash(normal(password))
    with database.verb() as tx:
        found = rows.locked(tx, person_id)
        if found is None or found.session_epoch != account.session_epoch:  # another was set meanwhile
            raise InvalidInput(field="current", reason="wrong")
        _replace(tx, found, hashed, by, now)


def _replace(tx: Tx, found: Any, hashed: str, by: Actor, now: datetime | None) -> None:
    person_id, epoch = str(found.person_id), found.session_epoch + 1
    rows.change(tx, person_id, password_hash=hashed, session_epoch=epoch, failed_attempts=0, retry_after=None)
    rows.forget_failures(tx, person_id)
    _note(tx, "password_set", person_id, by, now)


def person_called(tx: Tx, username: str) -> str | None:
    """Whose account it is, open or closed; None when there is none of that name."""
    found = rows.by_username(tx, _username(username))
    return str(found.person_id) if found is not None else None


def active_account(tx: Tx, person_id: str) -> Any | None:
    """An active person's account; None when nobody may sign in with it. Sessions of another epoch are over."""
    found = rows.by_person(tx, person_id)
    return found if found is not None and found.active else None


def end_sessions(tx: Tx, person_id: str, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """Sign the person out everywhere. Noted in the history when somebody else does it."""
    bump_epoch(tx, person_id)
    if by.person_id != person_id:
        _note(tx, "sessions_ended", person_id, by, now)


def _add(tx: Tx, person_id: str, username: str, hashed: str) -> None:
    name = _username(username)
    if not name or len(name) > 254 or not name.isprintable():
        raise InvalidInput(field="username", reason="text", value=username[:254])
    if rows.by_username(tx, name) is not None:
        raise AlreadyExists(what="username", id=name)
    if not rows.add(tx, person_id, username=name, password_hash=hashed, created_at=tx.recorded_at):
        raise AlreadyExists(what="account", id=person_id)


def _username(written: str) -> str:
    return normal(written.strip()).casefold()


@cache
def _nobodys_hash() -> str:
    """What a password is compared with when there is no such account, so that the answer takes as long."""
    return hasher.hash("no account has this password")


def _note(tx: Tx, kind: str, person_id: str, by: Actor, now: datetime | None) -> None:
    occurred = tx.recorded_at if now is None else now
    body = {"person": person_id}
    history.append(tx, type=kind, chain=history.ORGANISATION, occurred_at=occurred, by=by, body=body)
