"""The form that every manager meets: said once, begun with a capital letter, and nothing gone after a mistake."""

import re

from support.browsing import Client
from support.world import World

from engine import inbox

WARNING = "Skriv inget om patienter eller enskilda medarbetare."


def form_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_need_is_called_a_need_and_the_warning_stands_once(browse: Client, collecting: World) -> None:
    task = collecting.open_of("collection", "chef-hs-1")
    tora = browse("tora")
    tora.get(f"/tasks/{task.id}")
    page = form_of(tora.post(f"/tasks/{task.id}", **{"_add:proposals": "1"}))
    assert page.count(WARNING) == 1
    assert re.search(r'row-box__legend"[^>]*>Behov 1<', page)
    labels = [
        re.sub(r"<[^>]+>", "", label).strip() for label in re.findall(r"<label[^>]*>(.*?)</label>", page, re.DOTALL)
    ]
    assert {"Barn (valfritt)", "Samtliga medarbetare", "KTC", "Köp av tjänst"} <= set(labels)
    assert [label for label in labels if label[:1].islower()] == []


def test_what_happens_next_stands_there_after_a_mistake_and_the_need_is_named_in_it(
    browse: Client, collecting: World
) -> None:
    task = collecting.open_of("collection", "chef-hs-1")
    tora = browse("tora")
    tora.get(f"/tasks/{task.id}")
    page = tora.post(f"/tasks/{task.id}", **{"proposals.0.reason": "Lagkrav"}, _submit="1")
    assert tora.status == 422
    assert "Det här händer sedan" in page
    assert re.search(r">Behov 1: Skriv vilken utbildningsinsats du föreslår<", page)


def test_in_english_too(browse: Client, collecting: World) -> None:
    task = collecting.open_of("collection", "chef-hs-1")
    tora = browse("tora")
    tora.get(f"/tasks/{task.id}")
    tora.post("/language/en")
    tora.get(f"/tasks/{task.id}")
    page = form_of(tora.post(f"/tasks/{task.id}", **{"_add:proposals": "1"}))
    assert re.search(r'row-box__legend"[^>]*>Need 1<', page)
    assert "All employees within health care" in page
    assert page.count("Write nothing about patients or individual employees.") == 1
    tora.post("/language/sv")


def test_what_can_still_be_changed_is_not_told_again_as_lately_done(browse: Client, collecting: World) -> None:
    collecting.answer(collecting.open_of("collection", "chef-st-1"), "sten", {"no_needs": True})
    with collecting.page() as tx:
        sten = collecting.person("sten")
        found = inbox.inbox(tx, sten, collecting.now)
    assert [entry.title.sv for entry in found.answered] == ["Lämna utbildningsbehov för 2028"]
    assert found.done == []
    collecting.go_to("2027-01-04")
    with collecting.page() as tx:
        later = inbox.inbox(tx, sten, collecting.now)
    assert later.answered == []
    assert [entry.title.sv for entry in later.done] == ["Lämna utbildningsbehov för 2028"]
