"""CSV as staff systems write it: UTF-8 (with or without BOM) or cp1252, comma or semicolon, a row of headings."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from engine.errors import InvalidInput

LARGEST = 20_000_000  # bytes; a region of 20,000 people has about 2 MB
COLUMNS = {
    "units.csv": (("id", "name", "kind"), ("parent",)),
    "people.csv": (("id", "name"), ("email", "locale", "active")),
    "positions.csv": (("id", "role", "unit", "name"), ("active",)),
    "holdings.csv": (("position", "person"), ("function", "from", "to")),
}
"""Each file's columns: those that must be there, those that may."""

YES, NO = ("", "1", "true", "yes", "ja", "j"), ("0", "false", "no", "nej", "n")
T = TypeVar("T")


@dataclass(frozen=True)
class CsvError:
    """One thing wrong with one file. `line` counts from 1, the headings included; `reason` is a code."""

    file: str
    line: int | None
    column: str | None
    reason: str
    value: str = ""


@dataclass(frozen=True)
class Row:
    """One line's cells by column, trimmed; a column that the file does not have is empty."""

    file: str
    line: int
    cells: dict[str, str]
    errors: list[CsvError]

    def refuse(self, column: str, reason: str) -> None:
        self.errors.append(CsvError(self.file, self.line, column, reason, self.cells.get(column, "")[:200]))

    def read(self, column: str, check: Callable[[str], T]) -> T | None:
        """The cell as `check` gives it; when that raises InvalidInput, None and an error more."""
        try:
            return check(self.cells.get(column, ""))
        except InvalidInput as refused:
            self.refuse(column, refused.params["reason"])
            return None


def rows_of(file: str, content: bytes, errors: list[CsvError]) -> list[Row]:
    """The file's rows; what cannot be read at all is told in `errors`."""
    if file not in COLUMNS:
        errors.append(CsvError(file, None, None, "unknown_file"))
        return []
    if len(content) > LARGEST or b"\0" in content:
        errors.append(CsvError(file, None, None, "too_large" if len(content) > LARGEST else "not_text"))
        return []
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        return _rows(file, reader, errors)
    except csv.Error:
        errors.append(CsvError(file, reader.line_num, None, "broken_line"))
        return []


def written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file as `rows_of` reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()


def decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter(text: str) -> str:
    headings = text.partition("\n")[0]
    return ";" if headings.count(";") > headings.count(",") else ","


def _rows(file: str, reader: Any, errors: list[CsvError]) -> list[Row]:
    headings = [heading.strip().casefold() for heading in next(reader, [])]
    if not _headings_fit(file, headings, errors):
        return []
    found = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            errors.append(CsvError(file, reader.line_num, None, "cells", str(len(cells))))
            continue
        values = dict(zip(headings, (cell.strip() for cell in cells), strict=True))
        found.append(Row(file, reader.line_num, values, errors))
    return found


def _headings_fit(file: str, headings: list[str], errors: list[CsvError]) -> bool:
    needed, allowed = COLUMNS[file]
    wrong = [CsvError(file, 1, column, "missing_column") for column in needed if column not in headings]
    wrong += [
        CsvError(file, 1, name, "unknown_column", name[:200]) for name in headings if name not in needed + allowed
    ]
    wrong += [CsvError(file, 1, name, "repeated_column") for name, times in Counter(headings).items() if times > 1]
    errors.extend(wrong)
    return not wrong


def day(value: str) -> date | None:
    """An ISO day, or None for an empty cell. Raises InvalidInput."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise InvalidInput(field="day", reason="date", value=value[:200]) from error


def truth(value: str) -> bool:
    """Ja or nej in the usual spellings; an empty cell is ja. Raises InvalidInput."""
    if value.casefold() not in YES + NO:
        raise InvalidInput(field="active", reason="yes_or_no", value=value[:200])
    return value.casefold() in YES


def one_of(*allowed: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in allowed:
            raise InvalidInput(field="value", reason="unknown", value=value[:200])
        return value

    return check
