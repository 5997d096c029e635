"""Packages: read as values, refused with sentences."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from engine.rules.packages import lint_package, parse_package

ROLES = b'[chef]\nsv = "chef"\nen = "manager"\nreports_to = "chef"\n'
PACKAGE = """
name = "N"
name_en = "N"
instance_name = "Plan {plan_year}"
instance_name_en = "Plan {plan_year}"
owner = "chef"
[start]
at = "Y-2-11-01"
[[steps]]
id = "collection"
name = "Insamling"
name_en = "Collection"
[variables]
outcome = ""
[follow_on.extra]
form = "need"
role = "chef"
title = "Komplettera för {plan_year}"
title_en = "Complete for {plan_year}"
step = "collection"
due = "P10D"
[event.change]
title = "T"
title_en = "T"
roles = ["chef"]
when = 'outcome = "x"'
[assume.bad]
title = "Det går illa"
title_en = "It goes badly"
element = "collection"
answer = { reason = "x" }
"""
FORM = {
    "type": "default",
    "title": "T",
    "title_en": "T",
    "components": [{"type": "textfield", "key": "reason", "label": "L", "label_en": "L"}],
    "arshjul": {
        "complete": [
            {"create": "proposal", "state": "sent", "values": {"reason": "reason"}},
            {"set": {"outcome": "reason"}},
            {"follow_on": "extra"},
            {"notify": "notice", "to": "[task.position]"},
        ]
    },
}
RECORD = {
    "title": "Förslag",
    "title_en": "Proposal",
    "type": "object",
    "properties": {"reason": {"type": "string", "title": "Varför", "title_en": "Why"}},
    "x-title": "reason",
    "x-states": {"sent": {"sv": "inlämnat", "en": "submitted"}},
}
MESSAGE = 'subject = "S"\nsubject_en = "S"\nbody = "B"\nbody_en = "B"\n'


@dataclass
class Element:
    kind: str
    extension: dict[str, Any] | None


def files(**changed):
    found = {
        "roles.toml": ROLES,
        "package.toml": PACKAGE.encode(),
        "p.bpmn": b"<x/>",
        "forms/need.json": json.dumps(FORM).encode(),
        "records/proposal.json": json.dumps(RECORD).encode(),
        "messages/notice.toml": MESSAGE.encode(),
    }
    found.update(changed)
    return found


def elements(**changed):
    extension = {
        "task": [{"form": "need", "roles": "chef", "step": "collection"}],
        "title": [{"sv": "Lämna behov för {plan_year}", "en": "Submit needs for {plan_year}"}],
        "window": [{"opens": "Y-2-11-01", "closes": "Y-2-12-31"}],
        "reminder": [{"at": "-P10D"}],
        "escalation": [{"at": "P1D", "to": "superior chef", "message": "notice"}],
        "participants": [{"where": 'outcome = ""'}],
    }
    extension.update(changed)
    return {"start": Element("startEvent", None), "collection": Element("userTask", extension)}


def test_a_package_in_order_is_read_to_the_last_attribute():
    assert lint_package("p", files(), elements()) == []
    package = parse_package("p", files())
    assert package.instance_name.fill({"plan_year": 2028}).sv == "Plan 2028"
    assert package.steps[0].name.en == "Collection"
    assert package.follow_on["extra"].due == "P10D"
    assert package.events["change"].when == 'outcome = "x"'
    assert package.assumptions["bad"].answer == {"reason": "x"}
    assert package.records["proposal"]["x-title"] == "reason"
    assert package.messages["notice"].body.sv == "B"
    assert package.roles["chef"].reports_to == "chef"
    assert package.start is not None
    assert package.start.at == "Y-2-11-01"


def toml(old, new):
    return {"package.toml": PACKAGE.replace(old, new).encode()}


def form(**effect):
    return {"forms/need.json": json.dumps({**FORM, "arshjul": {"complete": [effect]}}).encode()}


@pytest.mark.parametrize(
    ("changed", "where", "word"),
    [
        (toml('name_en = "N"\ninst', "inst"), "package.toml", "name_en"),
        (toml('owner = "chef"', 'owner = "chief"'), "package.toml: owner", "chief"),
        (toml('"Y-2-11-01"', '"november"'), "package.toml: start at", "november"),
        (toml('form = "need"', 'form = "ned"'), "package.toml: follow_on extra", "ned"),
        (toml('step = "collection"', 'step = "colection"'), "package.toml: follow_on extra", "colection"),
        (toml("'outcome = \"x\"'", "'outcome ='"), "package.toml: event change when", "outcome ="),
        (toml('element = "collection"', 'element = "colection"'), "package.toml: assume bad", "colection"),
        (toml('{ reason = "x" }', "{ }"), "package.toml: assume bad", "answer"),
        (toml('title = "Det går illa"\n', ""), "package.toml: assume bad", "title"),
        (toml("för {plan_year}", "för {planyear}"), "package.toml: follow_on extra title", "planyear"),
        (toml("[variables]", "[variables"), "package.toml", "cannot be read"),
        (form(create="propsal"), "forms/need.json: complete 1", "propsal"),
        (form(create="proposal", state="gone"), "forms/need.json: complete 1", "gone"),
        (form(create="proposal", values={"resaon": "1"}), "forms/need.json: complete 1", "resaon"),
        (form(set={"outcom": "1"}), "forms/need.json: complete 1", "outcom"),
        (form(set={"outcome": "resaon"}), "forms/need.json: complete 1", "resaon"),
        (form(set={"outcome": "count(records.propsal)"}), "forms/need.json: complete 1", "propsal"),
        (form(follow_on="extr"), "forms/need.json: complete 1", "extr"),
        (form(notify="notis", to="[]"), "forms/need.json: complete 1", "notis"),
        ({"messages/notice.toml": MESSAGE.replace("body_en", "x").encode()}, "messages/notice.toml", "body_en"),
        ({"records/proposal.json": b"{"}, "records/proposal.json", "cannot be read"),
        ({"records/proposal.json": b'{"type": 1, "title": "a", "title_en": "b"}'}, "records/proposal.json", "valid"),
        ({"roles.toml": ROLES.replace(b'"chef"\n', b'"x"\n')}, "roles.toml: chef", "x"),
    ],
)
def test_each_mistake_in_the_files_is_found_where_it_stands(changed, where, word):
    problems = lint_package("p", files(**changed), elements())
    assert problems
    assert any(p.where.startswith(where) and word in p.en for p in problems), problems
    assert all(p.sv and p.en for p in problems)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"task": []}, "arshjul:task"),
        ({"title": []}, "arshjul:title"),
        ({"window": []}, "arshjul:window"),
        ({"task": [{"form": "ned", "roles": "chef", "step": "collection"}]}, "ned"),
        ({"task": [{"form": "need", "roles": "chef", "step": "x"}]}, "step"),
        ({"task": [{"form": "need", "roles": "", "step": "collection"}]}, "role"),
        ({"task": [{"form": "need", "roles": "chief", "step": "collection"}]}, "chief"),
        ({"task": [{"form": "need", "roles": "chef", "step": "collection", "completes": "x"}]}, "when-all"),
        ({"title": [{"sv": "x"}]}, "title"),
        ({"title": [{"sv": "{planyear}", "en": "x"}]}, "planyear"),
        ({"window": [{"opens": "Y-2-11-01"}]}, "day is missing"),
        ({"window": [{"opens": "Y-2-11-01", "closes": "Y-2-10-31"}]}, "order"),
        ({"window": [{"opens": "other.closes", "closes": "Y-2-12-31"}]}, "other"),
        ({"window": [{"opens": "collection.closes", "closes": "Y-2-12-31"}]}, "ring"),
        ({"reminder": [{"at": "soon"}]}, "soon"),
        ({"escalation": [{"at": "P1D", "to": "chief"}]}, "chief"),
        ({"escalation": [{"at": "P1D", "to": "chef", "message": "x"}]}, "message"),
        ({"participants": [{"where": "a ="}]}, "FEEL"),
    ],
)
def test_each_mistake_in_a_user_task_is_found(changed, word):
    problems = lint_package("p", files(), elements(**changed))
    assert any(word in p.en for p in problems), problems


@pytest.mark.parametrize("name", ["package.toml", "p.bpmn", "roles.toml"])
def test_a_missing_file_is_named(name):
    given = files()
    del given[name]
    assert [p.where for p in lint_package("p", given)] == [name]
