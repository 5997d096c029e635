"""The year wheel at a secret address: no names, no session, and a frame only where it is set."""

import html
import re
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from support.browsing import Browser, Client, pages
from support.world import World

from arshjul.serving import ensure_safe
from arshjul.settings import Settings, SettingsError
from engine.store.tables import person, wheel_link
from web import embedding

INTRANET = "https://intranet.example.org"


def make(browser: Browser, label: str = "Intranätets HR-sida") -> str:
    """The path of a new address."""
    browser.get("/wheel-links")
    page = browser.post("/wheel-links", label=label)
    found = re.search(r"(/wheel/[\w-]{43})<", page)
    assert found is not None, page
    return found[1]


def test_anyone_with_the_address_sees_the_wheel_and_nobody_by_name(browse: Client, world: World) -> None:
    path = make(browse("hr"))
    anyone = browse(None)
    page = anyone.get(path)
    picture = anyone.get(path + ".svg")
    assert anyone.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    with world.page() as tx:
        names = [row.name for row in tx.rows(sa.select(person.c.name))]
    for shown in (page, picture):
        assert "1 Insamling behov: pågår, 1 november – 31 december 2026" in html.unescape(shown)
        assert [name for name in names if name in shown] == []
        assert "/cycles/" not in shown
    assert "Klar" in page or "Kommer" in page or "Pågår" in page
    ET.fromstring(picture)  # noqa: S314 (our own)


def test_it_speaks_the_language_and_shows_the_year_asked_for(browse: Client) -> None:
    path = make(browse("hr"))
    page = browse(None).get(path + "?lang=en&year=2027")
    assert '<html lang="en"' in page
    assert "2 Compilation" in page
    assert "1 Collection of needs" not in page


def test_the_address_is_shown_once_and_kept_hashed(browse: Client, world: World) -> None:
    browser = browse("hr")
    token = make(browser).rpartition("/")[2]
    assert token not in browser.get("/wheel-links")
    with world.page() as tx:
        assert token not in str(tx.rows(sa.select(wheel_link)))


def test_a_revoked_address_is_gone_and_both_stand_in_the_history(browse: Client) -> None:
    browser = browse("hr")
    path = make(browser)
    browser.get("/wheel-links")
    browser.post("/wheel-links/1/revoke")
    assert "Stängd" in browser.follow()
    anyone = browse(None)
    for end in ("", ".svg"):
        anyone.get(path + end)
        assert anyone.status == 404
    told = browse("revi").get("/history?kind=organisation")
    assert "skapade en adress till årshjulet för Intranätets HR-sida" in told
    assert "stängde adressen till årshjulet för Intranätets HR-sida" in told


@pytest.mark.parametrize(
    ("label", "said"), [("", "Skriv var årshjulet ska visas"), ("x" * 121, "högst 120 tecken"), ("a\x07", "Skriv var")]
)
def test_an_address_for_nowhere_is_refused_and_kept(browse: Client, label: str, said: str) -> None:
    browser = browse("hr")
    browser.get("/wheel-links")
    page = browser.post("/wheel-links", label=label)
    assert browser.status == 422
    assert said in page
    assert label in page


@pytest.mark.parametrize("person_id", ["hrchef", "tora", "revi", "sysa"])
def test_only_those_who_operate_make_addresses(browse: Client, person_id: str) -> None:
    browser = browse(person_id)
    browser.get("/wheel-links")
    assert browser.status == 403


def served(world: World, origins: str) -> Browser:
    return Browser(pages(world, demo=True, embed_origins=origins).test_client())


def test_a_frame_is_allowed_for_this_page_alone_on_the_sites_that_are_set(browse: Client, world: World) -> None:
    path = make(browse("hr"))
    for origins, policy, older in (("", "'none'", "DENY"), (f"{INTRANET}, https://b.example", None, None)):
        browser = served(world, origins)
        browser.get(path)
        wanted = policy or f"{INTRANET} https://b.example"
        assert f"frame-ancestors {wanted}" in browser.headers["Content-Security-Policy"]
        assert browser.headers.get("X-Frame-Options") == older
        browser.get("/sign-in")
        assert "frame-ancestors 'none'" in browser.headers["Content-Security-Policy"]
        assert browser.headers["X-Frame-Options"] == "DENY"


def test_hr_is_told_in_words_whom_to_ask_when_no_site_may_show_the_wheel(browse: Client) -> None:
    page = browse("hr").get("/wheel-links")
    assert "Be den som sköter årshjulets server" in page
    assert "ARSHJUL_" not in page


def test_the_page_sets_no_cookie(browse: Client) -> None:
    anyone = browse(None)
    anyone.get(make(browse("hr")))
    assert "Set-Cookie" not in anyone.headers


@pytest.mark.parametrize(
    "text",
    ["intranet.example.org", "http://intranet.example.org", "https://a.example/path", "*", "https://*", "'none'",
     "https://a.example; script-src *", "https://user@a.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_before_anything_is_served(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text.split(";", maxsplit=1)[0].split(maxsplit=1)[0][:6])):
        embedding.parse(text)
    with pytest.raises(SettingsError, match="ARSHJUL_EMBED_ORIGINS"):
        ensure_safe(Settings(embed_origins=text, database_url=None))


def test_origins_are_read_with_commas_or_spaces_and_each_once() -> None:
    assert embedding.parse("https://A.example/, https://b.example:8443 https://a.example") == (
        "https://a.example",
        "https://b.example:8443",
    )
    assert embedding.parse(" ") == ()
