"""A paused plan: whoever meets a task of it is told that, since when, by whom and why, and is offered what works."""

import re

import pytest
from support.browsing import Client
from support.world import World

from engine import identity, user_tasks
from engine.errors import NotPossible
from engine.operations import pausing


@pytest.fixture(scope="module")
def paused(collecting: World) -> World:
    """Rut has joined Tora at the medical clinic; Tora has answered for one unit; then HR has paused the plan."""
    hr, world = collecting.person("hr"), collecting
    with world.database.verb() as tx:
        identity.add_holding(tx, "chef-hs-1", "rut")
    world.answer(world.open_of("collection", "chef-hs-2"), "tora", {"no_needs": True})
    with world.database.verb() as tx:
        pausing.suspend(tx, world.instance(2028).id, reason="Ny budget väntas", by=hr, now=world.now)
    return world


def test_the_task_says_since_when_by_whom_and_why_and_offers_nothing_that_is_refused(
    browse: Client, paused: World
) -> None:
    task = paused.open_of("collection", "chef-hs-1")
    page = browse("rut").get(f"/tasks/{task.id}")
    said = " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())
    assert re.search(r"Utbildningsplan 2028 är pausad sedan 22 november 2026 kl\. [0-9.]+ av Hr Påhitt\.", said), said[
        :400
    ]
    assert "Skäl: Ny budget väntas" in said
    for offered in ("Ta uppgiften", "Skicka in", "Lämna över", "Låt vila"):
        assert offered not in said
    with paused.database.verb() as tx, pytest.raises(NotPossible) as refused:
        user_tasks.claim(tx, task.id, by=paused.person("rut"), now=paused.now)
    assert refused.value.params["reason"] == "instance_suspended"


def test_an_answer_that_could_be_changed_says_that_it_waits(browse: Client, paused: World) -> None:
    task = paused.task("collection", "chef-hs-2")
    page = browse("tora").get(f"/tasks/{task.id}")
    assert "Svaret går att ändra igen när arbetet återupptas" in page
    assert "Ändra svaret" not in page
    assert "Ta tillbaka svaret" not in page


def test_inbox_and_the_units_page_offer_no_answer(browse: Client, paused: World) -> None:
    tora = browse("tora")
    inbox = tora.get("/")
    assert "Pausad, går inte att svara på nu" in inbox
    assert "/quick" not in inbox
    page = tora.get(f"/steps/{paused.instance(2028).id}/collection")
    assert "är pausad sedan" in page
    assert ">Svara<" not in page


def test_everything_is_offered_again_when_it_is_resumed(browse: Client, paused: World) -> None:
    with paused.database.verb() as tx:
        pausing.resume(tx, paused.instance(2028).id, reason="Budgeten är klar", by=paused.person("hr"), now=paused.now)
    task = paused.open_of("collection", "chef-hs-1")
    page = browse("rut").get(f"/tasks/{task.id}")
    assert "Ta uppgiften" in page
    assert "är pausad" not in page
