"""Texts that a package brings in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    """Replace each `{name}` that `values` knows. No attributes, no format specifications, no logic."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", "" if value is None else str(value))
    return template
