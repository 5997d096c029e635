"""HR leads the cycles from the cockpit; others do not get in."""

import io
import json
import re

import pytest
import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine import history, identity, incidents
from engine.actor import SYSTEM
from engine.operations import pausing
from engine.store.tables import activity, incident, instance, job


def open_activity(world: World, element: str) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(activity.c.id).where(activity.c.element_id == element)))


def window_of(world: World, element: str) -> str:
    with world.page() as tx:
        (saved,) = tx.rows(sa.select(instance.c.windows))
        return str(json.loads(saved.windows)["elements"][element]["closes_civil"])


def answer_as_tora(world: World) -> None:
    task = next(task for task in world.open("collection") if task.position_id == "chef-hs-1")
    world.answer(task, "tora")


PAGES = ["/cycles", "/cycles/ended", "/cycles/1", "/cycles/1/diagram", "/activities/1", "/organisation", "/start"]


MISSING = [
    "/cycles/99", "/cycles/99/diagram", "/activities/99", "/cycles/1/window/nothing", "/cycles/1/faults/9",
    "/cycles/1/events/nothing", "/definitions/9/diagram.bpmn",
]  # fmt: skip


def test_a_manager_does_not_get_into_the_cockpit(browse: Client) -> None:
    browser = browse("tora")
    for path in PAGES:
        browser.get(path)
        assert browser.status == 403, path


def test_hr_opens_every_page_of_the_cockpit(browse: Client) -> None:
    browser = browse("hr")
    for path in PAGES:
        browser.get(path)
        assert browser.status == 200, path


def test_what_does_not_exist_is_not_found(browse: Client) -> None:
    browser = browse("hr")
    for path in MISSING:
        browser.get(path)
        assert browser.status == 404, path


def test_the_overview_shows_wheel_table_and_whom_it_waits_for(browse: Client) -> None:
    page = browse("hr").get("/cycles")
    assert 'class="wheel"' in page
    assert page.count("Utbildningsplan 2028, 1 Insamling behov: pågår, 1 november – 31 december 2026") == 2
    assert "Årshjulet som tabell" in page
    assert "Påhitt" in page


def test_every_arc_of_the_wheel_has_a_row_in_the_table(browse: Client) -> None:
    page = browse("hr").get("/cycles?year=2027")
    arcs = re.findall(r'class="wheel__link" href="([^"]+)"', page)
    table = page.partition("Årshjulet som tabell")[2].partition("</table>")[0]
    assert arcs
    assert re.findall(r'<th scope="row"><a href="([^"]+)"', table) == arcs


def test_the_list_beside_the_diagram_says_what_is_under_way(browse: Client) -> None:
    page = browse("hr").get("/cycles/1/diagram")
    collection = page.partition('drawn__name">Lämna utbildningsbehov')[2].partition("</li>")[0]
    assert "Pågår" in collection
    assert 'data-active="' in page
    assert "collection" in page.partition('data-active="')[2].partition('"')[0].split()


def test_the_diagram_and_the_list_say_how_many_have_answered_and_where_something_has_failed(
    browse: Client, world: World
) -> None:
    """A fault of the diagram lies at its element, also where people do nothing; one of a job at the job's step."""
    browser, address = browse("hr"), "/cycles/1/diagram"
    total = len(world.open("collection"))
    world.answer(next(task for task in world.open("collection") if task.position_id == "chef-hs-1"), "tora")
    page = browser.get(address)
    assert f"collection=1/{total} " in page.partition('data-counts="')[2].partition('"')[0]
    assert f"1 av {total} har svarat." in page.partition('drawn__name">Lämna utbildningsbehov')[2].partition("</li>")[0]
    assert 'data-faulty=""' in page
    with world.database.verb() as tx:
        due = tx.scalar(sa.select(job.c.id).where(job.c.kind == "reminder", job.c.state == "due").limit(1))
        fault = {"message": "no answer", "now": world.now, "instance_id": 1}
        incidents.raise_incident(tx, kind="job_reminder", job_id=due, **fault)
        incidents.raise_incident(tx, kind="diagram_no_way_out", element_id="gw_review_needed", **fault)
    page = browser.get(address)
    assert set(page.partition('data-faulty="')[2].partition('"')[0].split()) == {"collection", "gw_review_needed"}
    assert "Tekniskt fel" in page.partition('drawn__name">Lämna utbildningsbehov')[2].partition("</li>")[0]
    assert "Tekniskt fel" in page.partition('drawn__name">Behövs översyn?')[2].partition("</li>")[0]


