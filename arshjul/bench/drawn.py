"""The process packages that are measured: small diagrams, one form, the product's own roles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

from arshjul.composition import WORKFLOWS
from engine.deployments import ROLES_FILE

YEARS = range(2030, 2200)
"""Plan years of which none is late, nor its window closed; one instance each."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:arshjul="urn:arshjul:bpmn:1" targetNamespace="urn:bench">'
)
_MULTI = "<multiInstanceLoopCharacteristics/>"


def linear(key: str, steps: int = 3) -> dict[str, bytes]:
    """`steps` tasks in a row for the HR strategist; an answer makes no record."""
    names = [f"step_{n}" for n in range(1, steps + 1)]
    return _package(key, names, "hr_strateg", multi=(), effects=[])


def personal(key: str) -> dict[str, bytes]:
    """One task for each employee and year, for the position of the employee's manager."""
    files = _package(key, ["talk"], "chef", multi=(), effects=[])
    diagram = files[f"{key}.bpmn"].decode().replace('roles="chef"', 'roles="chef" position="manager"')
    return {
        **files,
        f"{key}.bpmn": diagram.encode(),
        "package.toml": files["package.toml"] + (COLUMNS + _VARIABLES).encode(),
    }


def looping(key: str) -> dict[str, bytes]:
    """Two tasks for the HR strategist, again and again: a long life."""
    files = linear(key, 2)
    around = (
        '<exclusiveGateway id="again" name="Ett varv till?" default="f_again_step_1"/>'
        '<sequenceFlow id="f_step_2_again" sourceRef="step_2" targetRef="again"/>'
        '<sequenceFlow id="f_again_step_1" sourceRef="again" targetRef="step_1"/>'
        '<sequenceFlow id="f_again_end" name="Nej" sourceRef="again" targetRef="end">'
        "<conditionExpression>finished</conditionExpression></sequenceFlow>"
    )
    straight = '<sequenceFlow id="f_step_2_end" sourceRef="step_2" targetRef="end"/>'
    diagram = files[f"{key}.bpmn"].decode().replace(straight, around)
    package = files["package.toml"] + b"\n[variables]\nfinished = false\n"
    return {**files, f"{key}.bpmn": diagram.encode(), "package.toml": package}


def fan_out(key: str) -> dict[str, bytes]:
    """Every manager answers, each answer is a record and tells someone; then one task for the HR strategist."""
    effects: list[object] = [
        {"create": "answer", "values": {"note": "note"}},
        {"notify": "answered", "to": "[me.position]", "values": {}},
    ]
    return _package(key, ["ask", "after"], "chef", multi=("ask",), effects=effects)


def _package(
    key: str, names: Sequence[str], role: str, multi: Sequence[str], effects: list[object]
) -> dict[str, bytes]:
    tasks = "".join(_task(name, role if name in multi or not multi else "hr_strateg", name in multi) for name in names)
    flows = "".join(flow(a, b) for a, b in pairwise(["start", *names, "end"]))
    diagram = (
        f'{HEAD}<process id="{key}" name="Mätning" isExecutable="true"><startEvent id="start" name="Start"/>'
        f'{tasks}<endEvent id="end" name="Slut"/>{flows}</process></definitions>'
    )
    files = {
        f"{key}.bpmn": diagram.encode(),
        "package.toml": _PACKAGE.encode(),
        "forms/note.json": json.dumps(form("note", [])).encode(),
        ROLES_FILE: (WORKFLOWS / ROLES_FILE).read_bytes(),
    }
    if multi:
        files["forms/ask.json"] = json.dumps(form("ask", effects)).encode()
        files["records/answer.json"] = json.dumps(_RECORD).encode()
        files["messages/answered.toml"] = _MESSAGE.encode()
    return files


def _task(name: str, role: str, multi: bool) -> str:
    return (
        f'<userTask id="{name}" name="{name}"><extensionElements>'
        f'<arshjul:task form="{"ask" if multi else "note"}" roles="{role}" step="work"/>'
        '<arshjul:title sv="Svara för {plan_year}" en="Answer for {plan_year}"/>'
        '<arshjul:window closes="Y-12-31"/>'
        f"</extensionElements>{_MULTI if multi else ''}</userTask>"
    )


def flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


def form(name: str, effects: list[object]) -> dict[str, object]:
    note = {"type": "textfield", "key": "note", "label": "Svar", "label_en": "Answer", "validate": {"required": True}}
    return {
        "id": name, "type": "default", "schemaVersion": 18, "title": "Svara", "title_en": "Answer",
        "components": [note], "arshjul": {"complete": effects},
    }  # fmt: skip


_PACKAGE = """\
name = "Mätning"
name_en = "Measurement"
instance_name = "Mätning {plan_year}"
instance_name_en = "Measurement {plan_year}"
guideline = "Ingen"
guideline_en = "None"
owner = "hr_strateg"

[[steps]]
id = "work"
name = "Arbete"
name_en = "Work"
guideline = "1"
text = "Arbete."
text_en = "Work."
"""
COLUMNS = """
[[columns]]
name = "employee"
label = "Anställningsnummer"
label_en = "Employee number"
key = true

[[columns]]
name = "plan_year"
label = "År"
label_en = "Year"
key = true

[[columns]]
name = "manager"
label = "Chefens befattning"
label_en = "The manager's position"
kind = "position"
"""
_VARIABLES = """
[variables]
employee = ""
manager = ""
"""
_RECORD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Svar",
    "title_en": "Answer",
    "type": "object",
    "x-title": "note",
    "properties": {"note": {"type": "string", "title": "Svar", "title_en": "Answer"}},
    "required": ["note"],
}
_MESSAGE = """\
subject = "Svaret för {plan_year} är mottaget"
subject_en = "The answer for {plan_year} has been received"
body = "Tack."
body_en = "Thank you."
"""
