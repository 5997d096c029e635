"""The package of the annual plan as files: complete, in both languages, on the right days, and drawn."""

import json
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import bpmn, deployments
from engine.rules import calendar
from engine.rules.user_task_spec import UserTaskSpec, user_task_spec

FOLDER = Path(__file__).parents[2] / "workflows" / "annual_plan"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
STEPS = "collection compilation preparation review decision year_planning directive communication follow_up".split()
RULED_OUT = re.compile(
    r"avvikels|incident|deleger|på uppdrag av|godkän|avslå|avslag|tidsfönster|eskaler|processomgång|vänligen"
    r"|är obligatoriskt",
    re.IGNORECASE,
)

FILES = deployments.read_folder(FOLDER)
PACKAGE = tomllib.loads(FILES["package.toml"].decode())
DIAGRAM = etree.fromstring(FILES["annual_plan.bpmn"])
TASKS: dict[str, UserTaskSpec] = {
    element.id: user_task_spec(element.extension or {})
    for element in bpmn.load(FILES["annual_plan.bpmn"]).elements.values()
    if element.kind == "userTask"
}
FORMS = {path.stem: json.loads(path.read_bytes()) for path in sorted((FOLDER / "forms").glob("*.json"))}
MESSAGES = {path.stem: tomllib.loads(path.read_text()) for path in sorted((FOLDER / "messages").glob("*.toml"))}


def objects(value: Any) -> list[dict[str, Any]]:
    """Every JSON object in a file, outer ones first."""
    if isinstance(value, list):
        return [found for part in value for found in objects(part)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for part in value.values() for found in objects(part))]


def effects(form: dict[str, Any]) -> list[dict[str, Any]]:
    ours = form["arshjul"]
    return [*ours.get("complete", []), *ours.get("close", [])]


def key_of(form: str, key: str) -> dict[str, Any]:
    return next(found for found in objects(FORMS[form]["components"]) if found.get("key") == key)


def test_the_package_can_be_deployed() -> None:
    assert deployments.check("annual_plan", FILES) == []


def test_the_nine_steps_of_the_guideline_stand_in_its_order_and_each_has_work() -> None:
    assert [step["id"] for step in PACKAGE["steps"]] == STEPS
    assert {task.step for task in TASKS.values()} == set(STEPS)
    assert set(STEPS) <= set(TASKS)


@pytest.mark.parametrize(
    ("element", "opens", "closes", "due"),
    [
        ("collection", "2025-11-01", "2025-12-31", "2025-12-31"),
        ("follow_up_question", "2025-11-01", "2025-12-31", "2025-12-31"),
        ("compilation", "2026-01-01", "2026-01-31", "2026-01-31"),
        ("preparation", "2026-02-01", "2026-02-28", "2026-02-28"),
        ("review", "2026-03-01", "2026-03-31", "2026-03-20"),
        ("review_council", "2026-03-01", "2026-03-31", "2026-03-20"),
        ("decision", "2026-03-01", "2026-03-31", "2026-03-31"),
        ("board_matter", "2026-04-01", "2026-08-31", "2026-08-31"),
        ("decision_notice", "2026-06-01", "2026-06-30", "2026-06-30"),
        ("year_planning", "2026-09-01", "2026-09-30", "2026-09-30"),
        ("directive", "2026-10-01", "2026-10-31", "2026-10-31"),
        ("unit_scheduling", "2026-10-01", "2026-12-31", "2026-10-31"),
        ("communication_material", "2026-11-01", "2026-11-30", "2026-11-10"),
        ("communication", "2026-11-01", "2026-11-30", "2026-11-30"),
        ("follow_up", "2027-11-01", "2027-12-31", "2027-12-31"),
        ("follow_up_compile", "2028-01-01", "2028-01-31", "2028-01-31"),
    ],
)
def test_the_work_of_plan_year_2027_has_the_days_of_the_guideline(
    element: str, opens: str, closes: str, due: str
) -> None:
    task = TASKS[element]
    first = calendar.resolve(task.opens or "", plan_year=2027, edge="opens")
    assert calendar.civil_date(first) == date.fromisoformat(opens)
    assert calendar.civil_date(calendar.resolve(task.closes, plan_year=2027)) == date.fromisoformat(closes)
    assert calendar.civil_date(calendar.resolve(task.due, plan_year=2027)) == date.fromisoformat(due)


