"""A real SMTP server that keeps what it is sent, and can be told to refuse."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


@dataclass(frozen=True)
class Delivery:
    """One message as the server took it: the envelope's addresses and the parsed content."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class MailServer:
    """The box of a running server; what it is told to do wrong holds from then on, until `clear` or `mend`."""

    host: str
    port: int
    _box: list[Delivery] = field(default_factory=list)
    _refused: set[str] = field(default_factory=set)
    _failures: list[str] = field(default_factory=list)
    _cuts: int = 0
    _silences: list[float] = field(default_factory=list)
    _known: set[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def box(self) -> list[Delivery]:
        """A copy of all that was accepted, in order of arrival."""
        with self._lock:
            return list(self._box)

    def refuse(self, *addresses: str) -> None:
        """Answer 550 to these recipients, for good."""
        with self._lock:
            self._refused.update(addresses)

    def fail_next(self, times: int = 1, reply: str = "451 Try again later") -> None:
        """Answer the next so many messages with the reply, after their content, and keep none of them."""
        with self._lock:
            self._failures += [reply] * times

    def cut_next(self, times: int = 1) -> None:
        """Keep the next so many messages and hang up in place of saying so."""
        with self._lock:
            self._cuts += times

    def hang_next(self, times: int = 1, seconds: float = 1.0) -> None:
        """Say nothing for so long after the next so many messages, then keep them."""
        with self._lock:
            self._silences += [seconds] * times

    def greylist(self) -> None:
        """Answer 451 to each recipient the first time from now on."""
        with self._lock:
            self._known = set()

    def mend(self) -> None:
        """Accept everything again; the box stays."""
        with self._lock:
            self._refused.clear()
            self._failures.clear()
            self._silences.clear()
            self._cuts, self._known = 0, None

    def clear(self) -> None:
        """Empty the box and accept everything again."""
        self.mend()
        with self._lock:
            self._box.clear()

    def reply_to_recipient(self, address: str) -> str:
        with self._lock:
            if address in self._refused:
                return f"550 <{address}>: No such mailbox"
            if self._known is not None and address not in self._known:
                self._known.add(address)
                return "451 Greylisted, come back later"
            return OK

    def silence(self) -> float:
        """How long to say nothing about the message that just came, in seconds."""
        with self._lock:
            return self._silences.pop(0) if self._silences else 0.0

    def cuts(self) -> bool:
        """Whether to hang up now."""
        with self._lock:
            met = self._cuts > 0
            self._cuts -= met
            return met

    def take(self, delivery: Delivery) -> str:
        with self._lock:
            if self._failures:
                return self._failures.pop(0)
            self._box.append(delivery)
            return OK


class Handler:
    """What aiosmtpd calls, in its own thread; the names are its."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply = self.server.reply_to_recipient(address)
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.server.silence())
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        reply = self.server.take(Delivery(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        if self.server.cuts() and smtp.transport is not None:
            smtp.transport.abort()
        return reply


@contextmanager
def running() -> Iterator[MailServer]:
    """A server on a free port of this machine until the block ends."""
    # aiosmtpd's controller connects to the port that it was given, so 0 will not do.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", probe.getsockname()[1])
    controller = Controller(Handler(server), hostname=server.host, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
