"""What the pages need to know about where they run; made by the composition from its settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from engine.attachments import Limits
from engine.history import signing
from engine.history.signing import SigningKey


@dataclass(frozen=True)
class WebConfig:
    """`public_url` is the address that people use; with https the cookies and headers are stricter.

    `demo` opens the routes allowed for "demo" and nothing else. `trusted_proxies` as `web.forwarding.parse` reads it,
    `embed_origins` as `web.embedding.parse` does: the sites that may show the year wheel in a frame.
    """

    secret_key: str
    public_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    demo_controls: Any = None  # web.demo.controls.DemoControls
    idle: timedelta = timedelta(minutes=60)
    longest_session: timedelta = timedelta(hours=12)
    max_content_length: int = 2 * 1024 * 1024
    attachments: Limits = field(default_factory=Limits)
    sign_in_limit: str = "20 per minute"
    trusted_proxies: str = ""
    embed_origins: str = ""
    signing_key: SigningKey | None = None
    flask: dict[str, Any] = field(default_factory=dict)

    @property
    def largest_upload(self) -> int:
        """Bytes of a request with files: as many as a task may have, and what surrounds them."""
        return max(self.max_content_length, self.attachments.task_bytes + 1024 * 1024)

    @property
    def bundle_key(self) -> SigningKey:
        """What signs the audit bundles: `signing_key`, in demos one that follows from the secret key."""
        return self.signing_key or signing.derived(self.secret_key)

    @property
    def https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or "127.0.0.1"
