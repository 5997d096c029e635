"""The inbox in a region with 5,000 open tasks, by those who answer: one manager has a thousand of them."""

import re

import pytest
from playwright.sync_api import expect
from support.large import TALKER
from support.served import Served
from support.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTE = "Vad ni kom fram till"
PROGRESS_MS = 120_000
"""Hundreds of tasks are carried out fifty at a time, each page a step of the way."""


def search(who: Visitor, words: str) -> None:
    filters = who.page.locator("summary", has_text="Sök och filtrera")
    if not who.page.get_by_label("Sök i uppgift och enhet").is_visible():
        filters.click()
    who.write("Sök i uppgift och enhet", words)
    who.press("Visa")


def open_talk(who: Visitor, number: int) -> None:
    """The talk with that employee, found by searching."""
    who.come(TALKER)
    search(who, f"med E{number} ")
    who.follow(f"Samtal med E{number} 2026", f"Samtal med E{number} 2026")


def choose_found(who: Visitor, words: str, do: str, heading: str) -> None:
    """Everything that fits the search, up to what may be done in one go; the page that shows what will happen."""
    who.come(TALKER, f"/?select=1&q={words}")
    who.choose("Vilka?", "Alla som stämmer med filtret, högst 500")
    who.choose("Vad vill du göra?", do)
    who.press("Visa vad som händer")
    who.heads(heading)


def test_one_of_a_thousand_is_found_by_words_year_and_process_and_the_filter_kept(who: Visitor) -> None:
    who.come(TALKER)
    who.reads("Mer än 400 saker att göra. Här är de 25 som ska vara klara först.")
    first = who.page.locator("main h3").first
    expect(first).to_contain_text("senast 31 oktober")
    who.follow("Visa fler")
    expect(first).to_contain_text("Samtal med")
    search(who, "med E777 ")
    who.reads("1 sak att göra")
    who.go("/")
    who.page.locator("summary", has_text="Sök och filtrera").click()
    who.pick("Planår", "2028")
    who.pick("Process", "Årlig utbildningsplanering")
    who.press("Visa")
    expect(who.page.get_by_role("link", name="Lämna utbildningsbehov för 2028").first).to_be_visible()
    expect(who.page.get_by_text("Samtal med")).to_have_count(0)
    who.write("Spara filtret som", "Planen för 2028")
    who.press("Spara filtret")
    who.go("/")
    who.follow("Planen för 2028")
    expect(who.page.get_by_text("Samtal med")).to_have_count(0)
    who.look("large inbox filtered")


def test_what_is_written_saves_itself_and_is_there_after_a_day_of_rest(who: Visitor) -> None:
    open_talk(who, 5)
    who.page.get_by_label(NOTE).press_sequentially("Ett utkast", delay=5)
    expect(who.page.locator("[data-save-status]")).to_contain_text("Utkast sparat", timeout=15_000)
    who.follow("Låt vila", "Låt uppgiften vila")
    who.write("Visa den igen", "2026-11-30")
    who.press("Låt vila")
    who.come(TALKER)
    search(who, "med E5 ")
    expect(who.page.get_by_role("heading", name="Vilande")).to_be_visible()
    who.follow("Samtal med E5 2026", "Samtal med E5 2026")
    expect(who.page.get_by_label(NOTE)).to_have_value("Ett utkast")


def test_a_task_is_commented_on_gets_a_file_is_answered_and_shown_with_its_receipt(who: Visitor) -> None:
    open_talk(who, 6)
    who.follow("Kommentera", "Kommentarer")
    who.write("Ny kommentar", "Vi ses på onsdag")
    who.press("Spara kommentaren")
    who.reads("Vi ses på onsdag")
    open_talk(who, 6)
    who.press("Bifoga filer")
    who.heads("Bilagor")
    file = {"name": "underlag.txt", "mimeType": "text/plain", "buffer": b"Underlag"}
    who.page.get_by_label("Bifoga filer").set_input_files([file])  # type: ignore[list-item]
    who.press("Bifoga")
    who.reads("1 fil är bifogad")
    open_talk(who, 6)
    assert who.fetch("underlag.txt") == b"Underlag"
    who.write(NOTE, "Kurs i vår")
    who.send()
    who.reads("Kurs i vår")


