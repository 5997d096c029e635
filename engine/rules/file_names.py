"""Names of files as people may keep them: one line, no path, nothing that shows another name than there is."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
FORBIDDEN = '<>:"|?*'
"""What some systems cannot have in a name."""
UNNAMED = "bilaga"


def plain(given: str) -> str:
    """The name without path, control and direction characters, at most LONGEST characters with its ending kept.

    A right-to-left override would show "exe.pdf" for a file that ends otherwise; letters of any script stay.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(" " if char.isspace() else char for char in last)
    shown = "".join(char for char in shown if unicodedata.category(char)[0] != "C")
    shown = "".join("_" if char in FORBIDDEN else char for char in shown)
    stem, dot, end = " ".join(shown.split()).strip(". ").rpartition(".")
    if not dot:
        return end[:LONGEST] or UNNAMED
    end = end.strip()[:10]
    return f"{stem.strip()[: LONGEST - len(end) - 1] or UNNAMED}.{end}"


def ending(name: str) -> str:
    """What follows the last full stop, in small letters; empty when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
