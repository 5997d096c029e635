"""A kept mail as the bytes of an Internet message: the same bytes however often it is sent."""

from __future__ import annotations

import re
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

from engine.clock import STOCKHOLM
from engine.mails import Mail
from notifications.plain import single_line

PRODUCT = "Årshjul"
# One address and nothing that ends it: no space, comma, quote, angle bracket or control character.
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+@[^\s@,;:<>()\[\]\"\\\x00-\x1f\x7f]+")


def is_address(text: str | None) -> bool:
    """Whether it is one mail address, at most 254 characters (RFC 5321 with its erratum 1690)."""
    return text is not None and len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def host_of(public_url: str) -> str:
    """The host that links, Message-IDs and the list's name speak of."""
    return urlsplit(public_url).hostname or "localhost"


def new_message_id(public_url: str) -> str:
    """A Message-ID that no other mail ever has."""
    return f"<{uuid4().hex}@{host_of(public_url)}>"


def ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it. Raises UnicodeError when the domain cannot exist."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def as_bytes(mail: Mail, sender: str) -> bytes:
    """The message with CRLF lines. ASCII throughout unless an address itself is not."""
    host = mail.message_id.strip("<>").rpartition("@")[2]
    message = EmailMessage(policy=_policy(sender + mail.address))
    message["From"] = Address(PRODUCT, addr_spec=ascii_address(sender))
    message["To"] = Address(single_line(mail.name), addr_spec=ascii_address(mail.address))
    message["Subject"] = single_line(mail.subject)
    message["Date"] = format_datetime(_civil(mail.composed_at))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<arshjul.{host}>"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message.set_boundary(f"={sha256(mail.message_id.encode()).hexdigest()[:32]}=")
    return message.as_bytes()


def _policy(addresses: str) -> policy.EmailPolicy[EmailMessage]:
    chosen = policy.SMTP if addresses.isascii() else policy.SMTPUTF8
    return chosen.clone(cte_type="7bit")


def _civil(instant: datetime) -> datetime:
    return instant.astimezone(STOCKHOLM)
