"""Which key signs, and since when, stands in the history."""

from datetime import UTC, datetime

from engine import history
from engine.clock import SystemClock
from engine.history import signing
from engine.store.database import Database
from engine.store.tables import metadata

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_change_of_key_is_told_once() -> None:
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    first, second = signing.derived("first"), signing.derived("second")
    for key in (first, first, second, second):
        with database.verb() as tx:
            signing.note(tx, key, NOW)
    with database.page() as tx:
        events = history.search(tx, types=["signing_key_changed"]).events
    assert [event.body for event in events] == [
        {"old": None, "new": first.id},
        {"old": first.id, "new": second.id},
    ]
    database.dispose()