def test_a_shared_task_is_taken_seen_by_the_other_and_released(who: Visitor) -> None:
    title = "Följ upp utbildningsplan 2026"
    who.come("hr_strateg")
    who.follow(title, title)
    who.press("Ta uppgiften")
    who.come("hr_strateg", nth=1)
    who.reads(who.demo.name("hr_strateg"))
    who.come("hr_strateg")
    who.follow(title, title)
    who.press("Släpp den")
    expect(who.page.get_by_role("alert")).to_contain_text("Du har släppt uppgiften")


def test_a_task_is_handed_over_with_a_reason_and_answered_by_who_got_it(who: Visitor, large_region: Served) -> None:
    heir = large_region.name("chef-sv-1")
    open_talk(who, 7)
    who.follow("Lämna över till någon annan", "Lämna över uppgiften")
    who.take(heir)
    who.write("Varför lämnar du över?", "Hon känner medarbetaren")
    who.press("Lämna över")
    who.reads("har lämnat över uppgiften till")
    who.come("chef-sv-1")
    who.follow("Samtal med E7 2026", "Samtal med E7 2026")
    who.reads("Hon känner medarbetaren")
    who.write(NOTE, "Gick bra")
    who.send()


def test_a_deputy_answers_for_who_is_away_and_the_receipt_says_for_whom(who: Visitor, large_region: Served) -> None:
    away, deputy = "chef-nv", "chef-ps"
    who.come(away, "/absence")
    who.press("Lägg in frånvaro")
    who.write("Sista dagen", "2026-12-04")
    who.take(large_region.name(deputy))
    who.press("Spara frånvaron")
    who.reads("Frånvaron är sparad")
    who.come(deputy)
    title = "Svara på hur utbildningsplaneringen har fungerat"
    who.follow(title, title)
    who.page.get_by_role("row", name="Nära vård").get_by_role("link").click()
    said = f"Du svarar som ersättare för {large_region.name(away)}, som är borta."
    who.reads(said)
    who.send()
    who.reads(large_region.name(away))


def test_five_hundred_are_taken_and_given_back_in_one_go(who: Visitor) -> None:
    choose_found(who, "Samtal", "Ta uppgifterna", "Ta uppgifter")
    who.reads("Högst 500 åt gången")
    who.look("large bulk preview")
    who.press("Ta 500 uppgifter")
    expect(who.page.get_by_role("status")).to_contain_text("500 uppgifter är klara.", timeout=PROGRESS_MS)
    who.look("large bulk done")


def test_a_hundred_are_handed_over_and_a_hundred_answered_alike(who: Visitor, large_region: Served) -> None:
    heir = large_region.name("chef-sv-1")
    choose_found(who, "med E10", "Lämna över till någon annan", "Lämna över uppgifter")
    who.take(heir)
    who.write("Varför lämnar du över?", "Omorganisation")
    who.page.get_by_role("button", name=re.compile(r"Lämna över \d+ uppgifter")).click()
    expect(who.page.get_by_role("status")).to_contain_text(re.compile(r"1\d uppgifter är klara"), timeout=PROGRESS_MS)
    choose_found(who, "med E9", "Svara lika", "Svara lika på uppgifter")
    who.press("Lämna svaret för 111 uppgifter")
    expect(who.page.locator(".govuk-error-summary")).to_be_visible()
    who.look("large bulk answer refused")
    who.write(NOTE, "Samma sak för alla")
    who.press("Lämna svaret för 111 uppgifter")
    expect(who.page.get_by_role("status")).to_contain_text("111 uppgifter är klara.", timeout=PROGRESS_MS)
    who.come(TALKER, "/?q=med E9")
    expect(who.page.get_by_role("heading", name="Senast klart")).to_be_visible()
