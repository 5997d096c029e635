"""A small process with one instance for each employee and year: what bulk start and batch migration are tried on."""

from __future__ import annotations

import json
from datetime import datetime

from support.world import WORKFLOWS

from arshjul.bench import drawn
from engine import deployments
from engine.actor import SYSTEM
from engine.batches import making, starting, steering
from engine.deployments import ROLES_FILE
from engine.store.database import Tx

KEY = "development_talk"

TASK = (
    '<userTask id="{id}" name="{id}"><extensionElements>'
    '<arshjul:task form="talk" roles="chef" position="manager" step="talk"/>'
    '<arshjul:title sv="{sv} {{employee}} {{plan_year}}" en="{en} {{employee}} {{plan_year}}"/>'
    '<arshjul:window {opens}closes="Y-12-31"/><arshjul:reminder at="-P14D"/></extensionElements></userTask>'
)
TALK = TASK.format(id="talk", sv="Samtal med", en="Talk with", opens="")
EVALUATE = TASK.format(id="evaluate", sv="Utvärdera", en="Evaluate", opens='opens="Y-10-01" ')
GATEWAY = (
    '<exclusiveGateway id="which" name="Är medarbetaren ny?" default="f_which_talk"/>'
    '<sequenceFlow id="f_which_evaluate" name="Ja" sourceRef="which" targetRef="evaluate">'
    '<conditionExpression>kind = "new"</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="f_which_talk" name="Nej" sourceRef="which" targetRef="talk"/>'
)


def package(*, gateway: bool = False, name: str = "Utvecklingssamtal") -> dict[str, bytes]:
    """Talk, then evaluate; with `gateway` who is new comes straight to the evaluation."""
    first = "which" if gateway else "talk"
    order = [("start", first), ("talk", "evaluate"), ("evaluate", "end")]
    flows = "".join(drawn.flow(*pair) for pair in order) + (GATEWAY if gateway else "")
    diagram = (
        f'{drawn.HEAD}<process id="{KEY}" name="{name}" isExecutable="true"><startEvent id="start" name="Start"/>'
        f'{TALK}{EVALUATE}<endEvent id="end" name="Slut"/>{flows}</process></definitions>'
    )
    return {
        f"{KEY}.bpmn": diagram.encode(),
        "package.toml": f"{PACKAGE}{drawn.COLUMNS}{MORE}".replace("NAME", name).encode(),
        "forms/talk.json": json.dumps(FORM).encode(),
        ROLES_FILE: (WORKFLOWS / ROLES_FILE).read_bytes(),
    }


def many_at_once(tx: Tx, now: datetime) -> None:
    """Deployed, with batches in every state that a page shows; what is due is for jobs to work off."""
    deployments.deploy(tx, KEY, package(), by=SYSTEM, now=now)
    asked = [{"employee": f"E{n}", "plan_year": 2027, "manager": "chef-sv-1-1", "kind": "usual"} for n in range(60)]
    wrong = {"employee": "E/1", "plan_year": 2027, "manager": "nobody", "kind": "usual"}
    for first, steer in ((0, steering.pause), (20, steering.cancel), (40, None)):
        rows = [*asked[first : first + 20], wrong]
        made = starting.prepare(tx, KEY, rows, reason="Nytt år", by=SYSTEM, now=now)
        if steer is not None:
            making.begin(tx, made, by=SYSTEM, now=now)
            steer(tx, made, reason="Fel fil", by=SYSTEM, now=now)
    rows = [{**row, "plan_year": 2028} for row in [*asked, wrong]]
    starting.start_many(tx, KEY, rows, reason="Nytt år", by=SYSTEM, now=now)


FORM = {
    "id": "talk", "type": "default", "schemaVersion": 18, "title": "Samtal", "title_en": "Talk", "components": [
        {"type": "textfield", "key": "note", "label": "Vad ni kom fram till", "label_en": "Outcome",
         "validate": {"required": True}},
    ], "arshjul": {"alike": True},
}  # fmt: skip
PACKAGE = """\
name = "NAME"
name_en = "Development talks"
instance_name = "NAME {employee} {plan_year}"
instance_name_en = "Development talk {employee} {plan_year}"
guideline = "Ingen"
guideline_en = "None"
owner = "hr_strateg"
"""
MORE = """
[[columns]]
name = "kind"
label = "Slag"
label_en = "Kind"

[variables]
employee = ""
manager = ""
kind = "usual"

[[steps]]
id = "talk"
name = "Samtal"
name_en = "Talk"
guideline = "1"
text = "Samtal."
text_en = "Talk."
"""