def test_preparation_ends_on_29_february_when_the_year_has_one() -> None:
    assert calendar.civil_date(calendar.resolve(TASKS["preparation"].closes, plan_year=2029)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("element", "reminders", "escalations"),
    [
        ("collection", ["Y-2-12-01", "Y-2-12-15"], []),
        ("compilation", ["-P10D"], [("P1D", "hr_chef")]),
        ("preparation", ["-P14D"], [("P1D", "hr_chef")]),
        ("review", ["-P7D", "-P2D"], []),
        ("decision", ["-P14D"], [("P1D", "regiondirektorens_kansli")]),
        ("board_matter", ["Y-1-06-01"], [("P1D", "rd_ledningsgrupp")]),
        ("decision_notice", ["Y-1-06-15"], [("P1D", "hr_chef")]),
        ("unit_scheduling", ["P14D"], [("P30D", "superior")]),
        ("communication", ["-P10D"], [("P1D", "kommunikationschef")]),
        ("follow_up", ["Y-0-12-01", "Y-0-12-15"], []),
    ],
)
def test_reminders_and_what_follows_lateness(
    element: str, reminders: list[str], escalations: list[tuple[str, str]]
) -> None:
    task = TASKS[element]
    standard = [(e.at, " ".join(e.to)) for e in task.escalations if e.message is None]
    assert [reminder.at for reminder in task.reminders] == reminders
    assert standard == escalations


def test_a_plan_still_undecided_on_31_august_is_told_to_hr_and_the_deciding_body() -> None:
    told = [e for e in TASKS["decision"].escalations if e.message == "no_decided_plan"]
    assert [(e.at, e.to) for e in told] == [("Y-1-08-31", ("hr_strateg", "rd_ledningsgrupp"))]


def test_every_text_stands_in_swedish_and_english() -> None:
    spoken: dict[str, Any] = {
        name: [form["components"], form["arshjul"].get("rules", [])] for name, form in FORMS.items()
    }
    for name, data in {**spoken, **records(), "package": PACKAGE}.items():
        for found in objects(data):
            for key in ("label", "title", "text", "description", "message", "addLabel", "required_message"):
                if isinstance(found.get(key), str) and not is_feel_title(found, key):
                    assert str(found.get(f"{key}_en", "")).strip(), (name, key, found[key])
    for name, message in MESSAGES.items():
        assert all(message[key].strip() for key in ("subject", "subject_en", "body", "body_en")), name
    assert all(task.title.sv and task.title.en for task in TASKS.values())


def records() -> dict[str, Any]:
    return {f"records/{path.stem}": json.loads(path.read_bytes()) for path in (FOLDER / "records").glob("*.json")}


def is_feel_title(found: dict[str, Any], key: str) -> bool:
    """The heading of a row is an expression, not a text."""
    return key == "title" and found.get("type") == "records"


def test_no_swedish_text_holds_a_word_that_the_word_list_rules_out() -> None:
    texts = [FILES["package.toml"].decode(), FILES["annual_plan.bpmn"].decode()]
    texts += [json.dumps(FORMS, ensure_ascii=False), json.dumps(records(), ensure_ascii=False)]
    texts += [f"{message['subject']} {message['body']}" for message in MESSAGES.values()]
    for text in texts:
        assert RULED_OUT.search(text) is None, RULED_OUT.search(text)
        without = text.replace("med reservation för", "").replace("with reservation", "").replace("its reservation", "")
        assert "reservation" not in without.lower()


def test_the_form_of_annex_1_stands_word_for_word() -> None:
    labels = [found["label"] for found in objects(FORMS["collection"]["components"]) if "label" in found]
    assert [label for label in labels if label.endswith("?")] == [
        "Vilken typ av utbildningsinsats avses?",
        (
            "För vilka (antingen samtliga medarbetare, samtliga medarbetare inom hälso- och sjukvård eller "
            "samtliga chefer)?"
        ),
        "Varför (tex lagkrav, patientsäkerhet, etc)?",
        "Eventuella kostnader (specificera så mycket som möjligt)?",
        "Upplägg/omfattning (om känt)?",
        "Vem är tänkt att utbilda (köp av tjänst, KTC, annan/andra medarbetare, annan part)?",
        (
            "Effekter med tanke på följande perspektiv? Jämställdhet och jämlikhet, barn, miljö, regional utveckling "
            "och/eller samer?"
        ),
        "Kontaktperson i verksamhet (du som lämnar in utbildningsbehovet)?",
    ]
    everything = json.dumps(FORMS["collection"], ensure_ascii=False)
    assert "Denna blankett (som med fördel kan hanteras i system, ex Stratsys) avser insamling" in everything
    assert "(viss lagstiftning kan där i bedömas väga tyngre än annan)" in everything
    assert "(from år 2)" not in everything + json.dumps(FORMS["follow_up_question"], ensure_ascii=False)


