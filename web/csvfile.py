"""CSV files that a spreadsheet opens as text: nothing in a cell runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """The value as text; what a spreadsheet would read as a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return "'" + text.replace("\0", "") if text.startswith(FORMULA) else text.replace("\0", "")


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Semicolons and a byte-order mark, as a Swedish spreadsheet expects."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + buffer.getvalue()


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """`name` is our own, in plain letters."""
    response = Response(written(header, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
