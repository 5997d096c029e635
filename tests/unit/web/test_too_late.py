"""Somebody or something was faster: who, when, and nothing typed is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browsing import Browser, accounts_for, pages, sign_in
from support.world import World

TYPED = {
    "proposals.0.training_type": "Skrivet för sent",
    "proposals.0.target_group": "all_managers",
    "proposals.0.reason": "Lagkrav",
    "proposals.0.trainer": "ktc",
    "proposals.0.contact_person": "Tora",
    "proposals.0.origin": "chef",
    "_shown": "proposals",
}


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = World(sqlite_url, today="2026-11-02")
    made.start(2028)
    made.go_to("2026-12-30")
    accounts_for(made, "tora", "rut")
    yield made
    made.close()


@pytest.fixture
def tora(world: World) -> Browser:
    return sign_in(pages(world), "tora")


def test_an_answer_after_the_last_day_is_shown_to_copy_and_kept_as_a_draft(world: World, tora: Browser) -> None:
    (task,) = [t for t in world.open("collection") if t.unit_id == "hs-1"]
    tora.get(f"/tasks/{task.id}")
    shown = tora.page
    world.go_to("2027-01-02")
    tora.page = shown
    page = tora.post(f"/tasks/{task.id}", **TYPED, _submit="1")
    assert tora.status == 409
    assert "Svarstiden är slut" in page
    assert "Skrivet för sent" in page
    assert world.records("proposal", 2028) == []
    assert "Skrivet för sent" in tora.get(f"/tasks/{task.id}")


def test_an_answer_changed_in_another_window_is_not_overwritten(world: World, tora: Browser) -> None:
    (task,) = [t for t in world.open("collection") if t.unit_id == "hs-1"]
    tora.get(f"/tasks/{task.id}")
    shown = tora.page
    world.answer(task, "tora", {"no_needs": True})
    tora.page = shown
    page = tora.post(f"/tasks/{task.id}", **TYPED, _submit="1")
    assert tora.status == 409
    assert "Du lämnade in ett svar i ett annat fönster" in page
    assert "Uppgiften har ändrats" not in page
    assert "Skrivet för sent" in page
