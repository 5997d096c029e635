"""The plainest expressions answered without V8: a name, a path, a literal, a list of these.

Most effects and many conditions are no more than that, and the way to V8 and back takes longer than all their rows.
Whatever is not quite plain (an absent name, a null on the way, a date, a fraction) is left to V8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

LEFT = object()
"""Not answered here."""

Scope = Mapping[str, Any]
_PATH = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", re.ASCII)
_TEXT = re.compile(r'"[^"\\\n]*"')
_WHOLE = re.compile(r"0|[1-9]\d{0,14}", re.ASCII)
_LITERALS = {"null": None, "true": True, "false": False}
_WORDS = frozenset(
    "if then else for in return some every satisfies instance of between and or not function external null true false "
    "item partial date time duration string number context list count sum min max mean now today".split()
)
_EXACT = 2**53


def answer(expression: str, shared: Scope, scope: Scope) -> Any:
    """Its value, or LEFT. The names of `scope` lie over those of `shared`."""
    ask = _plan(expression)
    return LEFT if ask is None else ask(shared, scope)


@lru_cache(maxsize=4096)
def _plan(expression: str) -> Callable[[Scope, Scope], Any] | None:
    text = expression.strip()
    if text in _LITERALS:
        value = _LITERALS[text]
        return lambda _shared, _scope: value
    if _TEXT.fullmatch(text):
        return lambda _shared, _scope: text[1:-1]
    if _WHOLE.fullmatch(text):
        return lambda _shared, _scope: int(text)
    if _PATH.fullmatch(text):
        return _path(text.split("."))
    if text.startswith("[") and text.endswith("]"):
        return _list([_plan(part) for part in text[1:-1].split(",")])
    return None


def _path(words: list[str]) -> Callable[[Scope, Scope], Any] | None:
    if not _WORDS.isdisjoint(words):
        return None
    first, *rest = words

    def ask(shared: Scope, scope: Scope) -> Any:
        found = scope[first] if first in scope else shared.get(first, LEFT)
        for word in rest:
            if type(found) is not dict or word not in found:
                return LEFT
            found = found[word]
        if type(found) is int:
            return found if -_EXACT < found < _EXACT else LEFT
        return found if found is None or type(found) in (str, bool) else LEFT

    return ask


def _list(parts: list[Callable[[Scope, Scope], Any] | None]) -> Callable[[Scope, Scope], Any] | None:
    if None in parts:
        return None

    def ask(shared: Scope, scope: Scope) -> Any:
        found = [part(shared, scope) for part in parts if part is not None]
        return LEFT if any(value is LEFT for value in found) else found

    return ask
