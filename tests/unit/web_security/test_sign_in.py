"""Guessing names and passwords, and what is kept of the attempts."""

import pytest
from flask import Flask
from support.browsing import PASSWORD, Client, pages
from support.world import World

from engine import access_log


def newest(world: World, action: str) -> list[tuple[str | None, str, str | None]]:
    with world.database.page() as tx:
        return [(e.person_id, e.outcome, e.address) for e in access_log.search(tx).entries if e.action == action]


def test_an_account_that_must_wait_sounds_like_a_name_that_nobody_has(browse: Client) -> None:
    browser = browse()
    pages = {}
    for name in ("rut", "ingen"):
        for _ in range(7):
            browser.get("/sign-in")
            browser.post("/sign-in", username=name, password="fel lösenord")
        assert browser.status == 422
        pages[name] = browser.page.partition("govuk-error-message")[2].partition("</p>")[0]
    assert pages["rut"] == pages["ingen"]
    assert "vänta en minut" in pages["rut"]


def test_attempts_to_sign_in_are_in_the_access_log_without_what_was_typed(browse: Client, world: World) -> None:
    browse("hr")
    browser = browse()
    browser.post("/sign-in", username="hr", password="fel lösenord")
    browser.get("/sign-in")
    browser.post("/sign-in", username=PASSWORD, password="x")
    kept = newest(world, "sign_in")
    assert {("hr", "200", "127.0.0.1"), ("hr", "422", "127.0.0.1"), (None, "422", "127.0.0.1")} <= set(kept)
    with world.database.page() as tx:
        assert PASSWORD not in str(access_log.search(tx).entries)


def test_a_sign_in_that_must_wait_is_in_the_access_log(browse: Client, world: World) -> None:
    browser = browse()
    for _ in range(6):
        browser.get("/sign-in")
        browser.post("/sign-in", username="rut", password="fel lösenord")
    assert ("rut", "429", "127.0.0.1") in newest(world, "sign_in")


def test_one_person_cannot_fill_the_access_log(world: World) -> None:
    with world.database.verb() as tx:
        kept = [access_log.note(tx, "tora", "GET", f"/tasks/{n}", "404") for n in range(access_log.MOST_PER + 20)]
        assert access_log.note(tx, "rut", "GET", "/tasks/1", "404"), "nobody else is silenced"
    assert sum(kept) <= access_log.MOST_PER
    assert not any(kept[-20:])


def test_no_environment_turns_debugging_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app: Flask = pages(world)
    assert not app.debug
