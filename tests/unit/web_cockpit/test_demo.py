"""The demo: be someone, move time, read the mails; nothing of it outside a demo."""

import re
from datetime import date

import pytest
from flask import Flask
from markupsafe import escape
from support.browsing import Client, pages
from support.world import World

from web.demo.mailbox import linked


def test_outside_a_demo_there_is_no_way_in_without_a_password(world: World) -> None:
    made = pages(world)
    assert not [rule.rule for rule in made.url_map.iter_rules() if "demo" in rule.endpoint]
    client = made.test_client()
    for path in ("/demo", "/demo/mailbox"):
        assert client.get(path).status_code == 404
    assert "clock-bar" not in client.get("/sign-in").get_data(as_text=True)


def test_the_sign_in_page_invites_to_pick_a_person(browse: Client) -> None:
    assert 'href="/demo"' in browse(None).get("/sign-in")


def test_people_are_grouped_by_role_and_one_click_signs_in(browse: Client) -> None:
    browser = browse(None)
    page = browser.get("/demo")
    starts, _, everyone = page.partition("Alla, efter roll")
    assert starts.index("HR-strateg") < starts.index("Tora Påhitt")
    assert "Sten Påhitt" not in starts
    assert "Sten Påhitt" in everyone
    assert not re.search(r'role-name">([^<]+)<.*person__holds">\1</span>', starts), "said once"
    browser.post("/demo/sign-in", person="tora")
    assert "Tora Påhitt" in browser.follow()


def test_nobody_becomes_someone_who_does_not_exist(browse: Client) -> None:
    browser = browse(None)
    browser.get("/demo")
    browser.post("/demo/sign-in", person="ingen")
    assert browser.status == 404


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"to": "next"}, "next"),
        ({"to": "week"}, 7),
        ({"to": "day", "day": "2026-12-24"}, date(2026, 12, 24)),
        ({"to": "play", "day": "2027-02-01"}, ("play", date(2027, 2, 1))),
    ],
)
def test_the_clock_bar_moves_time_and_comes_back_to_the_page(
    browse: Client, controls: object, fields: dict[str, str], asked: object
) -> None:
    browser = browse("hr")
    browser.get("/start")
    browser.post("/demo/clock", next="/cycles", **fields)
    assert controls.asked == [asked]  # type: ignore[attr-defined]
    assert browser.location == "/cycles"


@pytest.mark.parametrize("day", ["", "snart", "2026-11-22", "2020-01-01", "2099-01-01"])
def test_time_only_goes_forward_and_not_too_far(browse: Client, controls: object, day: str) -> None:
    browser = browse("hr")
    browser.get("/start")
    browser.post("/demo/clock", next="/cycles", to="day", day=day)
    assert controls.asked == []  # type: ignore[attr-defined]
    assert "högst fem år bort" in browser.follow()


def test_mails_are_shown_as_text_and_only_our_own_links_are_links(app: Flask) -> None:
    with app.test_request_context():
        shown = linked("Se <b>\nhttp://127.0.0.1:8000/tasks/3 och http://127.0.0.1:8000.evil.example/x")
    assert '<a class="govuk-link" href="/tasks/3">' in shown
    assert shown.count("<a ") == 1
    assert escape("<b>") in shown


def test_the_mailbox_is_empty_until_something_is_sent(browse: Client) -> None:
    assert "Inga brev än" in browse("hr").get("/demo/mailbox")
