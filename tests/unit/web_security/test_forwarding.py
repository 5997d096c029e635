"""Behind reverse proxies each asker has an address of their own; nobody can invent one."""

import pytest
from support.world import World

from engine import access_log
from web import WebConfig, create_app
from web.forwarding import Trusted, parse

PROXY, INNER = "10.0.0.7", "10.1.2.3"


@pytest.mark.parametrize(
    ("setting", "peer", "header", "seen"),
    [
        ("", PROXY, "203.0.113.9", PROXY),
        ("1", PROXY, "203.0.113.9", "203.0.113.9"),
        ("1", PROXY, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("2", PROXY, "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("2", PROXY, "203.0.113.9", PROXY),
        ("1", PROXY, "not an address", PROXY),
        ("1", PROXY, "203.0.113.9:4711", "203.0.113.9"),
        ("1", PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        (PROXY, PROXY, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (PROXY, "203.0.113.9", "1.1.1.1", "203.0.113.9"),
        (f"{PROXY}, 10.1.0.0/16", PROXY, f"1.1.1.1, 203.0.113.9, {INNER}", "203.0.113.9"),
        (PROXY, PROXY, "<script>", PROXY),
    ],
)
def test_the_header_is_believed_as_far_as_the_setting_says(setting: str, peer: str, header: str, seen: str) -> None:
    trusted = parse(setting)
    assert (trusted.client(peer, header) if trusted != Trusted() else peer) == seen


@pytest.mark.parametrize("setting", ["-1", "eleven", "99", "10.0.0.0/99", "proxy.example"])
def test_what_names_no_proxies_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(setting)


def test_each_asker_behind_the_proxy_has_a_limit_and_a_line_in_the_access_log(world: World) -> None:
    config = WebConfig("a secret", sign_in_limit="2 per minute", trusted_proxies="127.0.0.1")
    app = create_app(world.database, world.clock, config)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    def ask(forwarded: str, peer: str = "127.0.0.1") -> int:
        return client.post(
            "/sign-in", data={"username": "tora", "password": "fel"}, headers={"X-Forwarded-For": forwarded},
            environ_base={"REMOTE_ADDR": peer},
        ).status_code  # fmt: skip

    assert [ask("203.0.113.1") for _ in range(3)] == [422, 422, 429]
    assert ask("203.0.113.2") == 422
    assert [ask(f"198.51.100.{n}, 203.0.113.1") for n in range(2)] == [429, 429], "a forged element changes nothing"
    assert [ask(f"203.0.113.{n}", peer="192.0.2.7") for n in range(3)] == [422, 422, 429], "no proxy of ours"
    with world.database.page() as tx:
        kept = {(e.address, e.outcome) for e in access_log.search(tx).entries if e.action == "sign_in"}
    assert {("203.0.113.1", "422"), ("203.0.113.1", "429"), ("192.0.2.7", "429")} <= kept
