"""All history, narrowed by role, unit, process, plan year, task and time."""

from typing import Any

import pytest
from support.stages import WorldAt

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
        ("since=igår&year=nästa", TORA, "Inget finns som stämmer"),
    ],
)
def test_each_condition_narrows_the_answer(
    world_at: WorldAt, reader: Any, query: str, found: str, left_out: str
) -> None:
    page = reader(world_at("compiling"), "revi").get(f"/history?kind=tasks&kind=steps&{query}")
    events = page.partition('id="latest-heading"')[2]
    assert found in events
    assert left_out not in events
