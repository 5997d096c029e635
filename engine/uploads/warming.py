"""Everything that checking a package loads late, loaded now: afterwards the child can open no file."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

from engine import deployments, feel
from engine.feel import v8

_ROLES = b'[hr]\nsv = "HR"\nen = "HR"\n'
_PACKAGE = b"""
name = "Prov"
name_en = "Trial"
instance_name = "Prov"
instance_name_en = "Trial"
owner = "hr"
[variables]
open = "=1 + 1 > 0"
[[steps]]
id = "step"
name = "Steg"
name_en = "Step"
"""
_DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:arshjul="urn:arshjul:bpmn:1"
targetNamespace="urn:w">
<process id="trial" isExecutable="true">
<startEvent id="s"><outgoing>f1</outgoing></startEvent><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<userTask id="a" name="A"><extensionElements>
<arshjul:task form="form" roles="hr" step="step"/><arshjul:title sv="A" en="A"/>
<arshjul:window opens="Y-01-01" closes="Y-02-last"/></extensionElements>
<incoming>f1</incoming><outgoing>f2</outgoing></userTask>
<sequenceFlow id="f2" sourceRef="a" targetRef="e"/><endEvent id="e"><incoming>f2</incoming></endEvent>
</process></definitions>
"""
_FIELD = {"type": "textfield", "key": "why", "label": "Varf\u00f6r", "label_en": "Why"}
_FORM = {"type": "default", "title": "Prov", "title_en": "Trial", "components": [_FIELD]}
_RECORD = {"type": "object", "title": "Prov", "title_en": "Trial", "properties": {}}


def warm() -> None:
    """Check a small package from end to end, and one that is refused by BPMN's own schema."""
    files = {
        "trial.bpmn": _DIAGRAM,
        "package.toml": _PACKAGE,
        "roles.toml": _ROLES,
        "forms/form.json": json.dumps(_FORM).encode(),
        "records/record.json": json.dumps(_RECORD).encode(),
    }
    deployments.check("trial", files)
    deployments.check("trial", files | {"records/record.json": b'{"type": 1}', "trial.bpmn": codecs.BOM_UTF8 + b"<x"})
    feel.free_names("a.b")
    v8.never_anew()


def data_bytes() -> int:
    """What this process has taken of memory that can be written to; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    line = next((line for line in status.read_text().splitlines() if line.startswith("VmData:")), "VmData: 0 kB")
    return int(line.split()[1]) * 1024
