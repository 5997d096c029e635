"""All history, narrowed by role, unit, process, plan year, task and time."""

import html
import re
from typing import Any

import pytest
from support.stages import WorldAt
from support.world import at

from engine import history
from engine.actor import SYSTEM
from engine.store.queries import history_search

TORA, HILDA = "Tora Påhitt svarade", "Hilda Påhitt svarade"


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ("unit=medicin", TORA, HILDA),
        ("role=chef", TORA, "Vera Påhitt svarade"),
        ("task=utbildningsbehov", TORA, "startade, efter version"),
        ("process=annual_plan&year=2027", TORA, "Inget finns som stämmer"),
        ("year=2031", "Inget finns som stämmer", TORA),
        ("process=guideline_revision", "Inget finns som stämmer", TORA),
        ("since=2025-11-03&until=2025-11-03", TORA, "Inget finns som stämmer"),
        ("since=2025-11-04", "2026", TORA),
        ("since=igår&year=nästa", "Ett villkor går inte att läsa", "Inget finns som stämmer"),
        ("year=27", "Ett villkor går inte att läsa", "Inget finns som stämmer"),
        ("year=2027", TORA, "Ett villkor går inte att läsa"),
    ],
)
def test_each_condition_narrows_the_answer(
    world_at: WorldAt, reader: Any, query: str, found: str, left_out: str
) -> None:
    page = reader(world_at("compiling"), "revi").get(f"/history?kind=tasks&kind=steps&{query}")
    events = page.partition('id="latest-heading"')[2]
    assert 'action="#found"' in events, "the answer is in sight, not a form to scroll past"
    assert found in events.partition('id="found"')[2]
    assert left_out not in events


def test_a_search_that_has_not_come_to_the_end_says_so_and_goes_on(
    world_at: WorldAt, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_search, "FIRST_LOOK", 60)
    monkeypatch.setattr(history_search, "LOOKED_AT", 60)
    world = world_at("compiling")
    with world.database.verb() as tx:
        for _ in range(150):
            history.append(
                tx, type="element_left", chain="x", occurred_at=at("2025-11-20"), by=SYSTEM, instance_id=1,
                element_id="collection",
            )  # fmt: skip
    browser = reader(world, "revi")

    page = browser.get("/history?kind=technical&since=2025-11-01&until=2025-11-10")
    pages = 1
    while "Äldre är inte genomsökta än" in page:
        on = re.search(r'href="([^"]*before=\d+[^"]*)">\s*Sök vidare bland äldre händelser', page)
        assert on is not None
        page = browser.get(html.unescape(on.group(1)))
        pages += 1

    assert pages > 2
    assert "element_left" in page
