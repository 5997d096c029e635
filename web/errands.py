"""Pages that wait for what is done beside them (`engine.errands`): they load themselves again until it is over."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from engine.errands import Errand
from web.context import database

LEFT = timedelta(minutes=1)
"""Wall time in a queue after which the reader is told that perhaps nobody works."""


def over(errand: Errand) -> Response | None:
    """To the part of a page that asks whether it is over, when it is: load the whole page. None otherwise."""
    if "HX-Request" in request.headers and not errand.is_under_way:
        return Response(headers={"HX-Refresh": "true"})
    return None


def is_left(errand: Errand) -> bool:
    """It has waited so long that whoever should do it may not be there."""
    return errand.state == "queued" and database().clock.wall() - errand.asked_at > LEFT
