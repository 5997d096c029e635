"""Requests sent twice, and attempts that were refused."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import access_log, idempotency
from engine.clock import SystemClock
from engine.errors import KeyReused, NotPossible
from engine.store.database import Database, Tx
from engine.store.tables import idempotency_key, metadata


@pytest.fixture
def tx():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        yield tx
    database.dispose()


def test_a_repeated_request_gets_the_first_result(tx):
    assert idempotency.remembered(tx, "k", "anna", "f") is None

    idempotency.remember(tx, "k", "anna", "f", {"task": 1})

    assert idempotency.remembered(tx, "k", "anna", "f") == {"task": 1}
    assert idempotency.remembered(tx, "k", "bo", "f") is None


def test_a_key_with_other_content_is_refused(tx):
    idempotency.remember(tx, "k", "anna", "f", {})

    with pytest.raises(KeyReused):
        idempotency.remembered(tx, "k", "anna", "other")


def test_what_was_sent_cannot_be_guessed_from_what_is_kept_of_it(tx):
    """Neither the key nor anything that follows from the content alone is written down."""
    for key in ("key-1", "key-2"):
        idempotency.remember(tx, key, "anna", "fingerprint", {})

    kept = tx.rows(sa.select(idempotency_key))
    assert len({row.fingerprint for row in kept}) == 2
    assert not {"key-1", "key-2", "fingerprint"} & {text for row in kept for text in (row.key, row.fingerprint)}


def test_of_two_requests_at_once_the_later_is_told_to_ask_again(tx):
    idempotency.remember(tx, "k", "anna", "f", {})

    with pytest.raises(NotPossible):
        idempotency.remember(tx, "k", "anna", "f", {})


def test_old_keys_are_forgotten(tx):
    earlier = Tx(tx.connection, tx.recorded_at - timedelta(days=15))
    idempotency.remember(earlier, "old", "anna", "f", 1)
    idempotency.remember(tx, "new", "anna", "f", 1)

    assert idempotency.forget_old(tx) == 1
    assert idempotency.remembered(tx, "new", "anna", "f") == 1


def test_the_same_refusal_is_noted_once_a_minute(tx):
    later = Tx(tx.connection, tx.recorded_at + timedelta(seconds=61))
    attempt = ("anna", "GET", "/cockpit", "403", "192.0.2.1")

    assert [access_log.note(found, *attempt) for found in (tx, tx, later)] == [True, False, True]


def test_strangers_are_told_apart_by_address(tx):
    noted = [access_log.note(tx, None, "GET", "/", "403", address) for address in ("192.0.2.1", "192.0.2.2")]

    assert noted == [True, True]


def test_a_target_can_neither_forge_a_line_nor_overflow(tx):
    access_log.note(tx, "anna", "GET", "/a\r\nfake" + "x" * 1000, "403", None)

    target = access_log.search(tx).entries[0].target
    assert target.startswith("/a\\r\\nfake")
    assert len(target) == 300
