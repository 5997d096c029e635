"""Work ahead by role and month, with the lists behind the numbers."""

from datetime import date

import pytest
from support import development
from support.browsing import Client
from support.world import World, at

from engine import deployments, process_instances, workload
from engine.actor import SYSTEM
from engine.texts import Text
from engine.workload import Work
from web.cockpit.workload import MONTHS, months_ahead, table

TODAY = date(2026, 11, 22)


def work(role: str, due: str, count: int, state: str = "open") -> Work:
    text = Text("x", "x")
    return Work(
        "annual_plan", 1, text, 2028, "collection", text, role, state, at("2026-11-01"), at(due), count, None, None
    )


def test_fourteen_months_run_across_the_turn_of_the_year() -> None:
    months = months_ahead(TODAY)
    assert len(months) == MONTHS
    assert (months[0], months[1], months[2], months[-1]) == (
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 12, 1),
    )  # fmt: skip


def test_open_and_coming_are_counted_apart_and_what_is_late_belongs_to_this_month() -> None:
    found = [work("chef", "2026-10-31", 3), work("chef", "2026-11-30", 2), work("chef", "2026-11-30", 9, "coming")]
    cell = table(found, TODAY)["chef"][date(2026, 11, 1)]
    assert (cell.open, cell.coming, cell.late, cell.total) == (5, 9, 3, 14)


def test_what_the_process_has_passed_or_left_aside_is_not_to_come(world: World) -> None:
    with world.page() as tx:
        found = workload.ahead(tx, world.now, at("2028-01-01"))
    titles = [w.title.sv for w in found]
    assert "Svara på hur utbildningsplaneringen har fungerat (insamlingen för 2028)" not in titles
    assert "Beskriv ändringen av utbildningsplan 2028" not in titles
    (reviews,) = [w for w in found if w.element_id == "review"]
    assert (reviews.role, reviews.state, reviews.count) == ("forvaltningsomrade_lg", "coming", 4)
    opened = [w for w in found if w.state == "open"]
    assert sum(w.count for w in opened) == len(world.open("collection"))
    assert found == sorted(found, key=lambda w: w.due_at)


def test_hr_reads_the_table_goes_to_the_list_and_takes_it_along(browse: Client) -> None:
    browser = browse("hrchef")
    page = browser.get("/workload")
    assert '/workload/tasks?role=chef&amp;month=2026-12">12<' in page
    listed = browser.get("/workload/tasks?role=chef&month=2026-12")
    assert "Lämna utbildningsbehov för 2028" in listed
    assert 'href="/activities/1?show=missing"' in listed
    assert "Sammanställ utbildningsförslagen" not in listed
    assert "Sammanställ utbildningsförslagen" in browser.get("/workload/tasks")
    rows = browser.get("/workload.csv").splitlines()
    assert "2026-12;Chef;Utbildningsplan 2028;Lämna utbildningsbehov för 2028;Öppen;2026-11-02;2026-12-31;12" in rows


def test_a_month_or_role_that_there_is_not_shows_everything(browse: Client) -> None:
    browser = browse("hr")
    assert browser.get("/workload/tasks?role=nobody&month=soon").count("<tr>") == browser.get("/workload/tasks").count(
        "<tr>"
    )


@pytest.mark.parametrize("path", ["/workload", "/workload/tasks", "/workload.csv", "/timings", "/timings.csv"])
def test_others_do_not_get_in(browse: Client, path: str) -> None:
    for person in ("tora", "revi", "sysa"):
        browser = browse(person)
        browser.get(path)
        assert browser.status == 403, person


def test_many_instances_of_one_process_are_counted_together(browse: Client, world: World) -> None:
    with world.database.verb() as tx:
        deployments.deploy(tx, development.KEY, development.package(), by=SYSTEM, now=world.now)
    for number in range(3):
        with world.database.verb() as tx:
            given = {"employee": f"E{number}", "manager": "chef-hs-1", "kind": "usual"}
            process_instances.start(tx, development.KEY, 2027, given=given, by=SYSTEM, now=world.now)
    with world.page() as tx:
        (found,) = [w for w in workload.ahead(tx, world.now, at("2028-01-01")) if w.key == development.KEY]
    assert (found.instance_id, found.count, found.state) == (None, 3, "open")
    assert found.title.sv == "talk"
    assert f'href="/processes/{development.KEY}"' in browse("hr").get("/workload/tasks")
