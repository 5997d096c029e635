"""Views that take larger requests than others, and what they say when one is larger still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from web.context import services
from web.permissions import View


def larger(too_large: Callable[..., ResponseReturnValue]) -> Callable[[View], View]:
    """Declare that the view takes files. `too_large` makes the page of status 413, from the address's values."""

    def declare(view: View) -> View:
        view.too_large = too_large  # type: ignore[attr-defined]
        return view

    return declare


def make_room() -> None:
    """Before anything reads the request: only who is signed in may send more than the usual."""
    if _own() is not None and current_user.is_authenticated:
        request.max_content_length = services().config.largest_upload


def page_of_413() -> ResponseReturnValue | None:
    """The view's own page, or None when it has none or nobody is signed in. Raises EngineError."""
    own = _own()
    return own(**(request.view_args or {})) if own is not None and current_user.is_authenticated else None


def _own() -> Any:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "too_large", None)