def test_no_form_repeats_what_the_page_says_once() -> None:
    """Of patients and employees nothing is to be written: the page says so above every form with free text."""
    for name, form in FORMS.items():
        assert "Skriv inget om patienter" not in json.dumps(form, ensure_ascii=False), name


def test_every_required_field_says_what_to_write() -> None:
    for name, form in FORMS.items():
        for found in objects(form["components"]):
            if "key" in found and (found.get("required_if") or found.get("validate", {}).get("required")):
                assert found["validate"].get("required_message"), (name, found["key"])


def test_no_overall_needs_is_answered_with_one_button() -> None:
    assert FORMS["collection"]["arshjul"]["quick"]["data"] == {"no_needs": True}


def test_every_form_message_record_and_follow_on_task_is_used_and_exists() -> None:
    used = {task.form for task in TASKS.values()} | {task["form"] for task in PACKAGE["follow_on"].values()}
    assert used == set(FORMS)
    named = [effect for form in FORMS.values() for effect in effects(form)]
    sent = {effect["notify"] for effect in named if "notify" in effect}
    escalated = {e.message for task in TASKS.values() for e in task.escalations if e.message}
    assert sent | escalated == set(MESSAGES)
    assert {effect["follow_on"] for effect in named if "follow_on" in effect} == set(PACKAGE["follow_on"])
    kept = {effect[verb] for effect in named for verb in ("create", "replace") if verb in effect}
    assert kept == {name.removeprefix("records/") for name in records()}


def test_effects_set_only_variables_that_the_package_declares() -> None:
    for form in FORMS.values():
        for effect in effects(form):
            assert set(effect.get("set", {})) <= set(PACKAGE["variables"])


def test_effects_give_records_states_and_fields_that_their_schemas_have() -> None:
    schemas = {name.removeprefix("records/"): schema for name, schema in records().items()}
    for name, form in FORMS.items():
        for effect in effects(form):
            kind = next((effect[verb] for verb in ("create", "update", "replace") if verb in effect), None)
            if kind is None:
                continue
            assert set(effect.get("values", {})) <= set(schemas[kind]["properties"]), (name, effect)
            assert effect.get("state") in {None, *schemas[kind]["x-states"]}, (name, effect)


def test_what_a_body_decided_is_registered_with_date_and_outcome_alone_required_of_the_meeting() -> None:
    for task in TASKS.values():
        if task.decides:
            assert FORMS[task.form]["arshjul"]["decided_by"]
            for key in ("decider", "mandate", "minutes_paragraph", "participants", "dissent", "minutes_extract"):
                found = key_of(task.form, key)
                assert "required_if" not in found
                assert not found.get("validate", {}).get("required")


def test_every_element_and_flow_is_drawn_and_every_element_stands_in_its_lane() -> None:
    drawn = {shape.get("bpmnElement"): shape for shape in DIAGRAM.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    process = DIAGRAM.find(f"{BPMN}process")
    assert process is not None
    kinds = ("Task", "Gateway", "Event", "subProcess", "lane", "sequenceFlow")
    ids = {n.get("id") for n in process.iter() if isinstance(n.tag, str) and n.tag.endswith(kinds)}
    assert ids <= set(drawn)
    for lane in process.iter(f"{BPMN}lane"):
        outer = bounds(drawn[lane.get("id")])
        for reference in lane.iter(f"{BPMN}flowNodeRef"):
            inner = bounds(drawn[reference.text])
            for start, length in ((0, 2), (1, 3)):
                assert outer[start] <= inner[start], reference.text
                assert inner[start] + inner[length] <= outer[start] + outer[length], reference.text


def test_no_two_elements_lie_over_each_other_and_all_flows_are_orthogonal() -> None:
    placed = [
        (shape.get("bpmnElement"), bounds(shape))
        for shape in DIAGRAM.iter(f"{BPMNDI}BPMNShape")
        if not str(shape.get("bpmnElement")).startswith(("lane_", "participant"))
        and shape.get("bpmnElement") != "change_case"
        and not str(shape.get("bpmnElement")).endswith("_closed")
    ]
    for number, (name, (x, y, width, height)) in enumerate(placed):
        for other, (x2, y2, width2, height2) in placed[number + 1 :]:
            apart = x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y
            assert apart, (name, other)
    for edge in DIAGRAM.iter(f"{BPMNDI}BPMNEdge"):
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{DI}waypoint")]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), edge.get("id")


def bounds(shape: Any) -> tuple[float, float, float, float]:
    found = shape.find(f"{DC}Bounds")
    return float(found.get("x")), float(found.get("y")), float(found.get("width")), float(found.get("height"))
