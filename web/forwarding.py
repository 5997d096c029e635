"""Whose request it is when reverse proxies stand between: X-Forwarded-For, believed as far as the setting says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "HTTP_X_FORWARDED_FOR"
MOST_PROXIES = 10

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Trusted:
    """The proxies in front: so many of them (`hops`), or those in `networks`. Without either none is believed."""

    hops: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def client(self, peer: str, forwarded: str) -> str:
        """The address that the outermost trusted proxy saw; the peer's own when the header says nothing usable."""
        told = [part.strip() for part in forwarded.split(",")]
        return self._counted(peer, told) if self.hops else self._known(peer, told)

    def _counted(self, peer: str, told: list[str]) -> str:
        if len(told) < self.hops:
            return peer
        found = address(told[-self.hops])
        return str(found) if found is not None else peer

    def _known(self, peer: str, told: list[str]) -> str:
        """From the nearest outwards: each that is a trusted proxy is believed about who stood before it."""
        seen = peer
        for text in reversed(told):
            current, before = address(seen), address(text)
            if before is None or current is None or not any(current in network for network in self.networks):
                break
            seen = str(before)
        return seen


def parse(text: str) -> Trusted:
    """`2` is two proxies in a row; `10.0.0.7, 10.1.0.0/16` are the proxies' addresses. Raises ValueError."""
    if text.strip().isdecimal():
        hops = int(text)
        if hops > MOST_PROXIES:
            raise ValueError(text)
        return Trusted(hops=hops)
    return Trusted(networks=tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()))


def address(text: str) -> Address | None:
    """The address in a header's element, its port left out; None when it is none."""
    host = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return ip_address(host)
    except ValueError:
        return None


class Forwarded:
    """WSGI middleware: REMOTE_ADDR becomes the address of the one who asked."""

    def __init__(self, app: WSGIApplication, trusted: Trusted) -> None:
        self.app, self.trusted = app, trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer, told = environ.get("REMOTE_ADDR", ""), environ.get(HEADER, "")
        if told:
            environ["REMOTE_ADDR"] = self.trusted.client(peer, told)
        return self.app(environ, start_response)


def init_app(app: Flask, setting: str) -> None:
    trusted = parse(setting)
    if trusted != Trusted():
        inner: Callable[..., Any] = app.wsgi_app
        app.wsgi_app = Forwarded(inner, trusted)  # type: ignore[method-assign]
