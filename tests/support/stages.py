"""The annual plan for 2027 played forward in the test world, stage by stage; each stage goes on from the one before.

Ten needs come in, all are compiled: two are statutory (places 1 and 2) and two have decisive budget aspects (3 and 4).
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from support.world import World

WorldAt = Callable[[str], World]
"""A fixture's type: the name of a stage gives the world on the day when it begins."""
YEAR = 2027
NEEDS = {
    "chef-hs-1": ["Hjärt-lungräddning", "Basal hygien", "Palliativ vård"],
    "chef-hs-4": ["Fallskador", "Läkemedel"],
    "chef-ru-1": ["Brandskydd"],
    "chef-st-1": ["Ledarskap", "Arbetsmiljö"],
    "chef-fo-1": ["Bemötande"],
    "verksamhetsutvecklare": ["Informationssäkerhet"],
}
SENDER = {
    "chef-hs-1": "tora", "chef-hs-4": "hilda", "chef-ru-1": "rune", "chef-st-1": "sten", "chef-fo-1": "folke",
    "verksamhetsutvecklare": "vera",
}  # fmt: skip
TITLES = [title for titles in NEEDS.values() for title in titles]
STATUTORY = TITLES[:2]
COSTLY = TITLES[2:4]


def need(title: str, **more: Any) -> dict[str, Any]:
    """A training need as the form of the collection has it."""
    return {
        "training_type": title, "target_group": "all_employees", "reason": f"{title} behövs", "trainer": ["ktc"],
        "contact_person": "Den som lämnar", "origin": "chef", "responsible_manager": "Ansvarig chef", **more,
    }  # fmt: skip


def needs(*titles: str, **more: Any) -> dict[str, Any]:
    """An answer to the collection with those needs."""
    return {"proposals": [need(title, **more) for title in titles]}


def ranked(world: World, *, statutory: list[str], costly: list[str], order: list[str] | None = None) -> dict[str, Any]:
    """The working group's rows in that order of priority (default: as they stand)."""
    (task,) = world.open("preparation", YEAR)
    answer = world.sample(task, "argus")
    titles = {row.id: title for title, row in world.items(YEAR).items()}
    order = order or list(titles.values())
    for row in answer["items"]:
        title = titles[row["record"]]
        row["priority"] = order.index(title) + 1
        row.update(decisive_budget="no", decisive_budget_reason=None, is_statutory="no")
        if title in costly:
            row.update(decisive_budget="yes", decisive_budget_reason="Kräver tillskott")
        if title in statutory:
            row.update(is_statutory="yes", statute="Lagen", statute_weight="heavy", statute_weight_reason="Hot mot liv")
        row["effect_levels"] = row.get("effect_levels") or ["reaction"]
    return answer


def prepared(world: World, **changes: Any) -> None:
    """The working group is done: two statutory interventions first, then two with decisive budget aspects."""
    answer = ranked(world, statutory=STATUTORY, costly=COSTLY)
    world.answer(world.open("preparation", YEAR)[0], "argus", {**answer, **changes})


def collecting(world: World) -> None:
    world.start_by_calendar()
    world.go_to("2025-11-03")


def compiling(world: World) -> None:
    """Everyone has answered; Hans, Rut, Stina, Fred and two of Tora's units have no needs or say nothing."""
    for position, titles in NEEDS.items():
        world.answer(world.task("collection", position), SENDER[position], needs(*titles))
    world.answer(world.task("collection", "chef-hs-2"), "tora", {"no_needs": True})
    world.go_to("2026-01-02")


def preparing(world: World) -> None:
    world.answer("compilation", "hr")
    world.go_to("2026-02-02")


def reviewing(world: World) -> None:
    prepared(world)
    world.go_to("2026-03-02")


def deciding(world: World) -> None:
    """The four groups have endorsed, the review is summarised, the management group is to decide."""
    for task in world.open("review", YEAR):
        world.answer(task, f"sek-{task.unit_id}")
    world.answer("review_summary", "hr")
    world.go_to("2026-03-23")


def decided(world: World) -> None:
    world.answer("decision", "rdsek")
    world.go_to("2026-06-02")


def planning(world: World) -> None:
    """The board has funded everything, the notice has gone out, it is September."""
    world.answer("board_matter", "rssek")
    world.answer("decision_notice", "hr")
    world.go_to("2026-09-02")


def directed(world: World) -> None:
    """The year is planned, and the managers are to schedule it."""
    world.answer("year_planning", "hr")
    world.go_to("2026-10-05")
    world.answer("directive", "hr")


def november(world: World) -> None:
    """November of the plan year, with the plans for 2028 and 2029 under way: 2028 has one intervention, Samverkan."""
    world.go_to("2026-11-03")
    world.answer("communication_material", "hr")
    world.answer("communication", "komm")
    world.answer(world.task("collection", "chef-st-1", 2028), "sten", needs("Samverkan"))
    for day, element, by in _NEXT_YEAR:
        world.go_to(day)
        for task in world.open(element, 2028):
            world.answer(task, by or f"sek-{task.unit_id}")
    world.go_to("2027-11-02")


_NEXT_YEAR = [
    ("2027-01-04", "compilation", "hr"),
    ("2027-02-01", "preparation", "argus"),
    ("2027-03-02", "review", None),
    ("2027-03-02", "review_summary", "hr"),
    ("2027-03-23", "decision", "rdsek"),
    ("2027-06-01", "decision_notice", "hr"),
    ("2027-09-01", "year_planning", "hr"),
    ("2027-10-01", "directive", "hr"),
]

STAGES: Mapping[str, Callable[[World], None]] = {
    stage.__name__: stage
    for stage in (
        collecting, compiling, preparing, reviewing, deciding, decided, planning, directed, november,
    )
}  # fmt: skip


def file_at(stage: str, folder: Path) -> Path:
    """An SQLite file with the world at that stage, played once for all who share the folder."""
    path = folder / f"{stage}.db"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{stage}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            names = list(STAGES)
            before = names[names.index(stage) - 1] if stage != names[0] else None
            unfinished = path.with_suffix(".part")
            if before is not None:
                shutil.copy(file_at(before, folder), unfinished)
                shutil.copy(folder / f"{before}.day", unfinished.with_suffix(".day"))
            world = opened(unfinished)
            STAGES[stage](world)
            world.close()
            path.with_suffix(".day").write_text(world.now.isoformat())
            unfinished.rename(path)
    return path


def opened(path: Path) -> World:
    """The world of that file, at the hour at which it was left; a new one when there is no file."""
    day = path.with_suffix(".day")
    world = World(f"sqlite:///{path}")
    if day.exists():
        world.clock.move_to(datetime.fromisoformat(day.read_text()))
    return world


def in_november(url: str, **more: Any) -> World:
    """22 November 2026: the collection for 2028 is open, and every manager is asked."""
    world = World(url, today="2026-11-02", **more)
    world.start(2028)
    world.go_to("2026-11-22")
    return world
