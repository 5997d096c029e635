"""The review of the guideline: every January, revised at the latest every fourth year, and all of it data."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from support.world import WORKFLOWS, World

from engine import bpmn, deployments
from engine.errors import NotFound
from engine.rules.calendar import civil_date

KEY = "guideline_revision"
ROOT = WORKFLOWS.parent
FILES = deployments.read_folder(WORKFLOWS / KEY)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, today="2025-12-31", key=KEY)
    world.start_by_calendar()
    yield world
    world.ensure_saved_whole()
    world.verify_history()
    world.close()


def january(world: World, year: int) -> None:
    world.go_to(f"{year}-01-02")


def review(world: World, year: int, revise: str, **changes: Any) -> None:
    (task,) = world.open("terminology_review", year)
    reason = "Nya ord" if revise == "yes" else None
    world.answer(task, "hr", revision_needed=revise, revision_reason=reason, **changes)


def revise(world: World, year: int, day: str, version: str = "2.0") -> None:
    """A version is written and adopted on that day."""
    world.go_to(day)
    world.answer(*world.open("revision", year), "hr", version_name=version)
    world.answer(*world.open("guideline_decision", year), "rdsek", decision_date=day, registration_number="RS/12/2027")


def refused(world: World, year: int, **changes: Any) -> set[str]:
    """The rules for which the review is refused."""
    (task,) = world.open("terminology_review", year)
    return world.refused(task, "hr", **changes)


def test_the_package_can_be_deployed() -> None:
    assert deployments.check(KEY, FILES) == []


def test_the_review_begins_by_itself_every_january(world: World) -> None:
    for year in (2026, 2027, 2028):
        world.go_to(f"{year}-01-01")
        (task,) = world.open("terminology_review", year)
        assert (civil_date(task.opened_at), civil_date(task.due_at)) == (date(year, 1, 1), date(year, 1, 31))


def test_without_a_revision_the_review_ends_in_january_and_is_kept(world: World) -> None:
    january(world, 2026)
    review(world, 2026, "no", outcome="no_change")
    assert world.instance(2026).state == "completed"
    (kept,) = world.records("terminology_review", 2026)
    assert (kept.values["reviewed_on"], kept.values["outcome"]) == ("2026-01-02", "no_change")
    assert world.records("guideline_version", 2026) == []


def test_a_revision_goes_through_the_decision_to_the_updated_model(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    revise(world, 2027, "2027-05-10")
    world.answer("model_update", "hr", model_version="2")
    assert world.instance(2027).state == "completed"
    (version,) = world.records("guideline_version", 2027)
    assert version.state == "in_use"
    assert version.values["decision_date"] == "2027-05-10"
    assert version.values["registration_number"] == "RS/12/2027"
    assert version.values["next_revision_due_by"] == "2031-12-31"
    assert version.values["first_plan_year"] == 2029, "the collection of 1 November 2027"


@pytest.mark.parametrize(("year", "answers"), [(2026, {"yes", "no"}), (2027, {"yes"}), (2028, {"yes"})])
def test_the_first_revision_is_due_by_2027(world: World, year: int, answers: set[str]) -> None:
    january(world, year)
    assert world.variables(year)["revision_due_year"] == 2027
    if "no" not in answers:
        assert refused(world, year, revision_needed="no") == {"revision_due"}
        review(world, year, "yes")
    else:
        review(world, year, "no")
    assert bool(world.open("revision", year)) == ("no" not in answers)


def test_after_a_decision_in_2027_the_next_revision_is_due_in_2031(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    revise(world, 2027, "2027-12-15")
    for year in (2028, 2029, 2030):
        january(world, year)
        assert world.variables(year)["last_revision_year"] == 2027
        review(world, year, "no")
        assert world.instance(year).state == "completed"
    january(world, 2031)
    assert world.variables(2031)["revision_due_year"] == 2031
    assert refused(world, 2031, revision_needed="no") == {"revision_due"}


def test_a_revision_earlier_than_due_moves_the_next_one(world: World) -> None:
    january(world, 2026)
    review(world, 2026, "yes")
    revise(world, 2026, "2026-03-01")
    january(world, 2027)
    assert world.variables(2027)["revision_due_year"] == 2030
    review(world, 2027, "no")


def test_a_revision_still_under_way_lets_next_january_answer_no(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    january(world, 2028)
    assert world.variables(2028)["revision_due_year"] == 2027
    review(world, 2028, "no")
    assert [task.plan_year for task in world.open("revision")] == [2027]


def test_the_decision_cannot_put_the_next_revision_further_off_than_four_years(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    world.answer("revision", "hr")
    too_late = {"registration_number": "RS/12/2027", "next_revision_due_by": "2032-01-01"}
    assert world.refused("guideline_decision", "rdsek", **too_late) == {"four_years"}


def test_an_earlier_day_stated_in_the_decision_governs(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    world.answer("revision", "hr")
    world.answer("guideline_decision", "rdsek", registration_number="RS/12/2027", next_revision_due_by="2029-06-30")
    january(world, 2029)
    assert refused(world, 2029, revision_needed="no") == {"revision_due"}


def test_changed_terms_are_offered_in_the_next_revision_and_only_until_then(world: World) -> None:
    january(world, 2026)
    term = {"old_term": "internutbildning", "new_term": "intern utbildning", "reason": "Ordet används inte"}
    assert refused(world, 2026, outcome="changes", terms=[]) == {"terms_listed"}
    review(world, 2026, "no", outcome="changes", terms=[term])
    assert [(r.state, r.values) for r in world.records("terminology_change", 2026)] == [("noted", term)]
    january(world, 2027)
    review(world, 2027, "yes")
    (task,) = world.open("revision")
    assert world.sample(task, "hr")["terms"] == [term]
    revise(world, 2027, "2027-05-10")
    assert world.records("guideline_version", 2027)[0].values["terms"] == [term]
    january(world, 2028)
    assert world.sample(*world.open("terminology_review", 2028), "hr")["earlier_terms"] == "–"


def test_what_is_sent_back_is_revised_again_with_its_reason_and_what_was_written(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    world.go_to("2027-12-20")
    section = {"section": "1.9", "change": "Nya månader"}
    world.answer("revision", "hr", version_name="2.0", sections=[section])
    world.answer("guideline_decision", "rdsek", outcome="sent_back", motivation="Tiderna saknas")
    (again,) = world.open("revision")
    offered = world.sample(again, "hr")
    assert offered["sent_back_reason"] == "Tiderna saknas"
    assert (offered["version_name"], offered["sections"]) == ("2.0", [section])
    assert civil_date(again.due_at) == date(2028, 2, 18), "60 days"
    revise(world, 2027, "2028-01-20")
    assert [r.state for r in world.records("guideline_decision", 2027)] == ["sent_back", "adopted"]
    assert world.variables(2027)["decision_outcome"] == "adopted"


def test_the_bodys_decision_is_registered_by_its_secretary_and_history_keeps_both_apart(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    world.answer("revision", "hr")
    world.answer("guideline_decision", "rdsek", registration_number="RS/12/2027")
    (event,) = [e for e in world.events("task_completed", 2027) if e.element_id == "guideline_decision"]
    assert (event.actor, event.body["decided_by"]) == ("rdsek", "regiondirektörens ledningsgrupp")
    (decision,) = world.records("guideline_decision", 2027)
    assert decision.values["decider"] == "regiondirektörens ledningsgrupp"


def test_the_hr_strategist_may_register_the_bodys_decision_but_no_outsider(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    world.answer("revision", "hr")
    (task,) = world.open("guideline_decision")
    answer = {**world.sample(task, "hr"), "registration_number": "RS/12/2027"}
    with pytest.raises(NotFound):
        world.answer(task, "komm", answer)
    world.answer(task, "hr", answer)
    assert world.open("model_update")


def test_the_decision_is_told_to_those_who_lead_the_cycle(world: World) -> None:
    january(world, 2027)
    review(world, 2027, "yes")
    revise(world, 2027, "2027-05-10")
    told = {m.person_id: m.content["subject"]["sv"] for m in world.told("notice", "Riktlinjen är reviderad")}
    assert told == dict.fromkeys(("hr", "hrchef"), "Riktlinjen är reviderad: version 2.0")


def test_the_revision_is_reminded_of_six_and_one_months_before_its_last_day(world: World) -> None:
    """Twelve months before lies ahead of the instance: the review's own task stands for it."""
    january(world, 2027)
    review(world, 2027, "yes")
    world.go_to("2028-01-05")
    assert set(world.sent("reminder", "revision", 2027)) == {date(2027, 6, 30), date(2027, 11, 30)}


