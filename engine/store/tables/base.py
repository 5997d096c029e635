"""Shared metadata with named constraints, so that migrations can speak of each by name."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """An index of the rows where that holds: the others cost it nothing."""
    holds = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=holds, postgresql_where=holds)
