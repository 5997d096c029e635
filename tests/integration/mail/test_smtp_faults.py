"""What mail servers do when something is wrong, and what then becomes of the mail."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from engine.mails import MAY_BE_DOUBLE
from notifications.channels.smtp import SmtpChannel, parse_url

CERTIFICATE = Path(__file__).parent / "self_signed_for_tests.pem"
SENDER = "arshjul@region.example"


def channel_to(url: str, **options: Any) -> SmtpChannel:
    return SmtpChannel(parse_url(url, default_sender=SENDER), **{"timeout": 5, **options})


@contextmanager
def server(talk: Callable[[socket.socket, Any], None]) -> Iterator[str]:
    """A server that greets and then behaves as `talk` says, for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines, suppress(OSError):  # the client may have left
                connection.sendall(b"220 here\r\n")
                talk(connection, lines)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def cut_at(command: bytes) -> Callable[[socket.socket, Any], None]:
    """Agrees to everything and hangs up in place of answering this command ('.' is the end of the content)."""

    def talk(connection: socket.socket, lines: Any) -> None:
        for line in lines:
            if line.strip().upper().startswith(command):
                return
            if line.startswith(b"data"):
                connection.sendall(b"354 go on\r\n")
                while (content := lines.readline()) not in (b".\r\n", b""):
                    pass
                if command == b"." or not content:
                    return
            connection.sendall(b"250 fine\r\n")

    return talk


def test_a_connection_cut_after_the_content_is_tried_again_and_marked(post: Any, smtp: Any) -> None:
    post.tell("anna")
    with server(cut_at(b".")) as url:
        assert post.round(channel_to(url)).waiting == 1
    before = post.mails()[0]
    assert before.error is not None
    assert MAY_BE_DOUBLE in before.error
    post.later(minutes=2)
    assert post.round().sent == 1
    assert smtp.box[0].message["Message-ID"] == before.message_id
    assert post.mails()[0].error == MAY_BE_DOUBLE


@pytest.mark.parametrize("command", [b"MAIL", b"RCPT"])
def test_a_connection_cut_before_the_content_is_tried_again_unmarked(post: Any, smtp: Any, command: bytes) -> None:
    post.tell("anna")
    with server(cut_at(command)) as url:
        assert post.round(channel_to(url)).waiting == 1
    post.later(minutes=2)
    assert post.round().sent == 1
    assert post.mails()[0].error is None


def test_a_server_that_hangs_costs_a_few_timeouts_and_no_more(post: Any) -> None:
    for n in range(6):
        post.person(f"p{n}")
        post.tell(f"p{n}")
    release = threading.Event()

    def hang(connection: socket.socket, lines: Any) -> None:
        lines.readline()
        connection.sendall(b"250 fine\r\n")
        release.wait(1)

    with server(hang) as url:
        report = post.round(channel_to(url, timeout=0.2))
        release.set()
    assert report.sent == 0
    assert 1 <= report.waiting <= 3
    assert all(mail.state == "queued" for mail in post.mails())


@contextmanager
def controller(**options: Any) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]

    class Accept:
        async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
            return "250 OK"

    running = Controller(Accept(), hostname="127.0.0.1", port=port, **options)
    running.start()
    try:
        yield port
    finally:
        running.stop()


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def test_starttls_with_a_certificate_that_nobody_vouches_for_sends_nothing(post: Any) -> None:
    post.tell("anna")
    with controller(tls_context=_tls()) as port:
        url = f"smtp+starttls://127.0.0.1:{port}"
        assert post.round(channel_to(url)).waiting == 1
        error = post.mails()[0].error
        assert error is not None
        assert "CERTIFICATE_VERIFY_FAILED" in error
        post.later(minutes=2)
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        assert post.round(channel_to(url, context=trusting)).sent == 1


def test_a_server_without_starttls_gets_nothing_in_clear_text(post: Any, smtp: Any) -> None:
    post.tell("anna")
    assert post.round(channel_to(smtp.url.replace("smtp://", "smtp+starttls://"))).waiting == 1
    assert smtp.box == []


@pytest.mark.parametrize(("password", "sent"), [("p@ss/ord", 1), ("wrong", 0)])
def test_signing_in_with_user_and_password(post: Any, password: str, sent: int) -> None:
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(b"planner", b"p@ss/ord")
        return AuthResult(success=right, handled=False)

    post.tell("anna")
    with controller(tls_context=_tls(), authenticator=check, auth_required=True) as port:
        url = f"smtp+starttls://planner:{quote(password, safe='')}@127.0.0.1:{port}"
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        assert post.round(channel_to(url, context=trusting)).sent == sent
    assert [mail.state for mail in post.mails()] == ["sent" if sent else "queued"]
