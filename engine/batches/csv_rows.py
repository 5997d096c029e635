"""A CSV file with a row for each instance to start: the columns that the package declares, by name or by label."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from engine.batches.making import LARGEST
from engine.errors import InvalidForm, InvalidInput
from engine.identity.csv_files import CsvError, decoded, delimiter
from engine.rules.business_keys import YEAR, Column
from engine.texts import Text

LARGEST_FILE = 12_000_000
"""Bytes: seventy thousand rows of 170."""
ONLY_YEAR = (Column(YEAR, Text("Planår", "Plan year"), key=True, kind="number"),)


def read(columns: Sequence[Column], file: str, content: bytes) -> list[dict[str, str]]:
    """The rows, trimmed, by the columns' names. UTF-8 with or without BOM, or cp1252; comma or semicolon.

    Raises InvalidForm with a CsvError for each thing that makes the file unreadable as a whole, InvalidInput for
    one too large. What is wrong with a single row's values is not looked at here.
    """
    if len(content) > LARGEST_FILE:
        raise InvalidInput(field="file", reason="file_too_large")
    if b"\0" in content:
        raise InvalidForm([CsvError(file, None, None, "not_text")])
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        headings = _headings(columns or ONLY_YEAR, file, next(reader, []))
        return _rows(headings, file, reader)
    except csv.Error:
        raise InvalidForm([CsvError(file, reader.line_num, None, "broken_line")]) from None


def _headings(columns: Sequence[Column], file: str, given: Sequence[str]) -> list[str]:
    known = {
        text.casefold(): column.name for column in columns for text in (column.name, column.label.sv, column.label.en)
    }
    found = [known.get(heading.strip().casefold()) for heading in given]
    wrong = [
        CsvError(file, 1, None, "unknown_column", heading.strip()[:100])
        for heading, name in zip(given, found, strict=True)
        if name is None
    ]
    wrong += [
        CsvError(file, 1, None, "missing_column", column.label.sv) for column in columns if column.name not in found
    ]
    wrong += [
        CsvError(file, 1, None, "repeated_column", name) for name, times in Counter(found).items() if name and times > 1
    ]
    if wrong:
        raise InvalidForm(wrong[:50])
    return [name for name in found if name is not None]


def _rows(headings: list[str], file: str, reader: Any) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    wrong: list[CsvError] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            wrong.append(CsvError(file, reader.line_num, None, "cells", str(len(cells))))
        elif len(found) == LARGEST:
            raise InvalidInput(field="file", reason="too_many_rows")
        else:
            found.append(dict(zip(headings, (cell.strip() for cell in cells), strict=True)))
        if len(wrong) == 50:
            break
    if wrong:
        raise InvalidForm(wrong)
    if not found:
        raise InvalidInput(field="file", reason="no_rows")
    return found
