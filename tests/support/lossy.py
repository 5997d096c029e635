"""A wire to PostgreSQL that hangs up after it has carried a COMMIT there and before it carries the reply back."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import sqlalchemy as sa


class Wire:
    """`url` is the server's, through the wire. `lost` counts the replies that it kept."""

    def __init__(self, url: str, rng: random.Random, often: float) -> None:
        given = sa.make_url(url)
        self.socket = f"{given.query['host']}/.s.PGSQL.{given.port or 5432}"
        self.listener = socket.create_server(("127.0.0.1", 0))
        there = given.set(host="127.0.0.1", port=self.listener.getsockname()[1]).difference_update_query(["host"])
        self.url = there.render_as_string(hide_password=False)
        self.rng = rng
        self.often = often
        self.lost = 0
        self._lock = threading.Lock()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.socket)
        doomed = threading.Event()

        def there(data: bytes) -> None:
            if b"COMMIT" in data and self._loses():
                doomed.set()
            server.sendall(data)

        def back(data: bytes) -> None:
            if doomed.is_set():
                raise ConnectionResetError
            client.sendall(data)

        answers = threading.Thread(target=_pump, args=(server, back, client), daemon=True)
        answers.start()
        _pump(client, there, server)
        answers.join()
        client.close()
        server.close()

    def _loses(self) -> bool:
        with self._lock:
            loses = self.rng.random() < self.often
            self.lost += loses
            return loses


def _pump(source: socket.socket, give: Callable[[bytes], None], other: socket.socket) -> None:
    """Until one side ends; then both do."""
    with suppress(OSError):
        while data := source.recv(65536):
            give(data)
    for each in (source, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(url: str, rng: random.Random, often: float) -> Iterator[Wire]:
    """`often`: the share of COMMITs whose reply is lost."""
    made = Wire(url, rng, often)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.listener.shutdown(socket.SHUT_RDWR)
        made.listener.close()
        thread.join()
