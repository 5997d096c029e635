"""Whoever handed in needs sees on the page of that answer what became of each, and nothing about anyone else's."""

from datetime import date
from typing import Any

import pytest
from support.stages import YEAR, WorldAt, needs, prepared, ranked
from support.world import WORKFLOWS, World

from engine import deployments, outcomes
from engine.actor import SYSTEM
from engine.errors import NotFound

HEADING = "Vad som hände med dina behov"


def became(world: World, position: str, by: str, year: int = YEAR) -> dict[str, tuple[list[str], str]]:
    """Each need by its title: its marks, and its sentences in Swedish; none may have failed."""
    task, actor = world.task("collection", position, year), world.person(by)
    with world.page() as tx:
        told = [one for part in outcomes.of_task(tx, task.id, actor, world.now) for one in part.became]
    assert not [one.subject.title for one in told if one.failed]
    return {
        one.subject.title: ([line.text.sv for line in one.marks], " ".join(map(in_swedish, one.lines))) for one in told
    }


def in_swedish(line: Any) -> str:
    values = {n: v.isoformat() if isinstance(v, date) else getattr(v, "sv", v) for n, v in line.values.items()}
    sentence: str = line.text.fill(values).sv
    return sentence


def sorted_as(world: World, title: str, outcome: str, **more: Any) -> None:
    """The compilation is answered, with another outcome for that proposal."""
    (task,) = world.open("compilation", YEAR)
    answer = world.sample(task, "hr")
    record = next(row.id for row in world.records("proposal", YEAR) if row.values["training_type"] == title)
    row = next(row for row in answer["proposals"] if row["record"] == record)
    row.update(outcome=outcome, outcome_reason="Ryms i förvaltningens egen plan", **more)
    world.answer(task, "hr", answer)


def decided_as(world: World, title: str, outcome: str) -> None:
    """The plan is adopted, with another outcome for that intervention."""
    (task,) = world.open("decision", YEAR)
    answer = world.sample(task, "rdsek")
    row = next(row for row in answer["item_outcomes"] if row["record"] == world.items(YEAR)[title].id)
    row.update(outcome=outcome, item_reason="Ryms inte i budgeten")
    world.answer(task, "rdsek", answer)


def test_in_june_each_need_says_whether_it_is_in_the_plan_by_whose_decision_and_when(world_at: WorldAt) -> None:
    world = world_at("deciding")
    decided_as(world, "Basal hygien", "rejected")
    world.go_to("2026-06-02")
    told = became(world, "chef-hs-1", "tora")
    assert {title: marks for title, (marks, _said) in told.items()} == {
        "Hjärt-lungräddning": ["I planen"],
        "Basal hygien": ["Inte i planen"],
        "Palliativ vård": ["I planen om den finansieras"],
    }
    for _marks, said in told.values():
        assert "Beslut om planen av regiondirektörens ledningsgrupp, 2026-03-23." in said
    assert "som insatsen ”Hjärt-lungräddning”" in told["Hjärt-lungräddning"][1]
    assert "skickas till cheferna senast 2026-10-31" in told["Hjärt-lungräddning"][1]
    assert "Motivering: Ryms inte i budgeten" in told["Basal hygien"][1]
    assert "på nytt i insamlingen för utbildningsplan 2028, från 2026-11-01" in told["Basal hygien"][1]
    assert "regionstyrelsen svarar om finansieringen" in told["Palliativ vård"][1]


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("compiling", "HR-strategen sammanställer förslagen senast 2026-01-31"),
        ("preparing", "regiondirektörens ledningsgrupp beslutar, enligt planen senast 2026-03-31"),
        ("deciding", "regiondirektörens ledningsgrupp beslutar, enligt planen senast 2026-03-31"),
    ],
)
def test_before_the_decision_the_next_step_and_its_last_day_are_told(world_at: WorldAt, stage: str, said: str) -> None:
    told = became(world_at(stage), "chef-ru-1", "rune")
    assert told["Brandskydd"][0] == ["Inte beslutat än"]
    assert said in told["Brandskydd"][1]
    assert "Beslut om planen" not in told["Brandskydd"][1]


def test_a_proposal_passed_on_says_why_when_by_whom_and_who_takes_over(world_at: WorldAt) -> None:
    world = world_at("compiling")
    sorted_as(world, "Brandskydd", "passed_to_area", receiver="Hälso- och sjukvården")
    marks, said = became(world, "chef-ru-1", "rune")["Brandskydd"]
    assert marks == ["Inte i planen"]
    assert "lämnades till ett förvaltningsområde 2026-01-02 i sammanställningen, av HR-strategen (Hr Påhitt)." in said
    assert "Motivering: Ryms i förvaltningens egen plan" in said
    assert "Hälso- och sjukvården tar ställning" in said


