"""The key that makes a form sent twice have one effect."""

from __future__ import annotations

import re
from uuid import uuid4

from flask import request

SHAPE = re.compile(r"[0-9a-f]{32}")


def idempotency_key() -> str:
    """The key that the page was drawn with; a new one when it is missing or malformed."""
    given = request.form.get("_key", "")
    return given if SHAPE.fullmatch(given) else uuid4().hex


def posted_number(name: str) -> int | None:
    """A small whole number that the page carries along, such as the draft's version."""
    given = request.form.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
