"""What a manager with several units answered is found again when the step is over."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browsing import signed_in
from support.stages import in_november
from support.world import World


@pytest.fixture
def answered(tmp_path: Path) -> Iterator[World]:
    """January: Tora answered for her three units before the collection for 2028 closed."""
    world = in_november(f"sqlite:///{tmp_path / 'web.db'}")
    for unit in ("hs-1", "hs-2", "hs-3"):
        world.answer(world.task("collection", f"chef-{unit}"), "tora", {"no_needs": True})
    world.go_to("2027-01-20")
    yield world
    world.close()


def test_what_is_lately_done_leads_to_the_answers_of_all_units(answered: World) -> None:
    tora = signed_in(answered, "tora")
    (step,) = set(re.findall(r'href="(/steps/[^"]+)"', tora.get("/")))
    assert re.search(r"– \d+ \w+ \d{4}: Medicinkliniken;", tora.page), "the day, then the units"
    page = tora.get(step)
    assert tora.status == 200
    assert page.count("Besvarad") == 3
    assert "senast" not in re.sub("<[^>]+>", "", page.partition("<h1")[2].partition("</h1>")[0])
    answers = re.findall(r'href="(/tasks/\d+)"', page)
    assert len(answers) == 3
    for path in answers:
        assert f'href="{step}"' in tora.get(path), "and back to them all"


def test_others_find_their_own_of_the_step_and_nothing_of_hers(answered: World) -> None:
    tora, hilda = signed_in(answered, "tora"), signed_in(answered, "hilda")
    (step,) = set(re.findall(r'href="(/steps/[^"]+)"', tora.get("/")))
    assert "Vårdcentralen Ån" in hilda.get(step), "closed without an answer"
    assert "Stängd" in hilda.page
    assert ">Svara<" not in hilda.page, "it is too late"
    assert "Medicinkliniken" not in hilda.page


def test_what_was_answered_in_a_position_that_one_has_left_is_not_offered_to_be_read(answered: World) -> None:
    answered.leave("chef-hs-1", "tora")
    tora = signed_in(answered, "tora")
    leads = set(re.findall(r'href="(/(?:tasks|steps)/[^"]+)"', tora.get("/")))
    assert leads
    for path in leads:
        assert "Besvarad" in tora.get(path) or "Inlämnat" in tora.page
        assert tora.status == 200
    for left in ("chef-hs-2", "chef-hs-3"):
        answered.leave(left, "tora")
    assert "Senast klart" not in tora.get("/")
