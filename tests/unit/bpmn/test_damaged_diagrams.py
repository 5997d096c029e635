"""Diagrams damaged at random: each is refused with sentences, or it runs; never a traceback, never a bad save."""

from __future__ import annotations

import copy
import random
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from lxml import etree
from support.bpmn_drawing import boundary, end, file, flows, gateway, message, start, timer, user

from engine.bpmn import BpmnError, check, load

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TAGS = "startEvent endEvent boundaryEvent subProcess parallelGateway inclusiveGateway userTask task laneSet".split()
WHOLE = file(
    start(),
    gateway("exclusive", "again"),
    gateway("parallel", "fork"),
    user("a", "b"),
    boundary("ev", "a", timer("PT1S"), interrupting=False),
    gateway("parallel", "join"),
    gateway("exclusive", "g", 'default="g_again"'),
    f'<subProcess id="sub">{start("s2")}{user("x")}{end("e2")}{flows("s2 -> x -> e2")}</subProcess>',
    end("late"),
    end("e"),
    flows("s -> again -> fork -> a -> join -> g", "fork -> b -> join", "ev -> late"),
    flows("g -> sub: good", "g -> again", "sub -> e"),
    '<subProcess id="change" triggeredByEvent="true">',
    start("asked", message("change"), 'isInterrupting="false"'),
    end("settled"),
    flows("asked -> settled"),
    "</subProcess>",
)


def damaged(chance: random.Random) -> bytes:
    root = etree.fromstring(WHOLE)
    process = root.find(f"{BPMN}process")
    for _ in range(chance.choice([1, 1, 2, 4])):
        nodes: list[Any] = list(process.iter())
        node, other = chance.choice(nodes[1:]), chance.choice(nodes)
        ids = [n.get("id") for n in nodes if n.get("id")]
        match chance.randrange(5):
            case 0:
                node.getparent().remove(node)
            case 1:
                node.attrib.pop(chance.choice([*node.attrib, "id"]), None)
            case 2:
                node.set(chance.choice([*node.attrib, "default"]), chance.choice([*ids, "", "true"]))
            case 3:
                node.tag = BPMN + chance.choice(TAGS)
            case _:
                other.append(copy.deepcopy(node))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.mark.parametrize("seed", range(200))
def test_a_damaged_diagram_is_refused_with_sentences_or_runs(seed: int) -> None:
    chance = random.Random(seed)
    xml = damaged(chance)
    if check(xml):
        return
    model = load(xml)
    assert sorted(model.order()) == sorted(model.elements)

    def guess(_expression: str, _variables: dict[str, Any]) -> bool:
        return chance.random() < 0.5

    execution = model.start({}, guess)
    for _ in range(40):
        waits = execution.waits()
        if not waits:
            break
        wait = chance.choice(waits)
        verb = {"timer": execution.fire}.get(wait.kind) or partial(
            execution.correlate if wait.kind == "message" else execution.complete, variables={}
        )
        with suppress(BpmnError):  # no way out, or round without end: nothing has moved
            verb(wait.token)
        blob = execution.dump()
        execution = model.restore(blob, guess)
        assert execution.rewritten() == blob
