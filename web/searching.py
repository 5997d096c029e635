"""What was typed in a search, as it is looked for and as its field shows it again."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 100
MOST_WORDS = 12
"""Each is looked for in every row; a pasted title has fewer."""


def words_in(values: Mapping[str, str]) -> str:
    """Words with one blank between them, no more of them than are looked for."""
    words = values.get("q", "").replace("\x00", " ").split()
    return " ".join(words[:MOST_WORDS])[:LONGEST].rstrip()