def test_only_the_diagram_page_allows_style_attributes(browse: Client) -> None:
    browser = browse("hr")
    browser.get("/cycles/1/diagram")
    assert "style-src-attr 'unsafe-inline'" in browser.headers["Content-Security-Policy"]
    browser.get("/cycles/1")
    assert "unsafe-inline" not in browser.headers["Content-Security-Policy"]


def test_the_diagram_file_is_the_deployed_one(browse: Client, world: World) -> None:
    browser = browse("revi")
    assert "bpmn:definitions" in browser.get("/definitions/1/diagram.bpmn") or "<definitions" in browser.page
    assert browser.headers["Content-Type"].startswith("application/xml")


def seen_in(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_moved_last_day_is_shown_first_and_done_when_confirmed(browse: Client, world: World) -> None:
    browser, before = browse("hr"), window_of(world, "collection")
    browser.get("/cycles/1/window/collection")
    preview = browser.post("/cycles/1/window/collection", closes="2026-12-18", reason="Många är lediga")
    assert "18 december 2026" in preview
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


def test_a_cycle_is_started_by_hand_once_after_a_look_at_what_happens(browse: Client, world: World) -> None:
    browser, asked = browse("hr"), {"key": "annual_plan", "plan_year": "2029", "reason": "Vi börjar tidigare i år"}
    browser.get("/start")
    looked = browser.post("/start", **asked)
    assert "Utbildningsplan 2029 startar nu." in looked
    assert "”Lämna utbildningsbehov för 2029” öppnar 1 november 2027, med sista dag 31 december 2027." in looked
    assert "redan passerat" not in looked
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(instance.c.plan_year == 2029)) == 0
    browser.post("/start", **asked, step="confirm")
    assert "Planåret är startat." in browser.follow()
    with world.page() as tx:
        (begun,) = history.search(tx, types=["instance_started"], narrow=history.Narrow(plan_year=2029)).events
    assert begun.body["reason"] == asked["reason"]
    browser.get("/start")
    assert "Det finns redan en för det planåret" in browser.post("/start", **asked)
    assert browser.status == 422


def test_a_start_after_the_last_day_is_told_and_confirmed_knowing_it(browse: Client) -> None:
    browser, asked = browse("hr"), {"key": "annual_plan", "plan_year": "2026", "reason": "Planen ska finnas"}
    browser.get("/start")
    looked = browser.post("/start", **asked)
    assert "delas ut genast" in looked
    assert "Sista dagen för ”Lämna utbildningsbehov för 2026” var 31 december 2024." in looked
    unseen = browser.post("/start", **asked, step="confirm")
    assert browser.status == 409
    assert "redan passerat" in unseen
    seen = re.search(r'name="seen" value="(\w+)"', looked)
    assert seen is not None
    browser.post("/start", **asked, step="confirm", seen=seen[1])
    assert "Planåret är startat." in browser.follow()


