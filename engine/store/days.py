"""Whole days between two instants, in SQL that both databases know."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class days_from_to(FunctionElement[int]):  # noqa: N801 (used as a function)
    """`days_from_to(first, last)`: the number of the day on which `last` falls when the day of `first` is 1.

    Days of 24 hours, counted from `first`; 0 and less before it.
    """

    type = sa.Integer()
    inherit_cache = True
    name = "days_from_to"


@compiles(days_from_to, "sqlite")
def _sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    # A cast cuts towards zero, so it is made of numbers above it.
    return f"(CAST(julianday({last}) - julianday({first}) + 100000 AS INTEGER) - 99999)"


@compiles(days_from_to, "postgresql")
def _postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST(floor(extract(epoch from {last} - {first}) / 86400) AS INTEGER) + 1)"
