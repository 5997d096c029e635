"""Very many rows in one statement hold what one statement for each would have written, on both databases."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.store.database import Database
from engine.store.many import Many
from engine.store.tables import chain_head, outbox_message, person, position, unit

NOW = datetime(2026, 11, 2, 8, 30, 0, 250, tzinfo=UTC)
CONTENT = '{"title":{"sv":"Ö, \\"så\\" \\\\ och %s","en":null},"ids":[1,2],"vacant":true}'


@pytest.fixture(autouse=True)
def somebody(database: Database) -> None:
    with database.verb() as tx:
        tx.execute(sa.insert(person), [{"id": "anna", "name": "Anna"}])
        tx.execute(sa.insert(unit), [{"id": "u", "name": "U", "kind": "unit"}])


def test_instants_documents_and_nothing_at_all_arrive_as_they_are(database: Database) -> None:
    shared = ("kind", "created_at", "send_at", "mail_id")
    many = Many(outbox_message, shared, ("event_key", "person_id", "task_id", "content"))
    rows = [(f"é{n}", "anna", None, CONTENT if n else "{}") for n in range(30)]
    with database.verb() as tx:
        assert many.insert(tx, rows, kind="notice", created_at=NOW, send_at=NOW, mail_id=None) == 30
        assert many.insert(tx, [], kind="notice", created_at=NOW, send_at=NOW, mail_id=None) == 0
    with database.page() as tx:
        found = tx.rows(sa.select(outbox_message).order_by(outbox_message.c.id))
    assert [row.event_key for row in found] == [f"é{n}" for n in range(30)]
    assert {(row.created_at, row.task_id, row.mail_id) for row in found} == {(NOW, None, None)}
    assert found[0].content == {}
    assert found[1].content == {"title": {"sv": 'Ö, "så" \\ och %s', "en": None}, "ids": [1, 2], "vacant": True}


def test_many_columns_of_their_own_and_truth_values(database: Database) -> None:
    own = ("id", "role", "unit_id", "name", "active", "valid_from", "valid_to")
    with database.verb() as tx:
        rows = [(f"p{n}", "chef", "u", "Chef" * n, n % 2 == 0, None, None) for n in range(30)]
        assert Many(position, (), own).insert(tx, rows) == 30
        active = Many(position, ("unit_id", "active"), ("id", "role", "name"))
        assert active.insert(tx, [("q", "hr", "Q")], unit_id="u", active=False) == 1
    with database.page() as tx:
        found = {row.id: row for row in tx.rows(sa.select(position))}
    assert (found["p4"].active, found["p5"].active, found["p5"].name) == (True, False, "Chef" * 5)
    assert (found["q"].active, found["q"].unit_id) == (False, "u")


def test_what_is_there_already_is_changed_or_left_as_told(database: Database) -> None:
    moving = Many(chain_head, (), ("chain", "seq", "hash"), "on conflict (chain) do update set seq = excluded.seq")
    with database.verb() as tx:
        moving.insert(tx, [("a", 1, "x"), ("b", 1, "x")])
        moving.insert(tx, [("b", 2, "y"), ("c", 1, "y")])
    with database.page() as tx:
        found = {row.chain: (row.seq, row.hash) for row in tx.rows(sa.select(chain_head))}
    assert found == {"a": (1, "x"), "b": (2, "x"), "c": (1, "y")}


def test_a_row_that_breaks_a_rule_is_told_as_every_other_and_nothing_is_written(database: Database) -> None:
    wide = ("id", "role", "unit_id", "name", "active", "valid_from", "valid_to")
    row = ("p", "chef", "u", "Chef", True, None, None)
    for many in (Many(position, (), wide), Many(position, wide[4:], wide[:4])):
        values = {} if many._by_row else {"active": True, "valid_from": None, "valid_to": None}
        with pytest.raises(sa.exc.IntegrityError), database.verb() as tx:
            many.insert(tx, [(*row[: 7 - len(values)],)] * 2, **values)
    with database.page() as tx:
        assert tx.rows(sa.select(position)) == []
