"""19: the database is lost, and a backup of a random moment takes its place."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from support import mail_server
from torture.place import Place
from torture.trial import Trial, wait
from torture.worker import Shifted

from arshjul.restoring import take_over
from engine import history
from engine.clock import SystemClock
from engine.history import verifier
from engine.store.copies import copy
from engine.store.database import Database
from engine.store.tables import mail


def at_a_random_moment(trial: Trial) -> int:
    """A backup is made while a client works; the work goes on, then the database is lost and the backup restored.

    The restored chain verifies; against a checkpoint taken before the loss the verifier tells of it; no mail that had
    been sent is sent again. Then everything is worked to its end.
    """
    place, url = trial.place, trial.orders.url
    backup = place.folder / "backup"
    with mail_server.running() as server:
        child = trial.send(smtp=server.url, round=2, pause=0.03, seed=trial.rng.randint(1, 10**9))
        time.sleep(trial.rng.uniform(0.3, 1.5))
        _back_up(place, url, backup)
        wait(child)
        trial.finish(smtp=server.url, round=4, seed=trial.rng.randint(1, 10**9))
        last = _checkpoint(url)
        sent = {str(delivery.message["Message-ID"]) for delivery in server.box}
        _restore(place, url, backup)
        lost = _look_at_chain(trial, url, last)
        trial.journal.path.unlink()  # what was answered after the backup is lost, which no client can know
        held = _take_over(url)
        server.clear()
        trial.finish(smtp=server.url, round=6, seed=trial.rng.randint(1, 10**9))
        again = {str(delivery.message["Message-ID"]) for delivery in server.box}
    _look_at_mail(trial, url, sent, again, held)
    return int(lost)


def _back_up(place: Place, url: str, backup: Path) -> None:
    backup.unlink(missing_ok=True)
    if place.server is None:
        copy(_file(url), backup)
    else:
        subprocess.run([place.server.program("pg_dump"), "-Fc", "-f", backup, _plain(url)], check=True)


def _restore(place: Place, url: str, backup: Path) -> None:
    if place.server is None:
        for left in _file(url).parent.glob(f"{_file(url).stem}.db*"):
            left.unlink()
        shutil.copy(backup, _file(url))
        return
    place.begin_anew(url)
    subprocess.run([place.server.program("pg_restore"), "-d", _plain(url), backup], check=True)


def _file(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _checkpoint(url: str) -> str:
    """As it leaves the machine."""
    database = Database(url, SystemClock())
    with database.verb() as tx:
        document = history.checkpoint(tx, SystemClock().now()).document
    database.dispose()
    return document


def _look_at_chain(trial: Trial, url: str, last: str) -> bool:
    """True when the verifier, given the checkpoint, says that something is missing."""
    database = Database(url, SystemClock())
    with database.page() as tx:
        alone = history.verify(tx)
        against = verifier.check(history.export_ndjson(tx), json.loads(last))
    database.dispose()
    if not alone.ok:
        trial.broken(f"C: the restored chain does not verify: {alone.problem}")
    if against.ok:
        trial.broken("C: events are lost, and the verifier does not tell")
    return not against.ok


def _take_over(url: str) -> set[str]:
    """What an operator does after the restore; the Message-IDs that may have been sent before it."""
    database = Database(url, Shifted(timedelta(hours=2)))
    take_over(database, database.clock, "http://localhost")
    with database.page() as tx:
        known = {row.message_id for row in tx.rows(sa.select(mail.c.message_id))}
    database.dispose()
    return known


def _look_at_mail(trial: Trial, url: str, sent: set[str], again: set[str], held: set[str]) -> None:
    """Nothing of what the backup knew of has left again; what left is handed on to the checks as delivered."""
    if again & (sent | held):
        trial.broken(f"M: {len(again & (sent | held))} old mails were sent again after the restore")
    database = Database(url, SystemClock())
    with database.page() as tx:
        rows = tx.rows(sa.select(mail.c.id, mail.c.message_id))
    database.dispose()
    for row in rows:
        if row.message_id in again | sent:
            trial.journal.note(what="delivered", mail=row.id, message_id=row.message_id)
