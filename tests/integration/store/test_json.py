"""A JSON value comes back as it went in, on both databases."""

import sqlalchemy as sa

from engine.store.tables import setting, user_task

VALUES = ["text", "1", "null", "", 1, 1.5, True, [], {"å": None}]


def test_every_kind_of_value_comes_back(database):
    with database.verb() as tx:
        for number, value in enumerate(VALUES):
            tx.execute(sa.insert(setting).values(name=str(number), value=value))

    with database.page() as tx:
        found = {row.name: row.value for row in tx.rows(sa.select(setting))}
    assert [found[str(number)] for number in range(len(VALUES))] == VALUES


def test_no_value_is_null_and_not_the_word_null(database):
    with database.page() as tx:
        assert tx.scalar(sa.select(sa.literal(None, user_task.c.answer.type).is_(None)))
