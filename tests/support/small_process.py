"""Process packages of a few elements, drawn in a test: tasks of the HR strategist that answer one text."""

from __future__ import annotations

import json
from typing import Any

from support.bpmn_drawing import HEAD, flows
from support.world import WORKFLOWS

from arshjul.bench import drawn
from engine.deployments import ROLES_FILE

TASK = (
    '<userTask id="{id}" name="{id}"><extensionElements>'
    '<arshjul:task form="{form}" roles="hr_strateg" step="work"/>'
    '<arshjul:title sv="{id} {{plan_year}}" en="{id} {{plan_year}}"/><arshjul:window closes="Y-12-31"/>'
    "{more}</extensionElements>{inner}</userTask>"
)
PACKAGE = """\
name = "KEY"
name_en = "KEY"
instance_name = "KEY {plan_year}"
instance_name_en = "KEY {plan_year}"
guideline = "Ingen"
guideline_en = "None"
owner = "hr_strateg"

[variables]
VARIABLES

[[steps]]
id = "work"
name = "Arbete"
name_en = "Work"
guideline = "1"
text = "Arbete."
text_en = "Work."
"""


def task(name: str, form: str = "answer", more: str = "", inner: str = "") -> str:
    return TASK.format(id=name, form=form, more=more, inner=inner)


def start(inner: str = "") -> str:
    return f'<startEvent id="s" name="Start">{inner}</startEvent>'


def end(name: str = "e", inner: str = "") -> str:
    return f'<endEvent id="{name}" name="Slut">{inner}</endEvent>'


def message(name: str) -> str:
    return f'<messageEventDefinition messageRef="m_{name}"/>'


def package(
    key: str,
    *parts: str,
    messages: tuple[str, ...] = (),
    variables: str = "",
    effects: dict[str, Any] | None = None,
) -> dict[str, bytes]:
    """`parts`: elements as XML, flows as `a -> b: condition`. `effects`: what the form `answer` asks for."""
    elements = "".join(part for part in parts if part.startswith("<"))
    lines = flows(*(part for part in parts if not part.startswith("<")))
    declared = "".join(f'<message id="m_{name}" name="{name}"/>' for name in messages)
    diagram = f'{HEAD}{declared}<process id="{key}" name="{key}" isExecutable="true">{elements}{lines}</process>'
    form = {**drawn.form("answer", []), "arshjul": effects or {}}
    return {
        f"{key}.bpmn": (diagram + "</definitions>").encode(),
        "package.toml": PACKAGE.replace("KEY", key).replace("VARIABLES", variables).encode(),
        "forms/answer.json": json.dumps(form).encode(),
        ROLES_FILE: (WORKFLOWS / ROLES_FILE).read_bytes(),
    }
