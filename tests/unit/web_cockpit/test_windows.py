"""A step's last day is moved after a look at what that does, with a reason."""

import json

import pytest
import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine.store.tables import instance


def window_of(world: World, element: str) -> str:
    with world.page() as tx:
        (saved,) = tx.rows(sa.select(instance.c.windows))
        return str(json.loads(saved.windows)["elements"][element]["closes_civil"])


def seen_in(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_moved_last_day_is_shown_first_and_done_when_confirmed(browse: Client, world: World) -> None:
    browser, before = browse("hr"), window_of(world, "collection")
    assert "Nu gäller torsdag 31 december 2026." in browser.get("/cycles/1/window/collection")
    preview = browser.post("/cycles/1/window/collection", closes="2026-12-18", reason="Många är lediga")
    assert "flyttas från torsdag 31 december 2026 till fredag 18 december 2026." in preview
    assert "<dd>fredag 18 december 2026</dd>" in preview
    assert "öppna uppgifter får den nya sista dagen" in preview
    assert "krockar" not in preview
    assert window_of(world, "collection") == before
    browser.post("/cycles/1/window/collection", closes="2026-12-18", reason="Många är lediga", step="confirm")
    assert browser.status == 302
    assert window_of(world, "collection").startswith("2026-12-18")
    assert "Många är lediga" in browser.get("/history/1")


def test_a_day_that_clashes_with_later_steps_is_moved_only_by_whoever_has_seen_them(
    browse: Client, world: World
) -> None:
    browser, before = browse("hr"), window_of(world, "collection")
    address, asked = "/cycles/1/window/collection", {"closes": "2027-01-08", "reason": "Många är sjuka"}
    browser.get(address)
    browser.post(address, **asked, step="confirm")
    assert browser.status == 409
    preview = browser.page
    assert "Det här krockar med den nya dagen" in preview
    assert "öppnar 1 januari 2027, men kan få vänta till efter 8 januari 2027" in preview
    browser.post(address, **{**asked, "closes": "2027-02-20"}, step="confirm", seen=seen_in(preview))
    assert browser.status == 409
    assert "Något har ändrats sedan du tittade" in browser.page
    assert window_of(world, "collection") == before
    browser.post(address, **asked, step="confirm", seen=seen_in(preview))
    assert browser.status == 302
    assert window_of(world, "collection").startswith("2027-01-08")


def test_what_was_typed_is_there_when_the_day_is_thought_over_again(browse: Client) -> None:
    browser = browse("hr")
    browser.get("/cycles/1/window/collection")
    browser.post("/cycles/1/window/collection", closes="2027-01-08", reason="Många är sjuka")
    page = browser.post("/cycles/1/window/collection", closes="2027-01-08", reason="Många är sjuka", step="change")
    assert 'value="2027-01-08"' in page
    assert "Många är sjuka</textarea>" in page
    assert "Visa vad som händer" in page


@pytest.mark.parametrize(
    ("closes", "reason", "said"),
    [
        ("", "skäl", "Skriv dagen som år, månad och dag"),
        ("i morgon", "skäl", "Skriv dagen som år, månad och dag"),
        ("2026-11-01", "skäl", "Välj en dag som inte har varit"),
        ("2026-12-31", "skäl", "Välj en annan dag"),
        ("2027-01-08", "", "Skriv varför"),
        ("2027-01-08", "x" * 2001, "högst 2000 tecken"),
    ],
)
def test_a_window_that_cannot_be_moved_so_says_why_and_keeps_what_was_typed(
    browse: Client, world: World, closes: str, reason: str, said: str
) -> None:
    browser, before = browse("hr"), window_of(world, "collection")
    browser.get("/cycles/1/window/collection")
    page = browser.post("/cycles/1/window/collection", closes=closes, reason=reason, step="confirm")
    assert browser.status == 422
    assert said in page
    assert reason in page
    assert window_of(world, "collection") == before


def test_the_head_of_hr_looks_and_does_not_move_windows(browse: Client) -> None:
    browser = browse("hrchef")
    assert "Flytta sista dagen" not in browser.get("/cycles/1")
    browser.get("/cycles/1/window/collection")
    assert browser.status == 403
