"""Foreign text made safe for one line, for paragraphs, and for 78 columns."""

from __future__ import annotations

import textwrap
import unicodedata

WIDTH = 78


def single_line(text: str) -> str:
    """One line: every run of white space (also CR, LF, U+2028) is one space, control characters are gone."""
    line = " ".join(text.split())
    return "".join(c for c in line if unicodedata.category(c) != "Cc")


def shorten(text: str, length: int) -> str:
    """At most so many characters, the last an ellipsis when something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def paragraphs(text: str) -> list[str]:
    """Blank lines part paragraphs; a line that begins with "- " is one of its own; other lines are joined."""
    found: list[str] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines: list[str] = []
        for line in block.splitlines():
            if lines and not line.lstrip().startswith("- "):
                lines[-1] += f" {line}"
            else:
                lines.append(line)
        found += [single_line(line) for line in lines]
    return [paragraph for paragraph in found if paragraph]


def wrap(text: str, indent: int = 0) -> str:
    """Lines of at most 78 characters; a longer word, such as an address, is never broken."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