def test_everything_is_drawn_within_its_lane_and_all_flows_are_orthogonal() -> None:
    drawing = etree.fromstring(FILES[f"{KEY}.bpmn"])
    drawn = {node.get("bpmnElement"): node for node in drawing.iter("{*}BPMNShape", "{*}BPMNEdge")}
    nodes = [node for node in drawing.find("{*}process").iter() if isinstance(node.tag, str)]
    flows = [node.get("id") for node in nodes if node.tag.endswith("sequenceFlow")]
    assert set(flows) | set(bpmn.load(FILES[f"{KEY}.bpmn"]).elements) <= set(drawn)
    for lane in (node for node in nodes if node.tag.endswith("}lane")):
        x, y, width, height = bounds(drawn[lane.get("id")])
        for reference in lane.iter("{*}flowNodeRef"):
            left, top, wide, high = bounds(drawn[reference.text])
            assert x <= left <= left + wide <= x + width, reference.text
            assert y <= top <= top + high <= y + height, reference.text
    for flow in flows:
        points = [(point.get("x"), point.get("y")) for point in drawn[flow].iter("{*}waypoint")]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), flow


def bounds(shape: Any) -> tuple[float, float, float, float]:
    """Left, top, width, height."""
    found = shape.find("{*}Bounds")
    return float(found.get("x")), float(found.get("y")), float(found.get("width")), float(found.get("height"))


def test_no_program_text_knows_this_process() -> None:
    """A process is data: neither its name nor any of its elements stands in the product's source.

    `revision` alone is not looked for: it is also the product's word for how often a row has been changed.
    """
    elements = set(bpmn.load(FILES[f"{KEY}.bpmn"]).elements)
    names = {KEY, *elements} - {"revision"}
    assert {"terminology_review", "gw_revision_due", "guideline_decision", "gw_adopted", "model_update"} <= names
    known = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names)))})\b")
    texts = ((path.relative_to(ROOT), known.search(path.read_text("utf-8"))) for path in program_texts())
    assert [(str(path), hit[0]) for path, hit in texts if hit] == []


def program_texts() -> list[Path]:
    folders = [ROOT / name for name in ("engine", "web", "notifications", "arshjul")]
    kinds = {".py", ".html", ".j2", ".sql", ".toml", ".po"}
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    assert len(found) > 100
    return found
