"""Putting a new version of a process into use: what was sent in is held, compared with what runs, and deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from engine import comparing, deployments, identity, process_instances
from engine.actor import Actor
from engine.deployments import ROLES_FILE, Deployed
from engine.errors import AlreadyExists, Forbidden, NotFound, NotPossible
from engine.operating import why
from engine.operations.migrating import LIVE
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_change
from engine.store.tables import definition, instance, staged_package

KEPT_FOR = timedelta(hours=12)
"""By the wall clock: until then a package that was sent in waits for its sender's decision."""
KEPT_AT_MOST = 5
"""Of each person; the oldest make room."""


@dataclass(frozen=True)
class Staged:
    """What was sent in beside what runs. `old` is None for a process that is not deployed yet.

    `overtaken`: another version was deployed after it was sent in, so it must be sent in again.
    """

    sha256: str
    file_name: str
    staged_at: datetime
    new: Deployed
    old: Deployed | None
    overtaken: bool
    comparison: comparing.Comparison | None
    live: int
    """Instances that run the process and stay on the version they have."""


@dataclass(frozen=True)
class Waiting:
    """One package that waits for its sender's decision."""

    sha256: str
    key: str
    file_name: str
    staged_at: datetime


def ensure_may_deploy(tx: Tx, by: Actor, now: datetime) -> None:
    """Raises Forbidden for a person whose roles do not grant `deploy`; the system may."""
    if by.person_id is not None and "deploy" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="deploy", kind="definition")


def installed(tx: Tx) -> tuple[dict[str, dict[str, bytes]], bytes | None]:
    """The files of every process's newest version, and the roles in force; no roles before the first deployment."""
    files = {key: deployments.newest_files(tx, key) for key in deployments.deployed_keys(tx)}
    return files, _roles(tx)


def _roles(tx: Tx) -> bytes | None:
    last = tx.scalar(sa.select(sa.func.max(definition.c.id)))
    return None if last is None else deployments.files_of(tx, last).get(ROLES_FILE)


def stage(tx: Tx, key: str, files: Mapping[str, bytes], *, file_name: str, by: Actor, now: datetime) -> str:
    """Hold files that have been read and found right until the person decides. Gives their SHA-256.

    No event of the history: nothing has changed for anyone. Raises Forbidden, AlreadyExists (params: version).
    """
    ensure_may_deploy(tx, by, now)
    blob, digest = deployments.packed(files)
    known = tx.scalar(sa.select(definition.c.version).where(definition.c.key == key, definition.c.sha256 == digest))
    if known is not None:
        raise AlreadyExists(kind="version", key=key, version=known)
    discard(tx, digest, by=by)
    _make_room(tx, by)
    insert_or_change(  # the same file may have been sent twice at once
        tx,
        staged_package,
        {"person_id": by.person_id, "sha256": digest},
        key=key,
        base_id=_newest_id(tx, key),
        file_name=file_name[:120],
        package=blob,
        staged_at=tx.recorded_at,
    )
    return digest


def _make_room(tx: Tx, by: Actor) -> None:
    """Whatever nobody decided about in time goes, and so does what one person has too many of."""
    tx.execute(staged_package.delete().where(staged_package.c.staged_at < tx.recorded_at - KEPT_FOR))
    for row in waiting(tx, by=by)[KEPT_AT_MOST - 1 :]:
        discard(tx, row.sha256, by=by)


def waiting(tx: Tx, *, by: Actor) -> list[Waiting]:
    """What waits for this person, newest first."""
    return [
        Waiting(row.sha256, row.key, row.file_name, row.staged_at)
        for row in tx.rows(
            sa.select(staged_package)
            .where(_of(by), staged_package.c.staged_at >= tx.recorded_at - KEPT_FOR)
            .order_by(staged_package.c.staged_at.desc(), staged_package.c.sha256)
        )
    ]


def staged(tx: Tx, digest: str, *, by: Actor, now: datetime) -> Staged:
    """What this person sent in, beside what runs now. Raises NotFound: nothing of theirs, or too long ago."""
    row = _row(tx, digest, by)
    old = deployments.latest(tx, row.key) if _newest_id(tx, row.key) else None
    new = deployments.preview(row.key, old.version + 1 if old else 1, deployments.unpack(row.package))
    year = _next_plan_year(tx, row.key, now)
    return Staged(
        sha256=digest,
        file_name=row.file_name,
        staged_at=row.staged_at,
        new=new,
        old=old,
        overtaken=row.base_id != (old.id if old else None),
        comparison=comparing.compare(old, new, year) if old else None,
        live=_live(tx, row.key),
    )


def staged_files(tx: Tx, digest: str, *, by: Actor) -> tuple[str, dict[str, bytes]]:
    """The process and its files, as this person sent them in. Raises NotFound."""
    row = _row(tx, digest, by)
    return row.key, deployments.unpack(row.package)


def deploy_staged(tx: Tx, digest: str, *, reason: str, by: Actor, now: datetime) -> Deployed:
    """Make it the newest version; what is under way stays on the version it has.

    Raises Forbidden, NotFound, InvalidInput (no reason), PackageRefused, NotPossible: deployed_meanwhile, or
    roles_changed.
    """
    ensure_may_deploy(tx, by, now)
    reason, row = why(reason), _row(tx, digest, by)
    newest = _newest_id(tx, row.key, lock=True)
    if row.base_id != newest:
        raise NotPossible(reason="deployed_meanwhile")
    files = deployments.unpack(row.package)
    if newest is not None and files[ROLES_FILE] != _roles(tx):
        raise NotPossible(reason="roles_changed")
    done = deployments.deploy(tx, row.key, files, reason=reason, by=by, now=now)
    process_instances.schedule_starts(tx, row.key, now=now)
    discard(tx, digest, by=by)
    return done


def discard(tx: Tx, digest: str, *, by: Actor) -> None:
    """Forget what this person sent in. Twice does no harm."""
    tx.execute(staged_package.delete().where(_of(by), staged_package.c.sha256 == digest))


def _of(by: Actor) -> sa.ColumnElement[bool]:
    return staged_package.c.person_id == by.person_id


def _row(tx: Tx, digest: str, by: Actor) -> Any:
    """Raises NotFound, also for bytes that are no longer those that were sent in."""
    row = tx.one(sa.select(staged_package).where(_of(by), staged_package.c.sha256 == digest))
    if row is None or row.staged_at < tx.recorded_at - KEPT_FOR or sha256(row.package).hexdigest() != digest:
        raise NotFound(kind="staged_package")
    return row


def _newest_id(tx: Tx, key: str, *, lock: bool = False) -> int | None:
    """The newest version's id; `lock`: whoever deploys this process at the same moment waits for us."""
    if lock and not tx.is_sqlite:  # no row could be locked before the first version
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"deploy:{key}"))))
    query = sa.select(definition.c.id).where(definition.c.key == key).order_by(definition.c.version.desc()).limit(1)
    found: int | None = tx.scalar(query)
    return found


def _live(tx: Tx, key: str) -> int:
    query = sa.select(sa.func.count()).select_from(instance).where(instance.c.key == key, instance.c.state.in_(LIVE))
    return int(tx.scalar(query))


def _next_plan_year(tx: Tx, key: str, now: datetime) -> int:
    """The year that the new version is first for: of the start that waits, else after the last one started."""
    waits = process_instances.next_start(tx, key)
    if waits is not None:
        return int(waits.payload["plan_year"])
    last = tx.scalar(sa.select(sa.func.max(instance.c.plan_year)).where(instance.c.key == key))
    return int(last) + 1 if last is not None else civil_date(now).year + 1
