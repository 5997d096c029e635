"""Headers, cookies, sign-in and sign-out."""

import re

import pytest
from flask import Flask
from support.browsing import PASSWORD, Client
from support.world import World

from engine import accounts
from web import WebConfig, create_app
from web.redirects import safe_path


def test_every_page_forbids_foreign_content_and_framing(browse: Client) -> None:
    browser = browse("tora")
    browser.get("/")
    policy = browser.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert browser.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.headers["Cache-Control"] == "no-store"


def test_the_nonce_is_new_for_each_page_and_is_the_scripts_own(browse: Client) -> None:
    browser = browse()
    nonces = set()
    for _ in range(2):
        page = browser.get("/sign-in")
        (nonce,) = re.findall(r'nonce="([^"]+)"', page)
        assert f"'nonce-{nonce}'" in browser.headers["Content-Security-Policy"]
        nonces.add(nonce)
    assert len(nonces) == 2


def test_behind_https_cookies_are_bound_to_the_host(collecting: World) -> None:
    config = WebConfig("a secret of the tests", public_url="https://plan.example")
    client = create_app(collecting.database, collecting.clock, config).test_client()
    answer = client.get("/sign-in", base_url="https://plan.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-arshjul=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert client.get("/sign-in", base_url="https://other.example").status_code == 400


def test_behind_https_the_language_is_bound_to_the_host_too(collecting: World) -> None:
    config = WebConfig("a secret of the tests", public_url="https://plan.example")
    app = create_app(collecting.database, collecting.clock, config)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    cookie = client.post("/language/en", base_url="https://plan.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-language=en;")
    assert "Path=/" in cookie
    assert "Secure" in cookie
    assert 'lang="en"' in client.get("/sign-in", base_url="https://plan.example").text


def test_the_language_of_who_is_signed_in_is_the_one_they_saved(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    browser.client.set_cookie("language", "en")
    assert '<html lang="sv"' in browser.get("/settings")
    browser.post("/language/en")
    assert '<html lang="en"' in browser.get("/settings")
    another = browse("tora")
    assert '<html lang="en"' in another.get("/settings")
    another.post("/settings", locale="sv", rhythm="daily")
    assert "Inställningarna är sparade" in another.follow()
    assert '<html lang="sv"' in browser.get("/settings")


def test_a_wrong_password_and_an_unknown_name_sound_the_same(browse: Client) -> None:
    pages = []
    for name in ("hans", "nobody"):
        browser = browse()
        browser.get("/sign-in")
        browser.post("/sign-in", username=name, password="fel lösenord")
        assert browser.status == 422
        pages.append(re.findall(r"stämmer inte[^<]*", browser.page))
    assert pages[0] == pages[1] != []


def test_sign_out_ends_the_session_also_for_a_copied_cookie(app: Flask, browse: Client) -> None:
    browser = browse("hans")
    browser.get("/")
    copied = browser.client.get_cookie("arshjul")
    assert copied is not None
    browser.page = browser.page.replace("<header", "<main", 1)
    browser.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("arshjul", copied.value)
    assert thief.get("/").status_code == 302


def test_a_disabled_person_is_out_on_the_next_request(browse: Client, collecting: World) -> None:
    browser = browse("hans")
    browser.get("/")
    assert browser.status == 200
    collecting.deactivate("hans")
    browser.get("/")
    assert browser.status == 302
    collecting.reactivate("hans")


def test_a_session_ends_after_an_idle_hour(app: Flask, browse: Client) -> None:
    browser = browse("tora")
    with browser.client.session_transaction() as session:
        session["seen"] -= 3601
    browser.get("/")
    assert browser.status == 302


def test_many_attempts_to_sign_in_are_slowed_down(collecting: World) -> None:
    app = create_app(collecting.database, collecting.clock, WebConfig("secret", sign_in_limit="3 per minute"))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    headers = [{"X-Forwarded-For": f"10.0.0.{n}"} for n in range(5)]  # believed by nobody
    got = [client.post("/sign-in", data={"username": "x"}, headers=h).status_code for h in headers]
    assert got == [422, 422, 422, 429, 429]


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\n/b", "", None])
def test_redirects_stay_on_the_site(app: Flask, asked: str | None) -> None:
    with app.test_request_context():
        assert safe_path(asked) == "/"
        assert safe_path("/tasks/1?change=1") == "/tasks/1?change=1"


def test_an_unexpected_error_shows_no_traceback(app: Flask, browse: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("inside")

    browser = browse("tora")
    monkeypatch.setattr("engine.inbox.inbox", broken)
    browser.get("/")
    assert browser.status == 500
    assert "inside" not in browser.page
    assert "tekniskt fel" in browser.page


def test_an_account_without_the_capability_is_refused_and_noted(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    browser.get("/tasks/999999")
    assert browser.status == 404
    assert "Sidan finns inte" in browser.page
    from engine import access_log

    with collecting.database.page() as tx:
        (newest, *_) = access_log.search(tx, limit=1).entries
    assert (newest.person_id, newest.target, newest.outcome) == ("tora", "/tasks/999999", "404")


def test_the_password_is_the_accounts_own(collecting: World) -> None:
    assert accounts.authenticate(collecting.database, "tora", PASSWORD) == "tora"
