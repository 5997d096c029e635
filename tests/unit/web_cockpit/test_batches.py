"""Many at once on HR's pages: a file is looked at row by row, then begun; its progress, pause and end are in sight."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from support.browsing import Browser, Client
from support.development import KEY, package
from support.world import WORKFLOWS, World

from engine import deployments, instances, job_executor, process_instances
from engine.actor import SYSTEM
from engine.batches import csv_rows, making
from engine.errors import InvalidInput
from engine.rules.packages import parse_package

HEADINGS = "Anställningsnummer;År;Chefens befattning;Slag"
ADDRESS = f"/processes/{KEY}/start-many"


@pytest.fixture(autouse=True)
def talks(world: World) -> None:
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, package(), by=SYSTEM, now=world.now)


def rows(count: int) -> list[str]:
    return [f"E{n:05};2027;chef-hs-1;usual" for n in range(count)]


def upload(browser: Browser, content: str | bytes, reason: str = "Nytt år", name: str = "samtal.csv") -> str:
    browser.get(ADDRESS)
    data = content.encode() if isinstance(content, str) else content
    return browser.post(ADDRESS, reason=reason, file=(io.BytesIO(data), name))


def file_of(*lines: str, headings: str = HEADINGS) -> str:
    return "\r\n".join([headings, *lines, ""])


def test_those_of_many_stand_in_the_order_of_their_numbers(browse: Client, world: World) -> None:
    for number in ("E10", "E2", "E1", "E0"):
        with world.database.verb() as tx:
            given = {"employee": number, "manager": "chef-hs-1", "kind": "usual"}
            process_instances.start(tx, KEY, 2027, given=given, by=SYSTEM, now=world.now)
    page = browse("hr").get(f"/processes/{KEY}")
    assert re.findall(r"Utvecklingssamtal (E\d+) 2027</a>", page) == ["E0", "E1", "E2", "E10"]
    with world.page() as tx:
        keys = [each.business_key for each in instances.by_key(tx, KEY, begins="", after="", limit=3)]
        following = instances.by_key(tx, KEY, begins="", after=keys[-1], limit=3)
    assert [each.business_key.split("/")[0] for each in following] == ["E10"]


def test_a_file_is_looked_at_then_begun_and_its_progress_shown(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert ADDRESS in browser.get("/batches")
    assert "Ingen av processerna startas för många" not in browser.page
    assert "Anställningsnummer" in browser.get(ADDRESS)
    assert "Chefens befattning" in browser.get(f"{ADDRESS}.csv")
    upload(browser, file_of(*rows(3), "E00001;2027;chef-hs-1;usual", "E9;2027;ingen;usual"))
    batch = browser.location
    page = browser.follow()
    assert "3 av 5 går att starta" in page
    assert "Det finns redan en" in page
    assert "Chefens befattning: Det finns ingen sådan befattning i dag." in page
    browser.post(f"{batch}/begin")
    assert "<progress" in browser.get(batch)
    job_executor.tick(world.database, world.now)
    page = browser.get(batch)
    assert "3 av 5 är klara" in page
    assert "Utvecklingssamtal E00001 2027" in page
    assert "Pröva igen" in page
    assert "Utvecklingssamtal E00002 2027" in browser.get(f"/processes/{KEY}?begins=E00002")
    assert "Utvecklingssamtal" in browser.get("/cycles")
    assert "Utvecklingssamtal E00001 2027" in browser.get(f"{batch}/items.csv")
    assert "Arbetet med många är klart: 3 gjorda, 2 åt sidan" in browser.get("/history")


def test_it_is_paused_resumed_and_cancelled_with_a_reason(
    browse: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "CHUNK", {"start": 2, "migrate": 2})
    browser = browse("hr")
    upload(browser, file_of(*rows(5)))
    batch = browser.location
    browser.follow()
    browser.post(f"{batch}/begin")
    assert "5 återstår. De väntar" in browser.get(f"{batch}/pause")
    browser.post(f"{batch}/pause", reason="")
    assert browser.status == 422
    for what, said in (("pause", "Pausad"), ("resume", "Pågår"), ("cancel", "Avbruten")):
        browser.get(f"{batch}/{what}")
        browser.post(f"{batch}/{what}", reason="Därför")
        assert said in browser.follow()
    job_executor.tick(world.database, world.now)
    assert "0 av 5 är klara" in browser.get(batch)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Kolumnen Anställningsnummer saknas"),
        (file_of(), "inga rader under rubrikerna"),
        (file_of("E1;2027;chef-hs-1"), "Rad 2 har ett annat antal kolumner"),
        (file_of("E1;2027;chef-hs-1;x", headings="Nummer;År;Chefens befattning;Slag"), "ingen kolumn som heter Nummer"),
        (file_of("a;b;c;d;e", headings=HEADINGS + ";Slag"), "Kolumnen kind står två gånger"),
        (b"PK\x03\x04\x00\x00", "inte en textfil"),
        (file_of('E1;2027;"chef'), "går inte att läsa"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(browse: Client, content: str | bytes, said: str) -> None:
    browser = browse("hr")
    page = upload(browser, content, reason="Nytt år för alla")
    assert browser.status == 422
    assert said in page
    assert "Nytt år för alla" in page


def test_seventy_thousand_rows_are_read_and_not_one_more() -> None:
    columns, line = parse_package(KEY, package()).columns, "E1;2027;c;d"
    assert len(csv_rows.read(columns, "f.csv", file_of(*([line] * 70_000)).encode())) == 70_000
    with pytest.raises(InvalidInput) as refused:
        csv_rows.read(columns, "f.csv", file_of(*([line] * 70_001)).encode())
    assert refused.value.params["reason"] == "too_many_rows"
    with pytest.raises(InvalidInput):
        csv_rows.read(columns, "f.csv", b"," * (csv_rows.LARGEST_FILE + 1))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + file_of("E1;2027;chef-hs-1;usual").encode(),
        file_of("E1;2027;chef-hs-1;usual").encode("cp1252"),
        file_of("E1,2027,chef-hs-1,usual", headings="employee,plan_year,manager,kind"),
        file_of(" E1 ;2027; chef-hs-1;usual", ";;;", headings="EMPLOYEE NUMBER;Year;The manager's position;Kind"),
    ],
)
def test_files_as_spreadsheets_write_them_are_read(browse: Client, content: str | bytes) -> None:
    browser = browse("hr")
    upload(browser, content)
    assert "1 av 1 går att starta" in browser.follow()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"=HYPERLINK(1)";2027;chef-hs-1;usual', "inte börjar som en formel"),
        ("E/1;2027;chef-hs-1;usual", "utan snedstreck"),
        (";2027;chef-hs-1;usual", "Anställningsnummer: Skriv ett värde."),
        ("E1;27;chef-hs-1;usual", "År: Skriv planåret med fyra siffror"),
        ("<script>alert(1)</script>;2027;x;usual", "Anställningsnummer: Skriv utan snedstreck."),
    ],
)
def test_a_row_that_does_not_do_is_set_aside_with_its_reason(browse: Client, line: str, said: str) -> None:
    browser = browse("hr")
    upload(browser, file_of(line, "E2;2027;chef-hs-1;usual"))
    page = browser.follow()
    assert "1 av 2 går att starta" in page
    assert said in page
    assert "<script>alert" not in page


def test_a_file_may_be_larger_than_a_form_and_not_larger_than_an_upload(browse: Client, app: Flask) -> None:
    browser = browse("hr")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    upload(browser, file_of(*rows(100)))
    assert "100 av 100 går att starta" in browser.follow()


def test_nobody_else_gets_in(browse: Client) -> None:
    for person in ("tora", "revi", "sysa"):
        browser = browse(person)
        for path in ("/batches", ADDRESS, "/batches/1", f"{ADDRESS}.csv"):
            browser.get(path)
            assert browser.status == 403, (person, path)


def test_everyone_who_is_behind_changes_version_after_a_report_of_each(browse: Client, world: World) -> None:
    browser = browse("hr")
    browser.get("/processes/annual_plan/migrate")
    assert browser.status == 409
    files = deployments.read_folder(WORKFLOWS / world.key)
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, {**files, "README.md": b"# Nytt\n"}, by=SYSTEM, now=world.now)
    assert "1 följer en äldre version" in browser.get("/processes/annual_plan/migrate")
    browser.post("/processes/annual_plan/migrate", reason="Rättat")
    batch = browser.location
    page = browser.follow()
    assert "1 av 1 kan byta version" in page
    assert "15 öppna uppgifter följer med" in page
    browser.post(f"{batch}/begin")
    job_executor.tick(world.database, world.now)
    assert "efter version 2 av processen" in browser.get("/cycles/1")
