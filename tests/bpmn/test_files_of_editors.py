"""What editors write beside what runs changes nothing, and of what they leave out each fault is told once, where it
is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.bpmn_cases import Case, each, prove
from support.bpmn_models import (
    XSI,
    after,
    around,
    begin,
    catch,
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
from support.refused.drawing import LINE, OPERATION, chosen

from arshjul.run_model import refusals

CALL = '<callActivity id="c" calledElement="Q"/>'
TYPES = (
    b'<import importType="http://www.w3.org/2001/XMLSchema" location="types.xsd" namespace="urn:types"/>'
    b'<import importType="http://schemas.xmlsoap.org/wsdl/" location="mail.wsdl" namespace="urn:mail"/><process'
)
OWNER = (
    '<potentialOwner id="po"><resourceRef>rs</resourceRef><resourceParameterBinding parameterRef="rp">'
    '<formalExpression language="urn:java">unit.head()</formalExpression></resourceParameterBinding></potentialOwner>'
)
RESOURCE = '<resource id="rs" name="Head"><resourceParameter id="rp" name="unit"/></resource>'
FILLED = script("a", inner=(
    '<ioSpecification xmlns:ed="urn:editor"><dataInput id="di" itemSubjectRef="it" ed:hidden="false">'
    '<extensionElements/></dataInput><dataOutput id="do" itemSubjectRef="it"/>'
    '<inputSet id="is"><dataInputRefs>di</dataInputRefs><outputSetRefs>os</outputSetRefs></inputSet>'
    '<outputSet id="os"><dataOutputRefs>do</dataOutputRefs><inputSetRefs>is</inputSetRefs></outputSet>'
    "</ioSpecification><dataInputAssociation><sourceRef>ref</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
    "<dataOutputAssociation><sourceRef>do</sourceRef><targetRef>ref</targetRef></dataOutputAssociation>"
))  # fmt: skip
NO_DATA = "<ioSpecification><inputSet/><outputSet/></ioSpecification>"
XPATH = chosen("x_b", "x -> b", "x -> c: n > 5").replace(
    b"<definitions ", b'<definitions expressionLanguage="http://www.w3.org/2024/EL" '
)
NAMELESS = re.sub(
    rb'<sequenceFlow id="[^"]*"', b"<sequenceFlow", model("s -> p1 -> a -> p2 -> c -> e", "p1 -> b -> p2")
)
PAPER = '<dataObject id="paper" itemSubjectRef="it"/><dataObjectReference id="ref" dataObjectRef="paper"/>'

BESIDE = [
    Case("who may do a task", model("s -> a -> u -> e", f'<userTask id="u">{OWNER}</userTask>', more=RESOURCE), ["a"]),
    Case("who does a script", model("s -> a -> e", script("a", inner='<performer id="po"><resourceRef>rs</resourceRef>'
         "</performer>"), more=RESOURCE), ["a"]),
    Case("types and services of other files", LINE.replace(b"<process", TYPES), ["a"]),
    Case("data of the same items, in sets that name each other", model("s -> a -> e", FILLED, PAPER,
         more='<itemDefinition id="it"/>'), ["a"]),
    Case("places for data that hold none", model("s -> k -> a -> e", f'<task id="k">{NO_DATA}</task>'), ["a"]),
    Case("a file that says XPath", XPATH.replace(b"2024/EL", b"1999/XPath"), ["c"], {"n": 6}),
    Case("flows without ids", NAMELESS, ["a", "b", "c"]),
    Case("two more flows without ids between the same", model("s -> a -> b -> e", 2 * '<sequenceFlow sourceRef="a" '
         'targetRef="b"/>'), ["a", "b", "b", "b"]),
    Case("a global user task waits for a person", around(process("P", CALL, "s -> a -> c -> b -> e"),
         '<globalUserTask id="Q"/>'), ["a"]),
    Case("a collapsed sub-process of which nothing is drawn", model("s -> sub -> b -> e", sub("sub")), ["b"]),
    Case("instances of nothing", model("s -> sub -> b -> e", sub("sub", marker=many("3"))), ["b"]),
    Case("an empty transaction", model("s -> sub -> b -> e", sub("sub", kind="transaction")), ["b"]),
    Case("nothing is undone", model("s -> sub -> th -> b -> e", sub("sub"), undo("sub", "u"),
         throw("th", "<compensateEventDefinition/>")), ["u", "b"]),
    Case("nothing but an event sub-process", model("s -> sub -> b -> e", sub("sub", handler("h", begin("z",
         signal("x")), "z -> c -> he", end("he")))), ["b"]),
]  # fmt: skip

RACE = model("s -> v", "v -> y -> e", "v -> z -> e", catch("y", "<messageEventDefinition/>"),
             catch("z", "<messageEventDefinition/>"))  # fmt: skip
TIMED = model("s -> z -> e", catch("z", after("")))
UNSAID = model("s -> t", "t -> a: a", "t -> c", "a -> e", "c -> e", script("t", attributes='default="t_c"'))
UNSAID = UNSAID.replace(f"<conditionExpression {XSI}>a<".encode(), f"<conditionExpression {XSI}><".encode())
UNCAUGHT = model("s -> sub -> e", sub("sub", "s1 -> a -> z", end("z", error())))
BY_OPERATION = model("s -> z -> e", '<sendTask id="z" operationRef="op"/>', more=OPERATION)
BY_BUSINESS_RULE = around(process("P", CALL, "s -> c -> e"), '<globalBusinessRuleTask id="Q"/>')
SELECTED = (
    '<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef><inputDataItem id="item"/>'
    "</multiInstanceLoopCharacteristics>"
    '<ioSpecification><dataInput id="di"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet/>'
    "</ioSpecification>"
    "<dataInputAssociation><sourceRef>item</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
)
JAVA = XSI.encode() + b' id="ex" language="urn:java"'
CIRCLE = model("s -> sub -> b -> e", sub("sub", "a -> d -> a"))

ACROSS = around(
    process("P", "s -> a -> e").replace("</process>", '<sequenceFlow id="f1" sourceRef="a" targetRef="d"/></process>'),
    '<process id="Q" isExecutable="true"><startEvent id="s1"><outgoing>q</outgoing></startEvent><task id="d">'
    '<incoming>f1</incoming></task><endEvent id="e1"><incoming>q</incoming></endEvent>'
    '<sequenceFlow id="q" sourceRef="s1" targetRef="e1"/></process>',
)
SHAPE = '<di:BPMNShape id="shape" bpmnElement="a"><dc:Bounds x="0" y="0" width="9" height="9"/></di:BPMNShape>'
DRAWN_TWICE = LINE.replace(b"</definitions>", (
    '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    f'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane bpmnElement="P">{SHAPE}{SHAPE}</di:BPMNPlane>'
    "</di:BPMNDiagram></definitions>"
).encode())  # fmt: skip

ONCE: dict[str, tuple[bytes, set[tuple[str, str]]]] = {
    "two messages that nobody named are not the same": (RACE, {("messages", "y"), ("messages", "z")}),
    "a time left empty is no expression": (TIMED, {("timers", "z")}),
    "a condition left empty is a condition": (UNSAID, {("expressions", "t_a")}),
    "an error that is not said is not uncaught": (UNCAUGHT, {("messages", "z")}),
    "a message that is not said is not another": (BY_OPERATION, {("messages", "z")}),
    "an expression is found by its flow": (chosen("x_b", "x -> b", "x -> c: go()").replace(XSI.encode(), JAVA),
                                           {("attributes", "x_c")}),
    "an expression may be in the language of its file": (XPATH, {("attributes", "x_c")}),
    "a flow into another process is no more than that": (ACROSS, {("references", "f1"), ("references", "d")}),
    "an id that two things in the drawing have": (DRAWN_TWICE, {("schema", "shape")}),
    "an id that begins with a digit": (LINE.replace(b'"a"', b'"1a"'), {("schema", "1a")}),
    "a global business rule task is one": (BY_BUSINESS_RULE, {("kinds", "Q")}),
    "each item of many is data": (model("s -> a -> e", script("a", inner=SELECTED)),
                                  {("loop_markers", "a")}),
    "a sub-process that goes in circles": (CIRCLE, {("start_events", "sub"), ("reachability", "a")}),
}  # fmt: skip


@each(BESIDE)
def test_what_is_written_beside_what_runs_changes_nothing(case: Case) -> None:
    prove(case)


@pytest.mark.parametrize("name", ONCE)
def test_a_fault_is_told_once_where_it_is(name: str) -> None:
    xml, expected = ONCE[name]
    found: list[Any] = [(finding.rule, finding.element_id) for finding in refusals(xml, {}, test_scripts=True)]
    assert sorted(found) == sorted(expected)


def test_an_expression_of_another_language_is_told_with_its_line_also_in_what_is_called() -> None:
    chooses = process("Q", "s1 -> x", "x -> a: ${n}", "x -> b", "a -> e1", "b -> e1",
                      '<exclusiveGateway id="x" default="x_b"/>', executable="false")  # fmt: skip
    found = refusals(around(process("P", CALL, "s -> c -> e"), chooses), {}, test_scripts=True)
    assert [(f.rule, f.element_id, f.line is not None, "${n}" in f.en) for f in found] == [
        ("expression", "x_a", True, True)
    ]


def test_a_sentence_stays_on_its_line() -> None:
    broken = [chosen("x_b", "x -> b", "x -> c").replace(b'id="x"', b'id="x" name="Plan&#10;ready?"'),
              RACE.replace(b'id="y"', b'id="y" name="The&#13;&#10;one"')]  # fmt: skip
    told = [finding for xml in broken for finding in refusals(xml, {}, test_scripts=True)]
    assert len(told) == 3
    assert not any(break_ in f.sv + f.en for f in told for break_ in "\n\r")


def test_an_ill_formed_file_is_told_what_is_ill() -> None:
    spaced = LINE.replace(b"<definitions ", b'<definitions xmlns:own="a b" ')
    unclosed = LINE.replace(b"</process>", b"")
    loose = LINE.replace(b"<process ", b'<process ed:colour="red" ')
    said = [finding.en for xml in (spaced, unclosed, loose) for finding in refusals(xml)]
    expected = ["A namespace on line", "not well-formed XML (line", "Namespace prefix ed for colour"]
    assert len(said) == 3
    assert all(words in sentence for words, sentence in zip(expected, said, strict=True))
