"""A step's page: who has answered and who has not; what is over is short."""

import re

import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine.actor import SYSTEM
from engine.operations import pausing
from engine.store.tables import activity


def open_activity(world: World, element: str) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(activity.c.id).where(activity.c.element_id == element)))


def answer_as_tora(world: World) -> None:
    task = next(task for task in world.open("collection") if task.position_id == "chef-hs-1")
    world.answer(task, "tora")


def test_a_steps_page_begins_with_those_who_have_not_answered_folded_by_area(browse: Client, world: World) -> None:
    number = open_activity(world, "collection")
    answer_as_tora(world)
    browser = browse("hr")
    page = browser.get(f"/activities/{number}")
    assert re.findall(r'<details class="sheet area"[^>]*>', page) == ['<details class="sheet area">'] * 5
    assert "Hälso- och sjukvård" in page
    assert "Vakant, överordnad svarar" in page
    assert "Medicinkliniken" not in page
    assert 'Har inte svarat <span class="views__count">14<' in page
    assert 'Har svarat <span class="views__count">1<' in page
    assert '<details class="sheet area" open>' in browser.get(f"/activities/{number}?unfolded=1")
    assert "Besvarad 22 november 2026" in browser.get(f"/activities/{number}?show=answered")
    assert "Har inte svarat</span>" in browser.get(f"/activities/{number}?show=all")


def test_a_participant_is_found_by_unit_or_name_in_any_view(browse: Client, world: World) -> None:
    address = f"/activities/{open_activity(world, 'collection')}"
    answer_as_tora(world)
    browser = browse("hr")
    found = browser.get(f"{address}?q=KULTUR")
    assert "Kulturenheten" in found
    assert "Kirurgkliniken" not in found
    nobody = browser.get(f"{address}?show=missing&q=tora+medicin")
    assert "Ingen här stämmer med ”tora medicin”" in nobody
    assert "Visa 1 bland alla" in nobody
    assert "Medicinkliniken" in browser.get(f"{address}?show=all&q=tora+medicin")
    assert len(browser.get(f"{address}/campaign.csv?show=all&q=tora+medicin").splitlines()) == 2
    assert len(browser.get(f"{address}/campaign.csv").splitlines()) == 16


def test_a_step_that_everybody_has_answered_shows_their_answers_at_once(browse: Client, world: World) -> None:
    world.go_to("2027-01-10")
    world.answer(world.task("compilation"), "hr")
    page = browse("hr").get(f"/activities/{open_activity(world, 'compilation')}")
    assert "Besvarad 10 januari 2027" in page
    assert "Har inte svarat" not in page


def test_a_finished_step_is_one_line_and_an_open_one_is_whole_with_reminding_first(
    browse: Client, world: World
) -> None:
    world.go_to("2027-01-10")
    page = browse("hr").get("/cycles/1")
    finished, _, rest = page.partition('id="step-compilation"')
    assert "Blev klar 31 december 2026, i tid" in finished
    assert "Lämna utbildningsbehov för 2028" in finished.partition('<details class="step__more">')[2]
    compiling = rest.partition("</li>\n    <li")[0]
    assert "step__more" not in compiling
    assert compiling.index("/remind") < compiling.index("/window/compilation")


def test_a_paused_plan_says_so_wherever_its_steps_are_shown(browse: Client, world: World) -> None:
    with world.database.verb() as tx:
        pausing.suspend(tx, 1, reason="Ny budget", by=SYSTEM, now=world.now)
    browser = browse("hr")
    said = "Utbildningsplan 2028 är pausad. Tills den återupptas kan ingen svara"
    for path in ("/cycles/1", "/cycles/1/diagram", f"/activities/{open_activity(world, 'collection')}"):
        assert said in browser.get(path), path
    overview = browser.get("/cycles")
    assert "Utbildningsplan 2028, 1 Insamling behov: pågår (pausad)" in overview
    assert '<span class="status status--soon">Pausad</span>' in overview
    assert "Inte aktuell" not in overview
    assert "Pausad</span>" in browser.get("/workload/tasks?role=chef")
    assert "collection" in browser.get("/cycles/1/diagram").partition('data-active="')[2].partition('"')[0].split()


def test_the_campaign_as_csv_runs_no_formula(browse: Client, world: World) -> None:
    from web import csvfile

    page = browse("hr").get(f"/activities/{open_activity(world, 'collection')}/campaign.csv")
    assert page.startswith("\ufeffUppgift;Planår;")
    assert "Vakant" not in page.splitlines()[0]
    for start in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0=x"):
        assert csvfile.cell(start).startswith("'"), start
