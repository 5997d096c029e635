"""`{name}` in texts of packages: values of the context, dotted names too, and nothing else."""

import re
from collections.abc import Mapping
from typing import Any

from engine.texts import Text

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\}")
_MISSING = object()


def fill(text: Text, context: Mapping[str, Any]) -> Text:
    """Both languages with their placeholders filled in. A name that the context lacks stays as it is written."""
    if "{" not in text.sv and "{" not in text.en:
        return text
    return Text(fill_string(text.sv, context), fill_string(text.en, context))


def fill_string(text: str, context: Mapping[str, Any]) -> str:
    def value_of(match: re.Match[str]) -> str:
        value: Any = context
        for part in match[1].split("."):
            value = value.get(part, _MISSING) if isinstance(value, Mapping) else _MISSING
        if value is _MISSING:
            return match[0]
        return "" if value is None else str(value)

    return _PLACEHOLDER.sub(value_of, text)


def names_in(text: str) -> set[str]:
    """The first words of the placeholders."""
    return {name.split(".")[0] for name in _PLACEHOLDER.findall(text)}
