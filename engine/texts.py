"""Texts that a package brings in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Text:
    """The same sentence in Swedish and English."""

    sv: str
    en: str

    def in_locale(self, locale: str) -> str:
        return self.en if locale.startswith("en") else self.sv

    def fill(self, values: Mapping[str, Any]) -> Text:
        """`{name}` replaced by its value in both languages; unknown names stay as written."""
        return Text(fill(self.sv, values), fill(self.en, values))


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Replace each `{name}` that `values` knows. No attributes, no format specifications, no logic.

    Once: a value that itself holds `{name}` is left as somebody wrote it.
    """

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[1], match[0])
        return "" if value is None else str(value)

    return _PLACEHOLDER.sub(value_of, template)
