"""Two versions of a process side by side: each kind of difference is told, and nothing else."""

from __future__ import annotations

import json

import pytest
from support.newer import ADDED, RENAMED, changed_everywhere
from support.world import WORKFLOWS

from engine import comparing, deployments
from engine.deployments import Deployed
from engine.texts import Text

KEY, YEAR = "annual_plan", 2029
FILES = deployments.read_folder(WORKFLOWS / KEY)
DIAGRAM = FILES[f"{KEY}.bpmn"].decode()


def version(files: dict[str, bytes]) -> Deployed:
    assert deployments.check(KEY, files) == []
    return deployments.preview(KEY, 1, files)


def with_diagram(*changes: tuple[str, str]) -> Deployed:
    xml = DIAGRAM
    for old, new in changes:
        assert old in xml, old
        xml = xml.replace(old, new, 1)
    return version({**FILES, f"{KEY}.bpmn": xml.encode()})


def with_form(**attributes: object) -> Deployed:
    """The form of the collection with other attributes of its first field."""
    form = json.loads(FILES["forms/collection.json"])
    next(part for part in form["components"] if part.get("key")).update(attributes)
    return version({**FILES, "forms/collection.json": json.dumps(form).encode()})


@pytest.fixture(scope="module")
def before() -> Deployed:
    return version(FILES)


def said(changes: list[comparing.Change]) -> list[str]:
    return [f"{change.kind} {change.id}: {'; '.join(text.sv for text in change.details)}" for change in changes]


def test_a_version_beside_itself_has_no_difference(before: Deployed) -> None:
    assert comparing.compare(before, before, YEAR).is_empty


def test_every_kind_of_difference_is_told(before: Deployed) -> None:
    found = comparing.compare(before, version(changed_everywhere(FILES)), YEAR)
    assert said(found.elements) == [
        f"renamed collection: Namn: Lämna utbildningsbehov → {RENAMED}",
        f"added {ADDED}: ",
    ]
    assert [change.split(":")[0] for change in said(found.flows)] == ["added f_looked_over", "changed f_compiled"]
    assert said(found.roles) == ["changed compilation: Utförs av: HR-strateg → HR-chef"]
    assert said(found.records) == ["changed proposal: Ny uppgift: Tillägg"]
    assert said(found.messages) == ["added thanks: ", "removed review_no_answer: "]
    assert said(found.rest) == ["changed preparation: Namn: Beredning → Beredningen"]
    assert "Nytt fält: ”Något mer” (extra)" in said(found.forms)[0]
    assert "Vad ett svar leder till är ändrat." in said(found.forms)[1]
    assert not found.is_empty
    assert found.marked("added") == {ADDED, "f_looked_over"}
    assert found.marked("changed") == {"collection", "compilation", "f_compiled"}


def test_days_are_told_as_the_plan_year_has_them(before: Deployed) -> None:
    found = comparing.compare(before, version(changed_everywhere(FILES)), YEAR)
    assert [(day.id, day.what.sv, day.old and day.old.sv, day.new and day.new.sv) for day in found.dates] == [
        ("collection", "Sista dag", "31 december 2027", "15 januari 2028"),
        (ADDED, "Öppnar", None, "15 januari 2028"),
        (ADDED, "Sista dag", None, "31 januari 2028"),
    ]


def test_a_reminder_that_moves_and_a_day_of_start_are_days(before: Deployed) -> None:
    moved = with_diagram(('<arshjul:reminder at="Y-0-12-01" />', '<arshjul:reminder at="Y-0-11-20" />'))
    (day,) = comparing.compare(before, moved, YEAR).dates
    assert (day.id, day.old, day.new) == (
        "follow_up",
        Text("1 december 2029", "1 December 2029"),
        Text("20 november 2029", "20 November 2029"),
    )
    start = version({**FILES, "package.toml": FILES["package.toml"].replace(b"Y-2-11-01", b"Y-2-10-01")})
    (day,) = comparing.compare(before, start, YEAR).dates
    assert (day.what.en, day.new) == ("Starts by itself", Text("1 oktober 2027", "1 October 2027"))


def test_an_element_with_another_id_is_told_as_what_it_breaks(before: Deployed) -> None:
    other = with_diagram()
    renumbered = version({**FILES, f"{KEY}.bpmn": DIAGRAM.replace("communication_material", "material_task").encode()
                          .replace(b'form="material_task"', b'form="communication_material"')})  # fmt: skip
    found = comparing.compare(other, renumbered, YEAR).elements
    assert [change.kind for change in found if change.id == "material_task"] == ["added"]
    assert "annat id" in next(change for change in found if change.id == "material_task").details[0].sv
    assert [change.id for change in found if change.kind == "removed"] == ["communication_material"]


def test_a_condition_and_a_flows_name_are_told(before: Deployed) -> None:
    changed = with_diagram(('name="bordläggs"', 'name="skjuts upp"'))
    (change,) = comparing.compare(before, changed, YEAR).flows
    assert [text.sv for text in change.details] == ["Namn: bordläggs → skjuts upp"]


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"label": "En annan fråga"}, "Fråga: "),
        ({"description": "Ny hjälp", "description_en": "New help"}, "Hjälptext: "),
    ],
)
def test_a_changed_field_is_told_with_its_key(attributes: dict[str, object], words: str, before: Deployed) -> None:
    (change,) = comparing.compare(before, with_form(**attributes), YEAR).forms
    assert any(words in text.sv for text in change.details), change


def test_both_languages_are_told_throughout(before: Deployed) -> None:
    found = comparing.compare(before, version(changed_everywhere(FILES)), YEAR)
    changes = [*found.elements, *found.flows, *found.roles, *found.forms, *found.records, *found.messages, *found.rest]
    for change in changes:
        for text in (change.what, change.name, *change.details):
            assert text.sv
            assert text.en
