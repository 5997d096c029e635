"""What HR and the auditor do now and then, without a mouse on a narrow screen: deploy, hand over, stop, look back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.hostile import zipped
from support.keyboard import (
    choose_next,
    come,
    ensure_whole,
    fetched,
    forget_and_mend,
    log_out,
    mend,
    press,
    send_file,
    tab_to,
    tick,
    write,
    write_day,
)
from support.newer import changed_everywhere
from support.served import Served

from arshjul.composition import WORKFLOWS
from engine import deployments

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLLECTION = "Lämna utbildningsbehov för 2028"
READ_MS = 60_000


def test_a_version_is_sent_in_refused_compared_and_deployed(lively: Served, keys: Page, tmp_path: Path) -> None:
    newer, empty = tmp_path / "ny.zip", tmp_path / "tom.bpmn"
    newer.write_bytes(zipped(changed_everywhere(deployments.read_folder(WORKFLOWS / "annual_plan"))))
    empty.touch()
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, "Processer och versioner", "Processer och versioner")
    press(keys, "Skicka in en ny version", "Skicka in en ny version")
    keys.set_default_timeout(READ_MS)
    send_file(keys, "file", empty)
    press(keys, "Kontrollera filen")
    expect(keys.locator(".govuk-error-summary")).to_be_focused(timeout=READ_MS)
    ensure_whole(keys, "empty file")
    send_file(keys, "file", newer)
    press(keys, "Kontrollera filen")
    heading = keys.get_by_role("heading", level=1)
    expect(heading).to_have_text("Ny version av Årlig utbildningsplanering", timeout=READ_MS)
    forget_and_mend(keys, "Driftsätt", "Skriv varför", "Chefernas önskemål", "är driftsatt", patience=READ_MS)
    ensure_whole(keys, "deployed")


def test_open_tasks_are_given_to_one_person(lively: Served, keys: Page) -> None:
    other = lively.name("hr_strateg", 1)
    come(keys, lively, "hr_strateg", "/assign")
    write(keys, "q", "Följ upp utbildningsplan 2026")
    keys.keyboard.press("Enter")
    expect(keys.get_by_role("link", name="Rensa sökningen")).to_be_visible()
    tick(keys, "task-1")
    press(keys, "Gå vidare med de valda", "Lämna över 1 uppgift")
    press(keys, "Visa vad som händer")
    mend(keys, "älj")
    keys.keyboard.type(other)
    write(keys, "reason", "Hon kan det här")
    press(keys, "Visa vad som händer")
    expect(keys.get_by_role("heading", name="Det här händer")).to_be_visible()
    ensure_whole(keys, "assign preview")
    press(keys, "Lämna över")
    expect(keys.get_by_role("main")).to_contain_text("Uppgifterna är överlämnade.")
    log_out(keys)


def test_a_participant_is_excused_and_added_again(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, COLLECTION, COLLECTION)
    unit = str(keys.locator(".rows--people tbody th").first.text_content())
    write(keys, "q", unit)
    keys.keyboard.press("Enter")
    expect(keys.get_by_role("link", name="Rensa sökningen")).to_be_visible()
    press(keys, " ".join(str(keys.locator(".row-more summary").first.text_content()).split()))
    press(keys, f"Behöver inte svara: {unit}", "Den här behöver inte svara")
    write(keys, "reason", "Läggs ned")
    press(keys, "Ta bort uppgiften", COLLECTION)
    press(keys, "Lägg till en som ska svara", "Lägg till en som ska svara")
    choose_next(keys, "position")
    write(keys, "reason", "Finns kvar")
    press(keys, "Visa vad som händer")
    expect(keys.get_by_role("heading", name="Det här händer")).to_be_visible()
    ensure_whole(keys, "add preview")
    press(keys, "Lägg till")
    expect(keys.get_by_role("main")).to_contain_text("Uppgiften är utdelad")


def test_a_cycle_is_paused_and_goes_on(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles/2")
    press(keys, "Pausa", "Pausa")
    forget_and_mend(keys, "Pausa", "varför", "Omorganisation", "är pausad")
    ensure_whole(keys, "paused")
    press(keys, "Återuppta", "Återuppta")
    write(keys, "reason", "Den är klar")
    press(keys, "Återuppta")
    expect(keys.get_by_role("main")).to_contain_text("pågår igen")


def test_the_wheel_leads_from_its_arcs_and_its_table_unfolds(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles")
    tab_to(keys, "Årshjulet som tabell")
    keys.keyboard.press("Enter")
    expect(keys.get_by_role("table", name="Stegen under 2026")).to_be_visible()
    ensure_whole(keys, "wheel as table")
    press(keys, "9 Uppföljning 2026", "Utbildningsplan 2026")


def test_the_auditor_looks_back_in_the_other_way_and_takes_the_bundle_along(lively: Served, keys: Page) -> None:
    come(keys, lively, "revisor", "/history/2")
    press(keys, "Som det såg ut en viss dag", "som det såg ut")
    write_day(keys, "Vid slutet av dagen", "2026-03-10")
    choose_next(keys, "Det som hade hänt då, också det som skrevs senare")
    press(keys, "Visa", "som det såg ut 10 mars 2026")
    expect(keys.get_by_label("Det som då stod i historiken")).to_be_checked()
    ensure_whole(keys, "as written then")
    keys.goto(lively.url + "/history")
    assert fetched(keys, "Hämta signerat granskningspaket (zip)").startswith(b"PK")
    keys.goto(lively.url + "/history/2")
    press(keys, "Vad som hände mot riktlinjen", "Mot riktlinjen")
    assert "Paragraf" in fetched(keys, "Hämta som CSV").decode()
    log_out(keys)


def test_personal_text_is_erased_after_a_look_at_where_it_stands(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/")
    press(keys, "Följ upp utbildningsplan 2026, senast 31 december", "Följ upp")
    press(keys, "Kommentera", "Kommentarer")
    write(keys, "comment", "Ring Ottilia Påhittsdotter")
    press(keys, "Spara kommentaren")
    expect(keys.get_by_role("main")).to_contain_text("Ottilia Påhittsdotter")
    keys.goto(lively.url + "/erasures")
    press(keys, "Visa vad som skulle gallras")
    mend(keys, "Skriv den text")
    keys.keyboard.type("Ottilia Påhittsdotter")
    write(keys, "decision", "RS/584/2026")
    press(keys, "Visa vad som skulle gallras", "Det här gallras")
    ensure_whole(keys, "erasing preview")
    tick(keys, "sure")
    press(keys, keys.get_by_role("button", name="Gallra på").inner_text())
    expect(keys.get_by_role("main")).to_contain_text("Gallrat på")
    ensure_whole(keys, "erased")
