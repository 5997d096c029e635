"""Which sites may show one of our pages in a frame: none, but for what is made for it and a list that is set."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import g

from web.context import services

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


def parse(text: str) -> tuple[str, ...]:
    """Origins with commas or spaces between: https://intranet.example.org. Raises ValueError, naming what is none."""
    return tuple(dict.fromkeys(_origin(part) for part in re.split(r"[,\s]+", text.strip()) if part))


def _origin(text: str) -> str:
    """Scheme, host and port alone. Plain http is for a machine's own address."""
    parts = urlsplit(text.lower().rstrip("/"))
    plain = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if not (parts.scheme == "https" or plain) or not bare or not _HOST.fullmatch(parts.netloc):
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}"


def allow() -> None:
    """This response may be shown in a frame on the sites that are set, if there are any."""
    g.frame_ancestors = parse(services().config.embed_origins)


def ancestors() -> tuple[str, ...]:
    """The sites that may show this response; empty when it may not be shown in a frame."""
    found: tuple[str, ...] = g.get("frame_ancestors", ())
    return found
