"""Redirects stay on this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for


def safe_path(asked: str | None) -> str:
    """The path and query asked for if they are of this site, else the start page."""
    start = url_for("tasklist.inbox")
    if not asked or not asked.startswith("/") or asked.startswith("//") or "\\" in asked:
        return start
    if any(ord(character) < 32 for character in asked):
        return start
    parts = urlsplit(asked)
    return asked if not parts.scheme and not parts.netloc else start
