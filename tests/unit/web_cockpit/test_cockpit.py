"""HR looks at the cycles from the cockpit: the wheel, the table, the diagram. Others do not get in."""

import re

import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine import incidents
from engine.store.tables import job

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
    assert 'Här står processen: <a class="govuk-link" href="#drawn-collection">Lämna utbildningsbehov</a>' in page
    assert 'id="drawn-collection"' in page
    collection = page.partition('drawn__name">Lämna utbildningsbehov')[2].partition("</li>")[0]
    assert "Pågår" in collection
    assert 'data-active="' in page
    assert "collection" in page.partition('data-active="')[2].partition('"')[0].split()


def test_the_list_tells_what_comes_by_the_flow_from_what_only_an_event_begins(browse: Client, world: World) -> None:
    items = browse("hr").get("/cycles/1/diagram").partition('class="drawn"')[2].split("</li>")
    said = {item.partition('drawn__name">')[2].split("\n")[0]: item for item in items}
    assert {word for word in ("Vid behov", "Kommer", "Började") if word in said["Beskriv ändringen"]} == {"Vid behov"}
    assert {word for word in ("Vid behov", "Kommer", "Började") if word in said["Sammanställ förslagen"]} == {"Kommer"}


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
