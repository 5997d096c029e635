"""The three workplaces without a mouse: what a manager, HR and an auditor do, from the first link to logging out."""

import re

import pytest
from playwright.sync_api import Page, expect
from support.keyboard import (
    come,
    ensure_whole,
    fetched,
    forget_and_mend,
    log_out,
    mend,
    press,
    tab_to,
    tick,
    write,
    write_day,
)
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_manager_answers_after_an_error_and_a_lost_connection_and_saves_a_filter(lively: Served, keys: Page) -> None:
    come(keys, lively, "chef-sv", "/")
    press(keys, "Lämna utbildningsbehov för 2028, senast 31 december", "Lämna utbildningsbehov")
    press(keys, "Skicka in")
    mend(keys, "utbildningsbehov")
    ensure_whole(keys, "refused")
    press(keys, "Lägg till ett utbildningsbehov")
    write(keys, "f-proposals-0-training_type", "Hjärt-lungräddning")
    tick(keys, "Samtliga medarbetare")
    write(keys, "f-proposals-0-reason", "Lagkrav")
    tick(keys, "KTC")
    tab_to(keys, "Ursprung")
    keys.keyboard.type("chef")
    keys.context.set_offline(True)
    press(keys, "Skicka in")
    expect(keys.locator("[data-save-status]")).to_contain_text("Du är inte uppkopplad")
    keys.context.set_offline(False)
    expect(keys.locator("[data-save-status]")).to_contain_text("Utkast sparat")
    press(keys, "Skicka in", "Ditt svar är inlämnat")
    ensure_whole(keys, "receipt")
    press(keys, "Till inkorgen", "Min inkorg")
    press(keys, "Sök och filtrera")
    write(keys, "q", "utbildning")
    with keys.expect_navigation():
        keys.keyboard.press("Enter")
    write(keys, "Spara filtret som", "Mina behov")
    press(keys, "Spara filtret")
    expect(keys.get_by_role("link", name="Mina behov")).to_be_visible()
    ensure_whole(keys, "filter")
    log_out(keys)


def test_a_shared_task_is_taken_and_released(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/")
    press(keys, "Följ upp utbildningsplan 2026, senast 31 december", "Följ upp utbildningsplan 2026")
    press(keys, "Ta uppgiften")
    expect(keys.get_by_role("button", name="Släpp den")).to_be_visible()
    press(keys, "Släpp den")
    expect(keys.get_by_role("alert")).to_contain_text("Du har släppt uppgiften")


def test_one_of_many_wrong_rows_opens_from_the_list_of_errors_and_has_the_focus(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/")
    press(keys, "Följ upp utbildningsplan 2026, senast 31 december", "Följ upp utbildningsplan 2026")
    row = keys.locator("details.record").nth(3)
    press(keys, "Skicka in")
    expect(keys.locator(".govuk-error-summary")).to_be_focused()
    expect(row).not_to_have_attribute("open", "")
    press(keys, keys.get_by_role("link", name="Rad 4: ").inner_text())
    expect(row).to_have_attribute("open", "")
    expect(row.locator("summary").first).to_be_focused()
    ensure_whole(keys, "many wrong rows")


def test_hr_moves_a_day_reminds_and_fetches_a_report(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, "Utbildningsplan 2027", "Utbildningsplan 2027")
    press(keys, "Flytta sista dagen: Berätta för medarbetarna om utbildningarna 2027", "Flytta sista dagen")
    write_day(keys, "Ny sista dag", "2026-12-11")
    forget_and_mend(keys, "Visa vad som händer", "varför", "Intranätet byts ut", "Det här händer:")
    ensure_whole(keys, "preview")
    press(keys, "Flytta sista dagen")
    expect(keys.get_by_role("main")).to_contain_text("11 december 2026")
    press(keys, "Planera in utbildningarna för 2027 på enheten", "Planera in utbildningarna")
    press(keys, "Påminn dem som inte har svarat", "Påminn")
    press(keys, "Skicka påminnelsen", "Planera in utbildningarna")
    ensure_whole(keys, "reminded")
    press(keys, "Översikt", "Översikt")
    press(keys, "Vart tiden går", "Vart tiden går")
    assert "Lämna utbildningsbehov" in fetched(keys, "Hämta som CSV").decode()
    log_out(keys)


def test_an_auditor_searches_looks_back_asks_verifies_and_exports(lively: Served, keys: Page) -> None:
    come(keys, lively, "revisor", "/history")
    strategist = lively.name("hr_strateg")
    press(keys, "Sök och filtrera")
    write(keys, "person", strategist)
    keys.keyboard.press("Enter")
    expect(keys).to_have_url(re.compile("person="))
    expect(keys.locator(".event__said").filter(has_text=strategist).first).to_be_visible()
    press(keys, "Historik", "Historik")
    press(keys, "Utbildningsplan 2027", "Historik: Utbildningsplan 2027")
    press(keys, "Som det såg ut en viss dag", "som det såg ut")
    write_day(keys, "Vid slutet av dagen", "2026-03-10")
    press(keys, "Visa", "som det såg ut 10 mars 2026")
    ensure_whole(keys, "as of")
    press(keys, "Historik: Utbildningsplan 2027", "Historik: Utbildningsplan 2027")
    press(keys, "Insatser och förslag, med svar på granskarens frågor", "Insatser och förslag")
    press(keys, keys.locator(".plain a").first.inner_text())
    expect(keys.get_by_role("heading", name="Frågor och svar")).to_be_visible()
    press(keys, re.sub(r"\s+", " ", keys.locator(".more-links a").first.inner_text()))
    press(keys, "Historik", "Historik")
    assert "definition_deployed" in fetched(keys, "Hämta hela historiken (CSV)").decode()
    press(keys, "Kontrollera nu")
    expect(keys.get_by_role("heading", name="Historiken stämmer")).to_be_visible(timeout=60_000)
    ensure_whole(keys, "verified")
    log_out(keys)


def test_hr_erases_a_text_after_a_mistake_a_look_and_a_confirmation(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/history")
    press(keys, "Gallra personuppgifter", "Gallra personuppgifter")
    press(keys, "Visa vad som skulle gallras")
    mend(keys, "den text som ska gallras")
    ensure_whole(keys, "erasing refused")
    write(keys, "text", lively.name("chef-sv-1-1", 0))
    write(keys, "decision", "RS/1/2027")
    press(keys, "Visa vad som skulle gallras", "Det här gallras")
    ensure_whole(keys, "erasing preview")
    erase = keys.get_by_role("button", name="Gallra på").inner_text()
    press(keys, erase)
    mend(keys, "läst listan")
    ensure_whole(keys, "erasing unconfirmed")
    keys.keyboard.press("Space")
    press(keys, erase, "Gallra personuppgifter")
    expect(keys.get_by_role("main")).to_contain_text("enligt beslut RS/1/2027")
    ensure_whole(keys, "erasing done")
    log_out(keys)
