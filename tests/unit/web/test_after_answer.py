"""What is told after an answer, what two people on one task see of each other, and what closed without an answer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from support import stages
from support.browsing import accounts_for, pages, sign_in
from support.stages import in_november
from support.world import World

PEOPLE = ("tora", "rut", "hr", "hans", "vera", "hilda", "sten", "folke", "rune")
TYPED = {
    "proposals.0.training_type": "Skrivet av den som var långsammare",
    "proposals.0.target_group": "all_managers",
    "proposals.0.reason": "Lagkrav",
    "proposals.0.trainer": "ktc",
    "proposals.0.contact_person": "Någon",
    "proposals.0.origin": "chef",
    "_shown": "proposals",
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: the collection for 2028 with its question; Hilda and Vera share a position."""
    folder: Path = tmp_path_factory.mktemp("after")
    world = World(f"sqlite:///{folder / 'web.db'}", today="2025-11-03")
    world.start(2027)
    world.go_to("2026-11-02")
    world.start(2028)
    world.go_to("2026-11-22")
    world.hold("chef-hs-4", "vera")
    accounts_for(world, *PEOPLE)
    yield world
    world.close()


@pytest.fixture
def app(year: World) -> Flask:
    return pages(year)


def task(world: World, unit: str, element: str = "collection") -> Any:
    return next(t for t in world.tasks(element, 2028) if t.unit_id == unit)


def test_the_receipt_tells_what_was_handed_in_and_what_follows_to_this_reader(app: Flask, year: World) -> None:
    number = task(year, "ru-1").id
    year.answer(task(year, "ru-1"), "rune", stages.needs("Brandskydd", "Palliativ vård"))
    page = sign_in(app, "rune").get(f"/tasks/{number}/receipt")
    assert "Det här lämnade du in" in page
    assert "Brandskydd" in page
    assert f'href="/tasks/{number}">Läs hela svaret' in page
    assert "har kvar att svara, senast 31 december." in page
    assert "Sedan kommer steget Sammanställning, som görs av" in page
    assert "Du behöver inte göra något mer med den här uppgiften." in page
    assert "Sammanställ utbildningsförslagen" not in page, "an order addressed to someone else"


def test_the_next_step_is_told_to_who_takes_part_in_it(app: Flask, year: World) -> None:
    number = task(year, "ru-1").id
    page = sign_in(app, "hr").get(f"/tasks/{number}")
    assert "<h1" in page
    with year.page() as tx:
        from engine import task_page

        ahead = task_page.task_page(tx, number, year.person("hr"), year.now).ahead
    assert [(step.name.sv, step.mine) for step in ahead.steps] == [("Sammanställning", True)]


def test_a_receipt_is_the_same_in_another_session_and_names_all_units_answered_at_once(app: Flask, year: World) -> None:
    tora = sign_in(app, "tora")
    where = f"/steps/{year.instance(2028).id}/collection/quick"
    tora.get(where)
    tora.post(where, _task=re.findall(r'name="_task" value="(\d+)"', tora.page))
    receipt = tora.location
    for browser in (tora, sign_in(app, "tora")):
        page = browser.get(receipt)
        assert "Medicinkliniken; Kirurgkliniken; Akutmottagningen" in page


def test_the_quick_answer_changes_no_answer_that_was_given_since_its_page_was_shown(app: Flask, year: World) -> None:
    folke, row = sign_in(app, "folke"), task(year, "fo-1")
    folke.get(f"/tasks/{row.id}/quick")
    year.answer(row, "folke", stages.needs("Hygien"))
    page = folke.post(f"/tasks/{row.id}/quick")
    assert (folke.status, "Uppgiften är redan besvarad" in page) == (409, True)
    assert "no_needs" not in {name for name, value in task(year, "fo-1").answer.items() if value is True}


def test_departures_on_the_receipt_are_read_from_the_history(app: Flask, year: World) -> None:
    from engine import effects
    from engine.rules.effects import Departure
    from engine.running import look

    row = task(year, "fo-1")
    year.answer(row, "folke", {"no_needs": True})
    folke = year.person("folke")
    with year.database.verb() as tx:
        run = look(tx, row.instance_id, by=folke, now=year.now)
        effects.depart(tx, run, row, Departure(code="x", sv="Ett noterat avsteg", en="A departure", guideline=""))
    assert "Ett noterat avsteg" in sign_in(app, "folke").get(f"/tasks/{row.id}/receipt")
    year.answer(task(year, "fo-1"), "folke", {"no_needs": True})
    assert "Ett noterat avsteg" not in sign_in(app, "folke").get(f"/tasks/{row.id}/receipt")