@pytest.mark.parametrize(
    ("key", "year", "said"),
    [
        ("annual_plan", "snart", "fyra siffror"),
        ("annual_plan", "1999", "fyra siffror"),
        ("annual_plan", "", "fyra siffror"),
        ("", "2030", "Välj ett av alternativen"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused_in_words(browse: Client, key: str, year: str, said: str) -> None:
    browser = browse("hr")
    browser.get("/start")
    assert said in browser.post("/start", key=key, plan_year=year, reason="Prov")
    assert browser.status == 422


def test_a_technical_fault_is_shown_and_tried_again_with_a_reason(browse: Client, world: World) -> None:
    with world.database.verb() as tx:
        fault = incidents.raise_incident(tx, kind="job_timer", message="boom", now=world.now, instance_id=1)
    browser = browse("hr")
    assert "Tekniskt fel sedan" in browser.get("/cycles/1")
    browser.get(f"/cycles/1/faults/{fault}")
    assert "Skriv vad du har gjort åt felet" in browser.post(f"/cycles/1/faults/{fault}", reason=" ")
    browser.post(f"/cycles/1/faults/{fault}", reason="Disken var full")
    assert "markerat som åtgärdat" in browser.follow()
    with world.page() as tx:
        assert tx.scalar(sa.select(incident.c.state).where(incident.c.id == fault)) == "resolved"


def test_a_value_that_the_diagram_reads_is_corrected_with_the_fault(browse: Client, world: World) -> None:
    gateway = "gw_review_needed"
    with world.database.verb() as tx:
        fault = incidents.raise_incident(
            tx, kind="diagram_no_way_out", message="no_way_out", now=world.now, instance_id=1, element_id=gateway
        )
    browser, page = browse("hr"), f"/cycles/1/faults/{fault}"
    assert "Inget av villkoren efter" in browser.get("/cycles/1")
    assert "Inget av villkoren efter" in browser.get(page)
    assert "Skriv värdet som" in browser.post(page, reason="Fel värde", variable="decided", value="kanske")
    assert browser.status == 422
    assert "Välj ett av processens värden" in browser.post(page, reason="Fel värde", variable="nej", value="true")
    browser.post(page, reason="Fel värde", variable="decided", value="true")
    assert "markerat som åtgärdat" in browser.follow()
    with world.page() as tx:
        assert tx.scalar(sa.select(instance.c.variables).where(instance.c.id == 1))["decided"] is True
    with world.page() as tx:
        assert [e.body["new"] for e in history.timeline(tx, 1, types=["variable_corrected"])] == [True]


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


def test_the_organisation_marks_what_is_vacant(browse: Client) -> None:
    page = browse("hr").get("/organisation?show=vacant")
    assert "Kulturenheten" in page
    assert "Medicinkliniken" not in page


def test_the_organisation_is_searched_by_unit_position_role_and_name(browse: Client) -> None:
    browser = browse("hr")
    for words in ("tora", "medicinkl chef", "MEDICINKLINIKEN"):
        page = browser.get(f"/organisation?q={words}")
        assert "Tora Påhitt" in page, words
        assert "Kulturenheten" not in page, words
    page = browser.get("/organisation?q=ingen+alls")
    assert "Ingen här stämmer med ”ingen alls”" in page
    assert "Rensa sökningen" in page
    assert "Ingen här stämmer" in browser.get("/organisation?show=vacant&q=tora")


def test_a_large_organisation_is_folded_by_area_and_a_larger_one_has_a_page_for_each(
    browse: Client, world: World
) -> None:
    """What is folded stands on the page; what is apart is one search away."""
    browser = browse("hr")
    assert '<details class="sheet area" open>' in browser.get("/organisation?q=tora")
    grow(world, 30)
    page = browser.get("/organisation")
    assert '<details class="sheet area">' in page
    assert "Provenhet 29" in page
    grow(world, 320)
    page = browser.get("/organisation")
    assert "Provenhet 29" not in page
    assert "Provenhet 319" in browser.get("/organisation?q=Provomr%C3%A5det")


def grow(world: World, number: int) -> None:
    units = "id,name,kind,parent\nprov,Provområdet,area,\n" + "".join(
        f"prov-{n},Provenhet {n},unit,prov\n" for n in range(number)
    )
    positions = "id,role,unit,name\n" + "".join(f"chef-prov-{n},chef,prov-{n},Chef\n" for n in range(number))
    with world.database.verb() as tx:
        files = {"units.csv": units.encode(), "positions.csv": positions.encode()}
        identity.import_csv(tx, files, by=world.person("sysa"), now=world.now)


def test_an_import_is_tried_before_it_is_written(browse: Client) -> None:
    browser = browse("sysa")
    units = "id,name,kind,parent\nny-1,Nya enheten,unit,hs\n"
    for button, status, there in (("try", 200, False), ("write", 302, True)):
        browser.get("/organisation/import")
        browser.post("/organisation/import", **{"units.csv": (io.BytesIO(units.encode()), "units.csv"), "do": button})
        assert browser.status == status
        assert ("Nya enheten" in browser.get("/organisation")) is there


def test_a_file_that_cannot_be_read_is_refused_with_its_line(browse: Client) -> None:
    browser = browse("sysa")
    browser.get("/organisation/import")
    broken = io.BytesIO(b"id,name,kind,parent\nx,Enhet,unit,finns-inte\n")
    page = browser.post("/organisation/import", **{"units.csv": (broken, "units.csv"), "do": "write"})
    assert browser.status == 422
    assert "units.csv, rad 2, kolumn parent: det finns inget med det id:t" in page
