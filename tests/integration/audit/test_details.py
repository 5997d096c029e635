"""The history tells in words what was answered, changed and made: no codes, no numbers of records."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.browsing import pages
from support.stages import YEAR, WorldAt
from support.world import World

from engine import history
from engine.rules.value_words import Fields, Reference
from engine.texts import Text
from web.audit import reading

CODE = re.compile(r"[a-z]+(_[a-z]+)+|include|defer|yes|no|endorsed|approved|funded|keep|partly|ktc|intranet")


def told(value: Any) -> Iterator[Any]:
    if isinstance(value, Fields):
        for label, one in value.pairs:
            yield label
            yield from told(one)
    elif isinstance(value, list):
        for one in value:
            yield from told(one)
    else:
        yield value


@pytest.fixture(scope="module")
def lines_of() -> Any:
    def read(world: World) -> list[reading.Line]:
        app = pages(world)
        with app.test_request_context(), world.page() as tx:
            app.preprocess_request()
            events = history.timeline(tx, world.instance(2027).id, limit=10_000)
            return reading.lines(tx, events)

    return read


def test_no_detail_of_a_whole_cycle_shows_a_code(world_at: WorldAt, lines_of: Any) -> None:
    """Choices read as on the form; labels are the package's words, not its keys."""
    seen = 0
    for line in lines_of(world_at("november")):
        for change in line.changes:
            for value in [change.label, *told(change.old), *told(change.new)]:
                text = value.sv if isinstance(value, Text) else value
                seen += 1
                assert not (isinstance(text, str) and CODE.fullmatch(text)), (line.said, change.label, text)
    assert seen > 500


def test_records_are_named_in_the_list_and_linked_in_the_details(world_at: WorldAt, reader: Any, lines_of: Any) -> None:
    world = world_at("november")
    lines = lines_of(world)
    changed = next(
        line for line in lines if line.event.type == "record_changed" and line.event.body["type"] == "plan_item"
    )
    assert changed.about is not None
    assert f"”{changed.about.title}”" in changed.said
    decision = next(line for line in lines if line.event.body.get("form") == "decision")
    (rows,) = [change.new for change in decision.changes if change.label == "Beslut per insats"]
    assert isinstance(rows[0].of, Reference)
    browser = reader(world)
    page = browser.get(f"/history/{world.instance(2027).id}?kind=tasks&kind=records")
    assert browser.status == 200
    assert re.search(r'href="/plan-items/\d+">Palliativ vård</a>', page)


def test_a_body_that_decides_nothing_states_prepares_or_compiles(world_at: WorldAt, lines_of: Any) -> None:
    said = {
        line.event.body["form"]: line.said for line in lines_of(world_at("november")) if line.event.body.get("form")
    }
    assert said["review"].startswith("Yttrande av ")
    assert said["preparation"].startswith("Berett av ")
    assert said["decision"].startswith("Beslut av ")
    assert said["board_matter"].startswith("Beslut av ")


def test_a_decision_for_each_intervention_is_told_by_how_many_got_which_answer(
    world_at: WorldAt, lines_of: Any
) -> None:
    world = world_at("decided")
    (task,) = world.open("board_matter", YEAR)
    answer = world.sample(task, "rssek")
    first, *others = answer["items"]
    for row in others:
        row["outcome"] = "not_funded"
    world.answer(task, "rssek", {**answer, "items": [first, *others]})
    said = next(line.said for line in lines_of(world) if line.event.body.get("form") == "board_matter")
    told = f"1 finansieras, {len(others)} finansieras inte" if others else "finansieras"
    assert f": {told} (”" in said


def test_the_history_is_searched_by_what_it_is_about(world_at: WorldAt, reader: Any) -> None:
    world = world_at("november")
    browser = reader(world)
    page = browser.get("/history?about=PALLIATIV&kind=records")
    assert "Palliativ vård" in page
    assert "Basal hygien" not in page.partition('class="events"')[2]
    assert 'value="PALLIATIV"' in page
    assert "Inget finns som stämmer" in browser.get("/history?about=finns+inte&kind=records")


def test_as_of_and_the_versions_of_a_record_are_in_words(world_at: WorldAt, reader: Any) -> None:
    world = world_at("november")
    instance_id, record_id = world.instance(2027).id, world.items(2027)["Palliativ vård"].id
    browser = reader(world)
    for path in (f"/history/{instance_id}/as-of", f"/plan-items/{record_id}"):
        page = browser.get(path)
        assert browser.status == 200, path
        for shown in re.findall(r"<dd>([^<]*)</dd>", page):
            assert not CODE.fullmatch(shown.strip()), (path, shown)
            assert not shown.lstrip().startswith(("[", "{")), (path, shown)
