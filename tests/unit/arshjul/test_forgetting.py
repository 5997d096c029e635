"""What a running installation throws away by itself."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from arshjul.composition import poller
from engine import idempotency
from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database, Tx
from engine.store.tables import idempotency_key


def test_what_a_repeated_request_would_have_been_told_is_kept_for_two_weeks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate.upgrade(url)
    database = Database(url, SystemClock())
    with database.verb() as tx:
        for days in (13, 15):
            idempotency.remember(Tx(tx.connection, tx.recorded_at - timedelta(days=days)), f"{days}", "anna", "f", 1)

    with poller(database, database.clock, None, "http://127.0.0.1") as scheduler:
        job = scheduler.get_job("forget")
        job.func(*job.args)

    with database.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(idempotency_key)) == 1
        assert idempotency.remembered(tx, "13", "anna", "f") == 1
    database.dispose()
