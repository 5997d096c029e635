"""The database's own faults, for those who only tell people of them."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import SQLAlchemyError as DatabaseError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

__all__ = ["DatabaseError", "is_passing"]


def is_passing(fault: BaseException) -> bool:
    """Whether the same request may well succeed in a while: the database is stopped, full, locked or out of
    connections, or chose this transaction to end a deadlock. After any of them nothing is written, or all of it is and
    the answer was lost."""
    if isinstance(fault, NoFreeConnection):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    if fault.connection_invalidated:
        return True
    code = getattr(fault.orig, "sqlite_errorcode", None)  # SQLite's error 1 is a statement that it cannot read
    return isinstance(fault, OperationalError | InterfaceError) and code != sqlite3.SQLITE_ERROR
