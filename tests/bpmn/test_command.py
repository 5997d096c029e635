"""`arshjul run-model` as people run it, and files damaged at random: refused or run, never a traceback."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from support.bpmn_drawing import user
from support.bpmn_models import (
    after,
    begin,
    catch,
    compensate,
    cycle,
    edge,
    end,
    error,
    handler,
    many,
    model,
    process,
    script,
    signal,
    sub,
    throw,
    undo,
)

from arshjul.cli import arshjul
from arshjul.run_model import refusals, run, running

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TAGS = (
    "startEvent endEvent boundaryEvent subProcess transaction parallelGateway inclusiveGateway eventBasedGateway "
    "userTask task receiveTask callActivity intermediateCatchEvent intermediateThrowEvent signalEventDefinition "
    "errorEventDefinition cancelEventDefinition compensateEventDefinition linkEventDefinition process"
).split()
WHOLE = model(
    "s -> o1", "o1 -> a: n > 0", "o1 -> part: n > 1", "a -> o2", "part -> o2", "o2 -> v -> c1 -> th -> e",
    "v -> c2 -> e", "bo -> late -> e", catch("c1", after("PT1M")), catch("c2", signal("x")), throw("th", compensate()),
    sub("part", "s1 -> again -> e1", script("again", inner=many("2")), end("e1", error("x")),
        handler("h", begin("hs", error("x")), "hs -> he", end("he"))),
    edge("bo", "a", after("PT5S"), False), undo("a", "ua"),
)  # fmt: skip


def command(*arguments: str | Path) -> tuple[Any, str]:
    result = CliRunner().invoke(arshjul, ["run-model", *(str(a) for a in arguments)])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout), result.stderr


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    (tmp_path / "model.bpmn").write_bytes(model("s -> a -> b -> e", script("a", "trace n", "wait 3600")))
    (tmp_path / "variables.json").write_text('{"n": [1, "å"]}', encoding="utf-8")
    return tmp_path


def test_the_command_prints_what_was_traced_and_a_rest_takes_no_time(saved: Path) -> None:
    traced, _ = command(saved / "model.bpmn", "--variables", saved / "variables.json", "--test-scripts")
    assert traced == [[1, "å"], "b"]


def test_the_command_says_why_a_file_is_refused_beside_the_trace(saved: Path) -> None:
    traced, why = command(saved / "model.bpmn")
    assert traced == ["ERROR_deployment"]
    assert "”a” är en skriptuppgift" in why


def test_where_a_run_comes_to_stand_is_said_beside_the_trace(saved: Path) -> None:
    (saved / "model.bpmn").write_bytes(model("s -> a -> b -> e", user("b")))
    traced, why = command(saved / "model.bpmn", "--test-scripts")
    assert (traced, why) == (["a"], "b: ”B” väntar på att någon svarar när körningen slutar.\n")


def test_a_file_that_is_not_there_is_told_in_a_sentence(saved: Path) -> None:
    result = CliRunner().invoke(arshjul, ["run-model", str(saved / "none.bpmn")])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{saved / 'none.bpmn'} finns inte.\n")


def test_an_instance_that_fails_says_so_in_the_trace(saved: Path) -> None:
    traced, _ = command(saved / "model.bpmn", "--test-scripts")
    assert traced == ["ERROR_runtime"]


@pytest.mark.parametrize("text", ["{", '{"_processes": [["P"]]}', '{"_horizon": NaN}', "[]",
    '{"_processes": "P"}', '{"_horizon": "long"}', '{"_horizon": -1}',
])  # fmt: skip
def test_variables_that_do_not_do_are_told_and_nothing_is_run(saved: Path, text: str) -> None:
    (saved / "wrong.json").write_text(text)
    result = CliRunner().invoke(
        arshjul, ["run-model", str(saved / "model.bpmn"), "--variables", str(saved / "wrong.json"), "--test-scripts"]
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr) > 20


@pytest.mark.parametrize("rest", ['"long"', "null", "10 ** 20", "[1]"])
def test_a_rest_of_no_number_of_seconds_is_a_fault_of_the_instance(rest: str) -> None:
    assert run(model("s -> a -> e", script("a", 'trace "a"', f"wait {rest}")), {}, test_scripts=True) == [
        "a",
        "ERROR_runtime",
    ]


def test_what_goes_on_without_time_passing_is_a_fault_and_what_comes_again_and_again_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "MOST_AT_ONCE", 30)
    rounds = model("s -> a -> x1 -> e", "x1 -> a: true = true").replace(b'id="x1"', b'id="x1" default="x1_e"')
    assert run(rounds, {}, test_scripts=True)[-1] == "ERROR_runtime"
    hours = model("s -> t -> e", "bo -> c -> e2", '<userTask id="t"/>', edge("bo", "t", cycle("R/PT1H"), False))
    assert run(hours, {"_horizon": 50 * 3600}, test_scripts=True) == ["c"] * 50


@pytest.mark.parametrize("time", ["P9999999Y", "P99999999999D", "P9999Y11M30DT23H"])
def test_a_timer_beyond_all_years_never_raises(time: str) -> None:
    traced = run(model("s -> ca -> a -> e", catch("ca", after(time))), {}, test_scripts=True)
    assert traced in (["ERROR_deployment"], ["ERROR_runtime"], [])


def test_a_timer_whose_expression_fails_is_a_fault_of_the_instance() -> None:
    timed = model("s -> ca -> a -> e", catch("ca", after("pause")))
    assert run(timed, {"pause": "PT5S"}, test_scripts=True) == ["a"]
    assert run(timed, {"pause": 5}, test_scripts=True) == ["ERROR_runtime"]
    assert run(timed, {}, test_scripts=True) == ["ERROR_deployment"]
    assert [(f.rule, f.element_id) for f in refusals(timed, {}, test_scripts=True)] == [("timers", "ca")]
    given = model("s -> a -> ca -> e", script("a", 'set pause = "PT5S"', 'trace "a"'), catch("ca", after("pause")))
    assert run(given, {}, test_scripts=True) == ["a"]


def test_where_no_process_is_marked_executable_those_run_of_which_it_is_not_denied() -> None:
    unmarked = model("s -> a -> e").replace(b' isExecutable="true"', b"")
    assert run(unmarked, {}, test_scripts=True) == ["a"]
    other = unmarked.replace(b"</definitions>", process("Q", "s2 -> b -> e2").encode() + b"</definitions>")
    assert run(other, {}, test_scripts=True) == ["b"]
    denied = model("s -> a -> e").replace(b'isExecutable="true"', b'isExecutable="false"')
    assert run(denied, {}, test_scripts=True) == ["ERROR_deployment"]


WRITTEN = model("s -> a -> e", script("a", 'trace "åäö"'))


def written(declared: str, encoding: str) -> bytes:
    return WRITTEN.decode().replace("UTF-8", declared).encode(encoding)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"), ("utf-8", "utf-8-sig"), ("ISO-8859-1", "latin-1"), ("iso-8859-15", "iso-8859-15"),
        ("WINDOWS-1252", "cp1252"), ("UTF-16", "utf-16"), ("MacRoman", "mac-roman"),
    ],
)  # fmt: skip
def test_a_model_may_be_written_in_the_encoding_that_it_declares(declared: str, encoding: str) -> None:
    assert run(written(declared, encoding), {}, test_scripts=True) == ["åäö"]


@pytest.mark.parametrize(
    "xml",
    [
        written("UTF-8", "latin-1"), written("UTF-16", "utf-8"), written("ISO-8859-1", "utf-16"),
        written("UTF-8", "utf-16"), written("UTF-16", "utf-16-le"), written("UTF-7", "utf-7"),
        written("x-nobody", "latin-1"), written("windows-1252", "utf-8").replace("å".encode(), b"\x81"),
        written("US-ASCII", "latin-1"), written("ISO-8859-1", "utf-8-sig"),
    ],
)  # fmt: skip
def test_a_byte_that_is_not_of_the_declared_encoding_is_never_guessed(xml: bytes) -> None:
    assert [f.rule for f in refusals(xml, test_scripts=True)] == ["encoding"]


def test_what_is_forbidden_in_utf_8_is_forbidden_in_every_encoding() -> None:
    hidden = written("UTF-16", "utf-8").replace(b"<definitions", b"<!DOCTYPE d []><definitions").decode()
    assert [f.rule for f in refusals(hidden.encode("utf-16"), test_scripts=True)] == ["doctype"]


def test_a_refusal_says_which_element_and_where(saved: Path) -> None:
    _, why = command(saved / "model.bpmn")
    assert why.splitlines()[0].startswith("a, rad 3, kinds: ”a”")


def damaged(chance: random.Random) -> bytes:
    root = etree.fromstring(WHOLE)
    for _ in range(chance.choice([1, 1, 2, 3])):
        nodes: list[Any] = [node for node in root.iter() if node is not root]
        node, other = chance.choice(nodes), chance.choice(nodes)
        ids = [n.get("id") for n in nodes if n.get("id")]
        match chance.randrange(5):
            case 0:
                node.getparent().remove(node)
            case 1:
                node.set(chance.choice([*node.attrib, "default"]), chance.choice([*ids, "", "true"]))
            case 2:
                node.tag = BPMN + chance.choice(TAGS)
            case 3:
                other.append(copy.deepcopy(node))
            case _:
                for flow in root.iter(f"{BPMN}sequenceFlow"):
                    if chance.random() < 0.2:
                        flow.set(chance.choice(["sourceRef", "targetRef"]), chance.choice(ids))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def test_the_whole_diagram_runs() -> None:
    assert run(WHOLE, {"n": 2}, test_scripts=True) == ["again", "again", "a", "ua"]


@pytest.mark.parametrize("seed", range(100))
def test_a_damaged_diagram_is_refused_with_sentences_or_runs(seed: int) -> None:
    xml = damaged(random.Random(seed))
    traced = run(xml, {"n": 2}, test_scripts=True)
    assert (traced == ["ERROR_deployment"]) == bool(refusals(xml, {"n": 2}, test_scripts=True))
