"""The auditor's room over the history of a region with 5,000 open tasks: search, look back, ask, verify, take along."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.visitor import Visitor

from engine.history import verifier

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUDITOR = "revisor"


def search(who: Visitor, **fields: str) -> None:
    """Write in the fields with those labels, in the order given, on a page that nothing has been asked of, and look."""
    expect(who.page.locator("details.filters:not([open])")).to_be_visible()
    who.page.locator("summary", has_text="Sök och filtrera").click()
    for label, text in fields.items():
        field = who.page.locator(f"#{label}")
        if not field.is_visible():
            who.page.locator("summary", has_text="Fler villkor").click()
        if label in ("process", "role"):
            field.select_option(label=text)
        else:
            field.fill(text)
    who.page.locator("form:has(#person)").get_by_role("button", name="Visa", exact=True).click()


def test_the_history_is_searched_by_person_role_unit_task_and_time(who: Visitor) -> None:
    who.come(AUDITOR, "/history")
    who.look("large history")
    strategist = who.demo.name("hr_strateg")
    search(who, person=strategist)
    said = who.page.locator(".event__said")
    expect(said.filter(has_text=strategist).first).to_be_visible()
    who.go("/history")
    search(who, unit="Hemsjukvården, enhet 2", year="2028", task="utbildningsbehov", since="2026-11-01")
    expect(said.first).to_be_visible()
    who.look("large history searched")
    who.follow("Rensa")
    search(who, role="HR-strateg", process="Årlig utbildningsplanering")
    expect(said.first).to_be_visible()
    who.follow("Rensa")
    search(who, person="Ingen som finns")
    who.look("large history nobody")


def test_a_cycle_is_read_as_it_stood_and_its_questions_are_answered(who: Visitor) -> None:
    who.come(AUDITOR, "/history")
    who.follow("Utbildningsplan 2027", "Historik: Utbildningsplan 2027")
    who.look("large timeline")
    who.follow("Som det såg ut en viss dag", "som det såg ut")
    who.write("Vid slutet av dagen", "2026-03-10")
    who.page.get_by_label("Det som då stod i historiken").check()
    who.press("Visa")
    who.heads("som det såg ut 10 mars 2026")
    who.look("large as of")
    who.go("/history/2/items")
    who.page.locator(".plain a").first.click()
    expect(who.page.get_by_role("heading", name="Frågor och svar")).to_be_visible()
    who.look("large item")
    who.go("/history/2")
    who.follow("Vad som hände mot riktlinjen", "Mot riktlinjen: Utbildningsplan 2027")
    who.look("large departures")
    assert "Paragraf" in who.fetch("Hämta som CSV").decode("utf-8-sig")


def test_the_chain_is_verified_and_taken_along_in_every_form(who: Visitor, tmp_path: Path) -> None:
    who.page.set_default_timeout(60_000)
    who.come(AUDITOR, "/history")
    assert who.fetch("Hämta hela historiken (NDJSON)").count(b"\n") > 20_000
    assert "definition_deployed" in who.fetch("Hämta hela historiken (CSV)").decode("utf-8-sig")
    assert b"<trace>" in who.fetch("Hämta för processanalys (XES)")
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(who.fetch("Hämta signerat granskningspaket"))
    command = [sys.executable, verifier.__file__, str(bundle)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    who.press("Kontrollera nu")
    expect(who.page.get_by_role("heading", name="Historiken stämmer")).to_be_visible(timeout=60_000)
    who.look("large verified")
