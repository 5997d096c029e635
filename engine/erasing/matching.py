"""Looking for a text in what people have written, and putting a mark in its place. Values in, values out."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from unicodedata import is_normalized, normalize

AROUND = 50
"""Characters shown on each side of what was found."""


def pattern_of(text: str) -> re.Pattern[str]:
    """The text in whatever case and with whatever blanks between its words, also as HTML writes it.

    It begins where a word does, and may end in the middle of one: the Swedish genitive adds an s.
    """
    words = [f"(?:{re.escape(word)}|{re.escape(html.escape(word))})" for word in normalize("NFC", text).split()]
    begins = r"(?<!\w)" if text[:1].isalnum() else ""
    return re.compile(begins + r"\s+".join(words), re.IGNORECASE)


def runs_of(text: str) -> list[str]:
    """Its runs of two or more ASCII letters and digits, the longest first.

    Every value with the text has them all, and a database can look for them: beside a common word the others narrow.
    """
    return sorted(set(re.findall("[A-Za-z0-9]{2,}", text)), key=lambda run: (-len(run), run))


def without(value: Any, pattern: re.Pattern[str], mark: str) -> tuple[Any, list[str]]:
    """The value with the mark wherever the text stood, and an excerpt around each of these places.

    Keys of objects are the forms' and are never changed.
    """
    if isinstance(value, str):
        return _text_without(value, pattern, mark)
    if isinstance(value, Mapping):
        pairs = {key: without(inner, pattern, mark) for key, inner in value.items()}
        return {key: new for key, (new, _) in pairs.items()}, [e for _, found in pairs.values() for e in found]
    if isinstance(value, list):
        parts = [without(inner, pattern, mark) for inner in value]
        return [new for new, _ in parts], [excerpt for _, found in parts for excerpt in found]
    return value, []


def _text_without(value: str, pattern: re.Pattern[str], mark: str) -> tuple[str, list[str]]:
    text = value if is_normalized("NFC", value) else normalize("NFC", value)
    found = [_excerpt(text, match) for match in pattern.finditer(text)]
    return (pattern.sub(lambda _match: mark, text), found) if found else (value, [])


def _excerpt(text: str, match: re.Match[str]) -> str:
    first, last = max(match.start() - AROUND, 0), min(match.end() + AROUND, len(text))
    cut = " ".join(text[first:last].split())
    return ("… " if first else "") + cut + (" …" if last < len(text) else "")
