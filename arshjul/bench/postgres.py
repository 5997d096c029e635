"""Completions on PostgreSQL over eight connections against pgbench of the same statements."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.bench.measured import Row, missing


def rows() -> Iterator[Row]:
    yield missing("PostgreSQL, 8 connections", "per s", "pgbench of the same statements", "≥ 0.5", "not measured")
