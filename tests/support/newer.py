"""A version of the annual plan in which something of every kind is another than in the one that is deployed first."""

from __future__ import annotations

import json
from collections.abc import Mapping

RENAMED = "Berätta om behoven"
"""The new name of the first task."""
ADDED = "look_over"
"""The id of the task that is new, between the compilation and the preparation."""

TASK = """<bpmn:userTask id="look_over" name="Se över förslagen">
      <bpmn:extensionElements>
        <arshjul:task form="compilation" roles="hr_strateg" step="compilation" guideline="1.9" />
        <arshjul:title sv="Se över förslagen för {plan_year}" en="Look over the proposals for {plan_year}" />
        <arshjul:window opens="Y-1-01-15" closes="Y-1-01-31" due="Y-1-01-31" />
      </bpmn:extensionElements>
      <bpmn:incoming>f_compiled</bpmn:incoming>
      <bpmn:outgoing>f_looked_over</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f_looked_over" sourceRef="look_over" targetRef="preparation" />
    """
SHAPE = """<bpmndi:BPMNShape id="look_over_di" bpmnElement="look_over">
        <dc:Bounds x="1000" y="20" width="110" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="f_looked_over_di" bpmnElement="f_looked_over">
        <di:waypoint x="1055" y="100" />
        <di:waypoint x="1055" y="160" />
      </bpmndi:BPMNEdge>
      """
FIELD = {"type": "textfield", "key": "extra", "label": "Något mer", "label_en": "Anything else"}
PROPERTY = {"type": "string", "title": "Tillägg", "title_en": "Addition"}
MESSAGE = 'subject = "Tack"\nsubject_en = "Thanks"\nbody = "Tack för svaret."\nbody_en = "Thanks for the answer."\n'


def changed_everywhere(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Element, flow, role, day, form, record, message and step: added, changed or taken away. Deployable."""
    return {
        **{name: content for name, content in files.items() if name != "messages/review_no_answer.toml"},
        "annual_plan.bpmn": diagram(files["annual_plan.bpmn"].decode()).encode(),
        "forms/collection.json": _with(files["forms/collection.json"], "components", FIELD),
        "records/proposal.json": _with_property(files["records/proposal.json"]),
        "forms/review.json": files["forms/review.json"].replace(b"review_no_answer", b"thanks"),
        "messages/thanks.toml": MESSAGE.encode(),
        "package.toml": _put(files["package.toml"].decode(), 'name = "Beredning"', 'name = "Beredningen"').encode(),
    }


def diagram(xml: str) -> str:
    xml = _put(xml, 'name="Lämna utbildningsbehov"', f'name="{RENAMED}"')
    xml = _put(xml, 'closes="Y-2-12-31"', 'closes="Y-1-01-15"')
    task = '<arshjul:task form="compilation" roles="{}"'
    xml = _put(xml, task.format("hr_strateg"), task.format("hr_chef"))
    xml = _put(xml, "<bpmn:incoming>f_compiled</bpmn:incoming>", "<bpmn:incoming>f_looked_over</bpmn:incoming>")
    xml = _put(xml, 'sourceRef="compilation" targetRef="preparation"', f'sourceRef="compilation" targetRef="{ADDED}"')
    xml = _put(xml, '<bpmn:sequenceFlow id="f_start"', TASK + '<bpmn:sequenceFlow id="f_start"')
    return _put(xml, '<bpmndi:BPMNShape id="communication_di"', SHAPE + '<bpmndi:BPMNShape id="communication_di"')


def _put(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def _with(content: bytes, name: str, more: object) -> bytes:
    data = json.loads(content)
    data[name].append(more)
    return json.dumps(data).encode()


def _with_property(content: bytes) -> bytes:
    data = json.loads(content)
    data["properties"]["extra"] = PROPERTY
    return json.dumps(data).encode()