def test_two_people_on_one_task_both_keep_what_they_typed_and_see_the_others_answer(app: Flask, year: World) -> None:
    row = task(year, "hs-4")
    hilda, vera = sign_in(app, "hilda"), sign_in(app, "vera")
    path = f"/tasks/{row.id}"
    for browser in (hilda, vera):
        browser.get(path)
    shown = vera.page
    vera.post(path, **TYPED, _save="1")
    hilda.post(path, **{**TYPED, "proposals.0.training_type": "Snabbare"}, _submit="1")
    assert hilda.status == 302
    assert "Snabbare" in vera.get(path)
    assert "Ditt eget utkast, som inte lämnades in" in vera.page
    assert "Skrivet av den som var långsammare" in vera.page
    vera.page = shown
    page = vera.post(path, **TYPED, _submit="1")
    assert vera.status == 409
    assert "Uppgiften har ändrats av Hilda Påhitt" in page
    assert "Så ser svaret ut nu" in page
    assert "Snabbare" in page
    assert "Det du skrev är sparat som ditt utkast." in page
    (link,) = re.findall(r'href="([^"]+)">Fortsätt med det du skrev', page)
    assert 'value="Skrivet av den som var långsammare"' in vera.get(link)
    vera.post(path, **TYPED, _submit="1")
    assert vera.status == 302
    hilda.get(path)
    assert "Skrivet av den som var långsammare" in hilda.page


def test_ones_own_two_windows_ask_which_is_to_count_and_lose_neither(app: Flask, year: World) -> None:
    hans = sign_in(app, "hans")
    path = f"/tasks/{task(year, 'hs').id}"
    hans.get(path)
    shown = hans.page
    hans.post(path, **{**TYPED, "proposals.0.training_type": "Ena fönstret"}, _save="1")
    hans.get(path)
    hans.post(path, **{**TYPED, "proposals.0.training_type": "Ena igen"}, _save="1")
    hans.page = shown.replace('name="_version" value="0"', 'name="_version" value="1"')
    page = hans.post(path, **{**TYPED, "proposals.0.training_type": "Andra fönstret"}, _save="1")
    assert hans.status == 409
    assert "Du har sparat uppgiften i ett annat fönster" in page
    assert "Det du skrev här är inte sparat än." in page
    fields = dict(re.findall(r'<input type="hidden" name="((?:proposals|_shown)[^"]*)" value="([^"]*)"', page))
    assert fields["proposals.0.training_type"] == "Andra fönstret"
    hans.post(path, **fields, _save="1")
    assert hans.status == 302
    assert "Andra fönstret" in hans.get(path)


def test_a_draft_of_ones_own_beside_anothers_answer_can_be_thrown_away(app: Flask, year: World) -> None:
    row = task(year, "hs-4", "follow_up_question")
    year.draft(row, "vera", {"follow_up_answer": "Veras tankar"})
    year.answer(row, "hilda", {"follow_up_answer": "Hildas svar"})
    vera = sign_in(app, "vera")
    page = vera.get(f"/tasks/{row.id}")
    assert "Hildas svar" in page
    assert "Veras tankar" in page
    vera.post(f"/tasks/{row.id}/draft/discard")
    assert "Utkastet är borttaget." in vera.follow()
    assert "Veras tankar" not in vera.page


def test_an_answer_is_copied_to_the_drafts_of_ones_other_units_and_sent_for_none(app: Flask, year: World) -> None:
    first, second, third = (task(year, unit, "follow_up_question") for unit in ("hs-1", "hs-2", "hs-3"))
    year.draft(third, "tora", {"follow_up_answer": "Akutens eget"})
    tora = sign_in(app, "tora")
    tora.get(f"/tasks/{first.id}")
    assert "Kopiera till mina andra enheters utkast" in tora.page
    tora.post(f"/tasks/{first.id}", follow_up_answer="", _shown="follow_up_answer", _copy="1")
    assert "Skriv något först: det finns inget att kopiera än." in tora.follow()
    assert "Inget sparat än" in tora.get(f"/tasks/{second.id}")
    tora.get(f"/tasks/{first.id}")
    tora.post(f"/tasks/{first.id}", follow_up_answer="Samma för alla", _shown="follow_up_answer", _copy="1")
    page = tora.follow()
    assert "Svaret är kopierat som utkast till Kirurgkliniken. Inget är inskickat än." in page
    assert "Har redan ett utkast och är som förut: Akutmottagningen." in page
    assert "Samma för alla" in tora.get(f"/tasks/{second.id}")
    assert "Akutens eget" in tora.get(f"/tasks/{third.id}")
    assert {task(year, unit, "follow_up_question").state for unit in ("hs-1", "hs-2", "hs-3")} == {"open"}
    collecting = task(year, "st-1")
    sten = sign_in(app, "sten")
    assert "Kopiera till mina andra" not in sten.get(f"/tasks/{collecting.id}")


@pytest.mark.parametrize(("day", "shown"), [("2027-01-02", True), ("2027-01-29", True), ("2027-02-03", False)])
def test_what_closed_without_an_answer_is_shown_for_thirty_days(tmp_path: Path, day: str, shown: bool) -> None:
    world = in_november(f"sqlite:///{tmp_path / 'w.db'}")
    accounts_for(world, "tora")
    world.draft(task(world, "hs-1"), "tora", {"proposals": [{"training_type": "Halvfärdigt"}]})
    world.answer(task(world, "hs-2"), "tora", {"no_needs": True})
    world.go_to(day)
    page = sign_in(pages(world), "tora").get("/")
    world.close()
    part = page.partition('id="missed"')[2].partition("</section>")[0]
    assert ("Medicinkliniken" in part) is shown
    assert ("Ditt utkast finns kvar" in part) is shown
    assert "Kirurgkliniken" not in part
