"""HR's cockpit in a region with 5,000 open tasks: campaigns of 1,300 managers, a process with 1,000 instances."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from support import development
from support.hostile import zipped
from support.served import TODAY, Served
from support.visitor import Visitor

from engine import incidents
from engine.store.tables import instance

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HR = "hr_strateg"
TALKS = f"/processes/{development.KEY}"
COLLECTION = "Lämna utbildningsbehov för 2028"
SCHEDULING = "Planera in utbildningarna för 2027 på enheten"
WORK_MS = 120_000
"""What jobs, rehearsals and checks of files may take on a machine that does much else."""


def confirm(who: Visitor, reason: str, button: str) -> None:
    """Say why, see what will happen, do it."""
    who.write("Varför?", reason)
    who.press("Visa vad som händer")
    who.reads("Det här händer:")
    who.press(button)


def change(who: Visitor, unit: str, what: str) -> None:
    """Find the unit in the campaign and go to what is to be changed about its task."""
    who.write("Sök enhet eller namn", unit)
    who.press("Sök")
    row = who.page.get_by_role("row", name=unit).first
    row.locator("summary").click()
    row.get_by_role("link", name=what).click()


def test_the_wheel_leads_to_the_cycle_and_its_late_step(who: Visitor) -> None:
    who.come(HR, "/cycles")
    wheel = who.page.get_by_role("img", name=re.compile("Årshjul 2026")).or_(who.page.locator("svg[aria-labelledby]"))
    expect(wheel.first).to_be_visible()
    who.page.locator("summary", has_text="Årshjulet som tabell").click()
    expect(who.page.get_by_role("table", name="Stegen under 2026").get_by_role("row")).to_have_count(10)
    who.reads("sena uppgifter")
    who.look("large overview")
    who.follow("7 Direktiv till verksamhet", "Utbildningsplan 2027")
    who.look("large cycle")


def test_a_campaign_of_thousands_is_read_by_area_reminded_and_changed(who: Visitor) -> None:
    who.come(HR, "/cycles")
    who.follow(COLLECTION, COLLECTION)
    who.look("large campaign")
    assert len(who.fetch("Hämta som CSV").splitlines()) > 1_300
    who.follow("Nära vård", COLLECTION)
    expect(who.page.get_by_role("table", name="Nära vård").get_by_role("row")).to_have_count(274)
    who.look("large campaign area")
    change(who, "Hemsjukvården, enhet 20", "Behöver inte svara")
    who.write("Varför?", "Enheten läggs ned")
    who.press("Ta bort uppgiften")
    who.heads(COLLECTION)
    who.follow("Lägg till en som ska svara")
    who.pick("Befattning", who.page.get_by_label("Befattning").locator("option").last.inner_text())
    confirm(who, "Den blir kvar", "Lägg till")
    who.reads("Uppgiften är utdelad")


def test_everyone_in_a_campaign_is_reminded_once_after_a_look_at_whom(who: Visitor) -> None:
    who.come(HR, "/cycles")
    who.follow(SCHEDULING, SCHEDULING)
    who.press("Påminn dem som inte har svarat")
    who.reads("Det här händer:")
    who.look("large reminding")
    who.press("Skicka påminnelsen")
    who.heads(SCHEDULING)
    who.reads("Påminda i dag kl")
    expect(who.page.get_by_role("button", name="Påminn dem som inte har svarat")).to_have_count(0)


def test_a_campaign_gets_longer_with_a_reason(who: Visitor) -> None:
    who.come(HR, "/cycles/4")
    who.follow(re.compile(f"Flytta sista dagen.*{COLLECTION}"), "Flytta sista dagen")
    who.write("Ny sista dag", "2027-01-08")
    who.page.locator("#reason").fill("Helgerna")
    who.press("Visa vad som händer")
    who.reads("Det här händer")
    who.look("large window preview")
    who.press("Flytta sista dagen")
    who.reads("8 januari 2027")


def test_the_diagram_marks_what_is_late_and_says_the_same_as_a_list(who: Visitor) -> None:
    who.come(HR, "/cycles/2/diagram")
    expect(who.page.locator("[data-bpmn]")).to_have_attribute("data-ready", re.compile(r"\d+"), timeout=20_000)
    who.reads("sena")
    expect(who.page.get_by_role("heading", name="Samma sak som lista")).to_be_visible()
    who.look("large diagram")


def test_the_work_ahead_and_where_time_goes_are_read_and_fetched(who: Visitor) -> None:
    who.come(HR, "/workload")
    who.look("large workload")
    assert "Chef" in who.fetch("Hämta som CSV").decode("utf-8-sig")
    who.follow("Visa alla som lista")
    who.look("large workload list")
    who.go("/timings")
    who.look("large timings")
    assert "Lämna utbildningsbehov" in who.fetch("Hämta som CSV").decode("utf-8-sig")


def test_a_task_changes_hands_and_day(who: Visitor, large_region: Served) -> None:
    who.come(HR, "/activities/28")
    change(who, "Kirurgkliniken, enhet 20", "Ändra sista dagen")
    who.write("Ny sista dag", "2026-12-15")
    confirm(who, "Byter tjänst", "Ändra sista dagen")
    who.heads(COLLECTION)
    change(who, "Kirurgkliniken, enhet 20", "Lämna över")
    heir = who.page.get_by_label("Vem ska göra uppgiften?").locator("option").last.inner_text()
    who.pick("Vem ska göra uppgiften?", heir)
    confirm(who, "Chefen har slutat", "Lämna över")
    who.heads(COLLECTION)


def test_hr_says_that_somebody_is_away_and_gives_their_tasks_to_the_deputy(who: Visitor) -> None:
    away, deputy = who.demo.name("chef-rs-1"), who.demo.name("chef-rs-2")
    who.come(HR, "/absence/other")
    who.take(away)
    who.press("Fortsätt")
    who.heads("Lägg in frånvaro")
    who.write("Sista dagen", "2026-12-18")
    who.take(deputy)
    who.press("Spara frånvaron")
    who.reads("Frånvaron är sparad")
    who.go("/activities/27")
    who.follow("Lämna över flera", "Lämna över flera uppgifter")
    who.write("Sök namn, enhet eller uppgift", away)
    who.press("Sök")
    expect(who.page.get_by_role("link", name="Rensa sökningen")).to_be_visible()
    who.look("large assign")
    for box in who.page.get_by_role("checkbox").all():
        box.check()
    who.press("Gå vidare med de valda")
    option = who.page.locator("#person option", has_text=deputy).first
    who.pick("Vem ska göra uppgifterna?", option.inner_text())
    confirm(who, "Hon är sjuk", "Lämna över")
    who.reads("Uppgifterna är överlämnade.")


def test_a_cycle_is_paused_resumed_and_a_small_process_cancelled(who: Visitor) -> None:
    who.come(HR, "/cycles/1")
    who.follow("Pausa", "Pausa")
    who.write("Varför?", "Omorganisation")
    who.press("Pausa")
    who.follow("Återuppta", "Återuppta")
    who.write("Varför?", "Den är klar")
    who.press("Återuppta")
    who.reads("pågår igen")
    who.go(TALKS)
    who.write("Sök", "E998")
    who.press("Sök")
    who.follow("Utvecklingssamtal E998 2026", "Utvecklingssamtal E998 2026")
    who.page.locator("details.seldom summary").click()
    who.follow("Avbryt för gott", "Avbryt")
    who.write("Varför?", "Hon slutar")
    who.press("Avbryt för gott")
    who.reads("Avbruten")


def test_what_stopped_is_tried_again_and_a_process_moved(who: Visitor, large_region: Served) -> None:
    with ThreadPoolExecutor(1) as elsewhere:  # V8 does not run in the thread of the browser's own loop
        elsewhere.submit(_stop, large_region).result()
    who.come(HR, "/cycles/1")
    who.page.get_by_role("button", name=re.compile("Försök igen")).first.click()
    who.write("Vad har du gjort åt felet?", "Rättat värdet")
    who.look("large fault")
    who.press("Försök igen")
    who.heads("Utbildningsplan 2026")
    who.go(f"{TALKS}?begins=E997")
    who.follow("Utvecklingssamtal E997 2026", "Utvecklingssamtal E997 2026")
    who.follow("Samtal med E997 2026", "Samtal med E997 2026")
    who.page.locator("details.seldom summary").click()
    who.follow("Flytta processen till en annan uppgift", "Flytta processen")
    who.pick("Flytta till", who.page.get_by_label("Flytta till").locator("option").last.inner_text())
    who.write("Sista dag för den uppgiften", "2026-12-20")
    confirm(who, "Samtalet är hållet", "Flytta processen")
    who.reads("Processen är flyttad")


def _stop(demo: Served) -> None:
    with demo.database.verb() as tx:
        first = tx.scalar(sa.select(instance.c.id).where(instance.c.plan_year == 2026, instance.c.key == "annual_plan"))
        words = {"kind": "diagram_no_way_out", "message": "BpmnError: no way out", "element_id": "gw_review_needed"}
        incidents.raise_incident(tx, **words, now=TODAY, instance_id=first)


def test_hundreds_are_started_from_a_file(who: Visitor, tmp_path: Path) -> None:
    who.come(HR, TALKS)
    who.page.locator("main a", has_text="Starta många från en fil").click()
    file = tmp_path / "nya.csv"
    rows = [f"N{number};2026;chef-nv-1;usual" for number in range(300)]
    file.write_text(
        "\r\n".join(["employee;plan_year;manager;kind", *rows, "N/1;2026;ingen;usual"]), encoding="utf-8-sig"
    )
    who.page.locator("input[type=file]").set_input_files(file)
    who.write("Varför?", "Nya medarbetare")
    who.page.locator("main form").get_by_role("button").last.click()
    who.reads("300 av 301 går att starta")
    who.look("large batch")
    who.press("Starta 300")
    finished(who, "300 av 301 är klara.")
    who.look("large batch done")
    who.go(f"{TALKS}?begins=N299")
    expect(who.page.get_by_role("link", name="Utvecklingssamtal N299 2026")).to_be_visible()


def test_a_version_is_deployed_and_all_that_run_change_to_it(who: Visitor, tmp_path: Path) -> None:
    newer = tmp_path / "ny.zip"
    newer.write_bytes(zipped(development.package(gateway=True)))
    who.come(HR, "/deployments/upload")
    who.page.get_by_label("Hela paketet som zip, eller bara diagrammet").set_input_files(newer)
    who.press("Kontrollera filen")
    expect(who.page.get_by_role("heading", level=1)).to_have_text("Ny version av Utvecklingssamtal", timeout=WORK_MS)
    who.look("large difference")
    who.write("Varför?", "Nya börjar med utvärdering")
    who.press("Driftsätt")
    expect(who.page.get_by_role("main")).to_contain_text("är driftsatt", timeout=WORK_MS)
    who.follow("Låt dem byta till den nya", "Byt version för alla som pågår")
    who.look("large migration")
    who.write("Varför?", "Alla ska följa samma")
    who.press("Se vad som ändras för var och en")
    finished(who, "kan byta version. Inget är ändrat än.")
    who.look("large migration looked at")
    who.page.get_by_role("button", name=re.compile("^Byt version för")).click()
    finished(who, "är klara.")


def finished(who: Visitor, words: str) -> None:
    """Jobs work a batch off; its page says how far they have come whenever it is asked for."""
    main = who.page.get_by_role("main")
    for _second in range(WORK_MS // 1_000):
        if words in main.inner_text() and "Visa hur långt" not in main.inner_text():
            return
        who.page.wait_for_timeout(1_000)
        who.page.reload()
    raise AssertionError(main.inner_text()[:600])


def test_a_plan_year_is_rehearsed(who: Visitor) -> None:
    who.come(HR, "/rehearsals")
    who.page.get_by_label("En påhittad region").check()
    who.write("Antal chefer i den påhittade regionen", "12")
    who.press("Repetera")
    expect(who.page.get_by_role("heading", name="Toppar")).to_be_visible(timeout=WORK_MS)
