"""The access log is read by those who read the history: who tried, read or signed in, found by person, kind and day."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from support.stages import WorldAt
from support.world import World

from engine import access_log, history

PATH = "/history/access-log"


@pytest.fixture
def world(world_at: WorldAt) -> World:
    return world_at("collecting")


def pages(browser: Any, query: str) -> Iterator[str]:
    """Each page of the answer, from the newest on."""
    address = f"{PATH}?{query}"
    while address:
        page = browser.get(address)
        yield page
        address = unescape(page.partition('rel="next" href="')[2].partition("#")[0])


def rows(page: str) -> int:
    return page.count("<tr><td>")


def test_a_refused_attempt_a_reading_and_a_sign_in_are_told_in_words(world: World, reader: Any) -> None:
    reader(world, "tora").get("/history/1")
    auditor = reader(world, "revi")
    auditor.get("/history/1")
    auditor.get("/history/1/as-of?at=2025-11-02")
    with world.database.verb() as tx:
        access_log.note(tx, "hr", "sign_in", "/sign-in", "422", "192.0.2.7")
        access_log.note(tx, None, "sign_in", "/sign-in", "429", "192.0.2.8")
    page = auditor.get(PATH)
    for said in (
        "Nekades att läsa /history/1",
        "Läste historiken för Utbildningsplan 2027",
        "Läste hur Utbildningsplan 2027 såg ut 2 november 2025",
        "Nekades att logga in: fel användarnamn",
        "för många försök",
        "192.0.2.7",
        "Okänd",
    ):
        assert said in page, said
    assert "Nekades att läsa" not in auditor.get(f"{PATH}?kind=reading")
    assert "Nekades att läsa /history/1" in auditor.get(f"{PATH}?kind=refused&person=tora")
    assert "Nekades att läsa" not in auditor.get(f"{PATH}?kind=refused&person=hr")


def test_reading_the_access_log_is_on_it_afterwards_and_not_in_the_history(world: World, reader: Any) -> None:
    auditor = reader(world, "revi")
    with world.page() as tx:
        before = len(history.timeline(tx, None, limit=100_000))
    assert "Läste åtkomstloggen" not in auditor.get(PATH)
    assert "Läste åtkomstloggen" in auditor.get(PATH)
    with world.page() as tx:
        assert len(history.timeline(tx, None, limit=100_000)) == before


def test_older_entries_are_pages_away_and_none_is_shown_twice(world: World, reader: Any) -> None:
    with world.database.verb() as tx:
        for number in range(120):
            access_log.note(tx, "tora", "GET cockpit.overview", f"/nowhere/{number}", "404", None)
    auditor = reader(world, "revi")
    found = list(pages(auditor, "kind=refused"))
    assert [rows(page) for page in found] == [50, 50, 20]
    told = [part.partition("<")[0] for page in found for part in page.split("/nowhere/")[1:]]
    assert sorted(map(int, told)) == list(range(120))


def test_a_search_looks_at_so_many_entries_and_offers_to_go_on(
    world: World, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "LOOKED_AT", 10)
    with world.database.verb() as tx:
        access_log.note(tx, "tora", "GET cockpit.overview", "/far/away", "403", None)
        for number in range(75):
            access_log.note(tx, "revi", "read_history", f"record {number}", "200", None)
    auditor = reader(world, "revi")
    with world.page() as tx:
        found, looks = access_log.search(tx, kind="refused", limit=5), 1
        while not found.entries and found.older:
            found, looks = access_log.search(tx, kind="refused", before=found.older, limit=5), looks + 1
    assert (looks, [entry.target for entry in found.entries]) == (8, ["/far/away"])
    assert "Äldre är inte genomsökta än" not in auditor.get(PATH)


def test_a_period_is_days_as_the_reader_counts_them_and_what_is_no_day_is_said(world: World, reader: Any) -> None:
    auditor = reader(world, "revi")
    auditor.get("/history")
    today = f"{world.now:%Y-%m-%d}"
    assert rows(auditor.get(f"{PATH}?since={today}&until={today}")) >= 1
    assert rows(auditor.get(f"{PATH}?until=2025-10-30")) == 0
    assert rows(auditor.get(f"{PATH}?since=2025-12-30")) == 0
    page = auditor.get(f"{PATH}?since=igår")
    assert "Skriv en dag" in page
    assert 'value="igår"' in page


def test_the_file_has_what_the_page_has_and_nothing_in_it_runs_as_a_formula(world: World, reader: Any) -> None:
    with world.database.verb() as tx:
        access_log.note(tx, "tora", "GET cockpit.overview", "=1+1", "404", "@home")
    auditor = reader(world, "revi")
    told = auditor.get(f"{PATH}.csv?kind=refused")
    assert "'=1+1" in told
    assert "'@home" in told
    assert "Loggade in" not in told
