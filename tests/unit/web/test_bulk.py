"""Several tasks at once on the pages, without JavaScript: choose, look, do, see what was done."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.browsing import Browser, accounts_for, pages, sign_in
from support.world import World

from web.tasklist import bulk


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """22 November 2026: every manager has the collection for 2028 and the question about the year before."""
    folder: Path = tmp_path_factory.mktemp("bulk")
    world = World(f"sqlite:///{folder / 'web.db'}", today="2025-11-03")
    world.start(2027)
    world.go_to("2026-11-02")
    world.start(2028)
    world.go_to("2026-11-22")
    accounts_for(world, "tora", "rut", "hr")
    yield world
    world.close()


@pytest.fixture
def app(year: World) -> Flask:
    return pages(year)


@pytest.fixture
def tora(app: Flask) -> Browser:
    return sign_in(app, "tora")


def choose(browser: Browser, title: str, **fields: object) -> str:
    """Tick the cards whose title begins so, and go on to what will happen; the address of that page."""
    page = browser.get("/?select=1")
    ticked = re.findall(
        rf'name="tasks" type="checkbox" value="([\d,]+)" form="bulk">\s*<label[^>]*><span[^>]*>Välj {title}', page
    )
    browser.post("/bulk", tasks=ticked, **fields)
    where = browser.location
    browser.follow()
    return where


def states(world: World, element: str) -> set[str]:
    return {t.state for t in world.tasks(element, 2028) if t.unit_id in ("hs-1", "hs-2", "hs-3")}


def test_without_anything_chosen_the_inbox_says_so_and_keeps_the_filter(tora: Browser) -> None:
    tora.get("/?select=1&q=klinik")
    tora.post("/bulk", do="claim", q="klinik")
    assert "q=klinik" in tora.location
    page = tora.follow()
    assert "Kryssa för minst en uppgift." in page
    assert 'value="claim" checked' in page
    tora.post("/bulk", scope="all")
    page = tora.follow()
    assert "Välj vad du vill göra med uppgifterna." in page
    assert 'value="all" checked' in page


def test_ticks_are_kept_when_what_to_do_was_forgotten(tora: Browser) -> None:
    page = tora.get("/?select=1")
    ticked, other, *_rest = re.findall(r'name="page" value="([\d,]+)"', page)
    tora.post("/bulk", scope="chosen", tasks=[ticked])
    page = tora.follow()
    assert re.search(rf'value="{ticked}" form="bulk" checked', page)
    assert not re.search(rf'value="{other}" form="bulk" checked', page)


def test_tasks_are_taken_and_released_from_what_the_filter_finds(tora: Browser, year: World) -> None:
    tora.get("/?select=1&q=kirurg")
    tora.post("/bulk", do="claim", scope="all", q="kirurg")
    where = tora.location
    page = tora.follow()
    assert "Kirurgkliniken" in page
    assert "Akutmottagningen" not in page
    tora.post(where)
    page = tora.follow()
    assert "uppgifter är klara." in page
    tora.get("/?select=1")
    assert f'href="{where}"' in tora.page
    pages = re.findall(r'name="page" value="([\d,]+)"', tora.page)
    tora.post("/bulk", do="release", scope="page", page=pages)
    where = tora.location
    page = tora.follow()
    assert "De här lämnas som de är" in page
    assert "Ingen har tagit den." in page
    tora.post(where)
    assert "Gick inte" in tora.follow()
    assert {t.assignee_id for t in year.open("collection", 2028)} == {None}


def test_one_common_answer_is_given_where_the_form_allows_and_refused_with_the_field_named(
    tora: Browser, year: World
) -> None:
    where = choose(tora, "Svara på hur", do="answer")
    page = tora.page
    assert "Lämna svaret för 3 uppgifter" in page
    assert '<textarea class="govuk-textarea' in page
    page = tora.post(where, follow_up_answer="x" * 10_001, _shown=["follow_up_answer"])
    assert tora.status == 422
    assert 'href="#f-follow_up_answer"' in page
    assert "x" * 10_001 in page
    assert states(year, "follow_up_question") == {"open"}
    tora.post(where, follow_up_answer="Planeringen kom i god tid.", _shown=["follow_up_answer"])
    page = tora.follow()
    assert "3 uppgifter är klara." in page
    assert states(year, "follow_up_question") == {"completed"}
    given = [t.answer["follow_up_answer"] for t in year.tasks("follow_up_question", 2028) if t.state == "completed"]
    assert given == ["Planeringen kom i god tid."] * 3
    shown = len(year.events("task_completed", 2028))
    tora.get("/?select=1")
    tora.post(where, follow_up_answer="En gång till", _shown=["follow_up_answer"])
    assert (tora.status, tora.location) == (302, where)
    assert len(year.events("task_completed", 2028)) == shown


def test_an_answer_with_one_button_is_given_alike_and_only_one_step_at_a_time(tora: Browser, year: World) -> None:
    where = choose(tora, "(?:Lämna utb|Sammanst|Svara)", do="answer", scope="all")
    assert "Inga övergripande behov i år" in tora.page
    tora.post(where)
    assert "är klara." in tora.follow()
    assert states(year, "collection") == {"completed"}


def test_tasks_are_handed_over_together_with_a_reason_and_the_search_keeps_what_was_typed(
    app: Flask, year: World
) -> None:
    rut = sign_in(app, "rut")
    where = choose(rut, "Svara på hur", do="hand_over")
    page = rut.post(where, reason="")
    assert rut.status == 422
    assert "Skriv varför du lämnar över uppgifterna" in page
    page = rut.post(where, person_text="tora", person="tora", reason="Semester! " * 201)
    assert (rut.status, page.count("Skriv skälet med högst 2000 tecken.")) == (422, 2)
    assert "Semester! Semester!" in page
    page = rut.post(where, person_text="tora", reason="Tora kan svaren", _search="1")
    assert rut.status == 200
    assert "Tora kan svaren" in page
    rut.post(where, person_text="tora", person="tora", reason="Tora kan svaren")
    page = rut.follow()
    assert "är klara." in page
    handed = [t for t in year.open("follow_up_question", 2028) if t.handed_by == "rut"]
    assert {t.assignee_id for t in handed} == {"tora"}
    assert {t.handed_reason for t in handed} == {"Tora kan svaren"}
    stranger = sign_in(app, "hr")
    stranger.get(where)
    assert stranger.status == 404


def test_more_than_fits_in_one_request_shows_how_far_it_has_come_and_goes_on(
    app: Flask, year: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_A_TIME", 1)
    rut = sign_in(app, "rut")
    where = choose(rut, "Lämna utb", do="claim", scope="all")
    rut.post(where)
    page = rut.follow()
    assert re.search(r"\d av \d är klara", page)
    assert "<progress" in page
    for _ in range(9):
        if "data-continue" not in page:
            break
        rut.post(f"{where}/go")
        page = rut.follow()
    assert "klar" in page
    assert "data-continue" not in page
