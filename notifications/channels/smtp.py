"""Mail over SMTP (RFC 5321): one connection for a round of mails, one recipient for each mail.

The commands are given one by one, because it matters between which two of them a connection broke.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from engine.mails import Mail
from notifications.channels import Interrupted, Refused, TryLater, Unreachable
from notifications.envelope import as_bytes, ascii_address, is_address

DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
TIMEOUT = 30.0  # seconds for each answer; a whole mail stays well inside the outbox's lease


@dataclass(frozen=True)
class SmtpServer:
    """Where and how. The password is left out of `repr`, so that no log shows it."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    sender: str


def parse_url(url: str, *, default_sender: str) -> SmtpServer:
    """`smtp://`, `smtps://` or `smtp+starttls://user:password@host:port?from=sender@example.org`.

    User and password are percent-encoded. Raises ValueError that names the fault but not the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("ARSHJUL_SMTP_URL: the port is not a number, or the URL is malformed") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(f"ARSHJUL_SMTP_URL begins with one of {', '.join(f'{s}://' for s in DEFAULT_PORTS)}")
    if not parts.hostname:
        raise ValueError("ARSHJUL_SMTP_URL names no host")
    sender = parse_qs(parts.query).get("from", [default_sender])[0]
    if not is_address(sender):
        raise ValueError("ARSHJUL_SMTP_URL: from is not a mail address")
    return SmtpServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or DEFAULT_PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sender=sender,
    )


class SmtpChannel:
    """Connects at the first mail and again after a break. Certificates are checked against the system's."""

    def __init__(self, server: SmtpServer, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.timeout = timeout
        self.context = context or ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, mail: Mail) -> None:
        """Hand it over; see `Channel`."""
        try:
            content = as_bytes(mail, self.server.sender)
            sender, recipient = ascii_address(self.server.sender), ascii_address(mail.address)
        except (ValueError, IndexError) as error:  # the library parses the address; a strange one fails so
            raise Refused(f"not a mail address: {error}") from error
        smtp = self._connected()
        options = self._options(smtp, sender + recipient)
        with self._unbroken(uncertain=False):
            code, reply = smtp.mail(sender, options)
            if code != 250:
                self.close()
                raise Unreachable(_said("sender", code, reply))
            _demand_ok(*smtp.rcpt(recipient))
        with self._unbroken(uncertain=True):
            _demand_ok(*_data(smtp, content))

    def close(self) -> None:
        """Say goodbye if that is still possible."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._connect()
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(f"{type(error).__name__}: {error}") from error
            return self._smtp
        with self._unbroken(uncertain=False):
            self._smtp.rset()  # what a refused mail left behind is not the next one's
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        name = server.sender.rpartition("@")[2]  # for EHLO; the machine's own name may take DNS long to find
        name = name.encode("idna").decode("ascii")
        where = (server.host, server.port, name)
        smtp: smtplib.SMTP
        if server.scheme == "smtps":
            smtp = smtplib.SMTP_SSL(*where, timeout=self.timeout, context=self.context)
        else:
            smtp = smtplib.SMTP(*where, timeout=self.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=self.context)
                smtp.ehlo()
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _options(self, smtp: smtplib.SMTP, addresses: str) -> list[str]:
        if addresses.isascii():
            return []
        if not smtp.has_extn("smtputf8"):
            raise Refused("the mail server does not take addresses with letters outside ASCII")
        return ["SMTPUTF8"]

    @contextmanager
    def _unbroken(self, *, uncertain: bool) -> Iterator[None]:
        """Turns a lost connection into Interrupted; the next mail gets a new connection."""
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Interrupted(f"{type(error).__name__}: {error}", uncertain=uncertain) from error


def _data(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    try:
        return smtp.data(content)
    except smtplib.SMTPDataError as error:  # refused before any content
        reply = error.smtp_error
        return error.smtp_code, reply if isinstance(reply, bytes) else reply.encode()


def _demand_ok(code: int, reply: bytes) -> None:
    """250 and 251 are a yes; 4xx asks to come back; all else is a no for good (RFC 5321, 4.2.1)."""
    if code in (250, 251):
        return
    if 400 <= code < 500:
        raise TryLater(_said("", code, reply))
    raise Refused(_said("", code, reply))


def _said(about: str, code: int, reply: bytes) -> str:
    """What the server said, for whoever looks into it. The mail has its address; a fault and a log are not to keep
    one of their own."""
    text = ADDRESS.sub("…", reply.decode("utf-8", "replace").replace("\n", " "))
    return f"{about} {code} {text}".strip()[:500]
