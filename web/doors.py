"""Pages that more than one kind of reader may open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort
from flask_login import current_user

from web.permissions import View, allow


def open_to(*capabilities: str) -> Callable[[View], View]:
    """Declare that anyone signed in who has one of these capabilities may use the view; others get 403."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.capabilities & frozenset(capabilities):
                abort(403)
            return view(*args, **kwargs)

        guarded.one_of = capabilities  # type: ignore[attr-defined]
        return allow("signed_in")(guarded)  # type: ignore[return-value]

    return declare
