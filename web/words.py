"""flask_babel's functions with types: a Swedish text in, the reader's language out."""

from __future__ import annotations

from typing import Any

import flask_babel


def gettext(text: str, /, **values: object) -> str:
    """The text in the reader's language, with `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """The same for a number, which `%(num)d` stands for."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def lazy_gettext(text: str) -> Any:
    """A text of a module's constants: translated when it is shown."""
    return flask_babel.lazy_gettext(text)
