"""The three workplaces without a mouse: what a manager, HR and an auditor do, from the first link to logging out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support import looking, wandering
from support.keyboard import mend, press, tab_to, tick, write, write_day
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    page = context.new_page()
    page.set_viewport_size({"width": looking.NARROW, "height": 800})
    page.set_default_timeout(10_000)
    yield page
    context.close()


def come(page: Page, demo: Served, position: str, path: str) -> None:
    wandering.sign_in(page.context.request, demo, (position, 0))
    page.goto(demo.url + path)


def ensure_whole(page: Page, name: str) -> None:
    assert looking.faults(page, name) == []


def log_out(page: Page) -> None:
    press(page, "Logga ut")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Logga in")


def fetched(page: Page, link: str) -> str:
    with page.expect_download() as waiting:
        press(page, link)
    return Path(waiting.value.path()).read_text(encoding="utf-8-sig")


def test_a_manager_answers_after_an_error_and_saves_a_filter(lively: Served, page: Page) -> None:
    come(page, lively, "chef-sv", "/")
    press(page, "Lämna utbildningsbehov för 2028, senast 31 december", "Lämna utbildningsbehov")
    press(page, "Skicka in")
    mend(page, "utbildningsbehov")
    ensure_whole(page, "keyboard refused")
    press(page, "Lägg till ett utbildningsbehov")
    write(page, "f-proposals-0-training_type", "Hjärt-lungräddning")
    tick(page, "Samtliga medarbetare")
    write(page, "f-proposals-0-reason", "Lagkrav")
    tick(page, "KTC")
    tab_to(page, "Ursprung")
    page.keyboard.type("chef")
    press(page, "Skicka in", "Ditt svar är inlämnat")
    ensure_whole(page, "keyboard receipt")
    press(page, "Till inkorgen", "Min inkorg")
    press(page, "Sök och filtrera")
    write(page, "q", "utbildning")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write(page, "Spara filtret som", "Mina behov")
    press(page, "Spara filtret")
    expect(page.get_by_role("link", name="Mina behov")).to_be_visible()
    ensure_whole(page, "keyboard filter")
    log_out(page)


def test_a_shared_task_is_taken_and_released(lively: Served, page: Page) -> None:
    come(page, lively, "hr_strateg", "/")
    press(page, "Följ upp utbildningsplan 2026, senast 31 december", "Följ upp utbildningsplan 2026")
    press(page, "Ta uppgiften")
    expect(page.get_by_role("button", name="Släpp den")).to_be_visible()
    press(page, "Släpp den")
    expect(page.get_by_role("alert")).to_contain_text("Du har släppt uppgiften")


def test_hr_moves_a_day_reminds_and_fetches_a_report(lively: Served, page: Page) -> None:
    come(page, lively, "hr_strateg", "/cycles")
    press(page, "Utbildningsplan 2027", "Utbildningsplan 2027")
    press(page, "Flytta sista dagen: Berätta för medarbetarna om utbildningarna 2027", "Flytta sista dagen")
    write_day(page, "Ny sista dag", "2026-12-11")
    press(page, "Visa vad som händer")
    mend(page, "varför")
    page.keyboard.type("Intranätet byts ut")
    press(page, "Visa vad som händer")
    expect(page.get_by_role("main")).to_contain_text("Det här händer:")
    ensure_whole(page, "keyboard preview")
    press(page, "Flytta sista dagen")
    expect(page.get_by_role("main")).to_contain_text("11 december 2026")
    press(page, "Planera in utbildningarna för 2027 på enheten", "Planera in utbildningarna")
    press(page, "Påminn dem som inte har svarat", "Påminn")
    press(page, "Skicka påminnelsen", "Planera in utbildningarna")
    ensure_whole(page, "keyboard reminded")
    press(page, "Översikt", "Översikt")
    press(page, "Vart tiden går", "Vart tiden går")
    assert "Lämna utbildningsbehov" in fetched(page, "Hämta som CSV")
    log_out(page)


def test_an_auditor_searches_looks_back_asks_verifies_and_exports(lively: Served, page: Page) -> None:
    come(page, lively, "revisor", "/history")
    strategist = lively.name("hr_strateg")
    write(page, "person", strategist)
    page.keyboard.press("Enter")
    expect(page.locator(".event__said").first).to_contain_text(strategist)
    press(page, "Historik", "Historik")
    press(page, "Utbildningsplan 2027", "Historik: Utbildningsplan 2027")
    press(page, "Som det såg ut en viss dag", "som det såg ut")
    write_day(page, "Vid slutet av dagen", "2026-03-10")
    press(page, "Visa", "som det såg ut 10 mars 2026")
    ensure_whole(page, "keyboard as of")
    press(page, "Historik: Utbildningsplan 2027", "Historik: Utbildningsplan 2027")
    press(page, "Insatser och förslag, med svar på granskarens frågor", "Insatser och förslag")
    press(page, page.locator(".plain a").first.inner_text())
    expect(page.get_by_role("heading", name="Frågor och svar")).to_be_visible()
    press(page, re.sub(r"\s+", " ", page.locator(".more-links a").first.inner_text()))
    press(page, "Historik", "Historik")
    assert "definition_deployed" in fetched(page, "Hämta hela historiken (CSV)")
    press(page, "Kontrollera nu", "Historiken stämmer")
    ensure_whole(page, "keyboard verified")
    log_out(page)