def test_a_returned_proposal_says_what_to_do_and_is_saved_when_nothing_is_done(world_at: WorldAt) -> None:
    world = world_at("compiling")
    sorted_as(world, "Brandskydd", "returned")
    marks, said = became(world, "chef-ru-1", "rune")["Brandskydd"]
    assert marks == ["Inte beslutat än"]
    assert "Nästa steg: komplettera förslaget." in said
    world.go_to("2026-02-02")
    prepared(world)
    marks, said = became(world, "chef-ru-1", "rune")["Brandskydd"]
    assert marks == ["Inte i planen"]
    assert "sparades till nästa insamling 2026-02-02" in said
    assert "utbildningsplan 2028" in said


def test_a_need_merged_with_another_units_does_not_tell_its_name_before_the_decision(world_at: WorldAt) -> None:
    world = world_at("compiling")
    other = next(r.id for r in world.records("proposal", YEAR) if r.values["training_type"] == "Ledarskap")
    sorted_as(world, "Brandskydd", "merged", merged_into=other)
    marks, said = became(world, "chef-ru-1", "rune")["Brandskydd"]
    assert marks == ["Inte beslutat än"]
    assert "Ledarskap" not in said
    world.go_to("2026-02-02")
    world.answer("preparation", "argus", ranked(world, statutory=["Basal hygien"], costly=[], order=_order(world)))
    world.go_to("2026-03-02")
    for task in world.open("review", YEAR):
        world.answer(task, f"sek-{task.unit_id}")
    world.answer("review_summary", "hr")
    world.go_to("2026-03-23")
    world.answer("decision", "rdsek")
    marks, said = became(world, "chef-ru-1", "rune")["Brandskydd"]
    assert marks == ["I planen"]
    assert "som insatsen ”Ledarskap”" in said


def _order(world: World) -> list[str]:
    return ["Basal hygien", *(title for title in world.items(YEAR) if title != "Basal hygien")]


def test_what_the_board_does_not_fund_says_the_boards_answer_and_what_was_decided_after_it(world_at: WorldAt) -> None:
    world = world_at("decided")
    (task,) = world.open("board_matter", YEAR)
    answer = world.sample(task, "rssek")
    for row in answer["items"]:
        row["outcome"] = "not_funded"
    world.answer(task, "rssek", answer)
    world.answer("board_followup", "rdsek")
    marks, said = became(world, "chef-hs-1", "tora")["Palliativ vård"]
    assert marks == ["Inte i planen"]
    assert "insatsen finansieras inte" in said
    assert (
        "Efter svaret beslutade regiondirektörens ledningsgrupp att insatsen skjuts upp. Registrerat 2026-06-02" in said
    )


def test_nothing_is_told_of_an_answer_without_needs_or_to_a_stranger(world_at: WorldAt) -> None:
    world = world_at("decided")
    assert became(world, "chef-hs-2", "tora") == {}
    with pytest.raises(NotFound):
        became(world, "chef-hs-1", "rune")


def test_the_page_tells_the_manager_of_his_or_her_own_needs_and_no_other(world_at: WorldAt, reader: Any) -> None:
    world = world_at("decided")
    browser = reader(world, "hilda")
    where = f"/tasks/{world.task('collection', 'chef-hs-4', YEAR).id}"
    page = browser.get(where)
    section = page[page.index(HEADING) : page.index('id="answer"')]
    assert "Fallskador" in section
    assert "23 mars 2026" in section
    for other in ("Hjärt-lungräddning", "Brandskydd", "Ledarskap", "Rdsek", "Tora"):
        assert other not in section
    browser.page = page.replace("<header", "<main", 1)
    browser.post("/language/en")
    assert "What became of your needs" in browser.get(where)
    assert "In the plan" in browser.page


def test_hr_reads_in_the_overview_which_step_is_near_its_last_day(world_at: WorldAt, reader: Any) -> None:
    world = world_at("reviewing")
    world.go_to("2026-03-18")
    browser = reader(world, "hr")
    assert "Nära sista dagen: Översyn förslag<" in browser.get("/cycles")


def test_a_process_that_declares_nothing_has_the_page_without_it(sqlite_url: str, reader: Any) -> None:
    world = World(sqlite_url, today="2026-11-02")
    files = deployments.read_folder(WORKFLOWS / world.key)
    del files["audit.toml"]
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, files, by=SYSTEM, now=world.now)
    world.start(2028)
    task = world.open_of("collection", "chef-hs-1")
    world.answer(task, "tora", needs("Palliativ vård"))
    world.go_to("2027-01-04")
    page = reader(world, "tora").get(f"/tasks/{task.id}")
    assert "Palliativ vård" in page
    assert HEADING not in page
    world.close()
