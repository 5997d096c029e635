"""The organisation as HR sees it, and its import."""

import io

from support.browsing import Client
from support.world import World

from engine import identity


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
    assert "units.csv, rad 2, kolumn parent: det finns inget sådant (finns-inte)" in page


def test_accounts_that_an_import_would_close_are_counted_first(browse: Client) -> None:
    browser = browse("sysa")
    assert "Kolumner: id, name. Får utelämnas: email, locale, active." in browser.get("/organisation/import")
    people = io.BytesIO("id,name,active\nstina,Stina Påhitt,nej\n".encode())
    page = browser.post("/organisation/import", **{"people.csv": (people, "people.csv"), "do": "try"})
    assert "1 konto stängs" in page
