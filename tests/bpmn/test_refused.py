"""What the standard forbids, or what is not run: each diagram is refused by a sentence that names the element,
and its corrected twin is accepted."""

from __future__ import annotations

import pkgutil
from typing import NamedTuple

import pytest
from support.bpmn_models import (
    CANCEL,
    TERMINATE,
    after,
    around,
    at,
    begin,
    catch,
    compensate,
    complex_gateway,
    conditional,
    cycle,
    edge,
    end,
    error,
    escalation,
    handler,
    link,
    loop,
    many,
    message,
    model,
    process,
    script,
    signal,
    start,
    sub,
    throw,
    undo,
)

from arshjul.run_model import refusals, run
from engine.bpmn import rules


class Pair(NamedTuple):
    name: str
    rule: str
    element: str
    wrong: bytes
    right: bytes


KINDS = {
    "none": "", "message": message("x"), "timer": after("PT1S"), "signal": signal("x"), "error": error("x"),
    "escalation": escalation("x"), "conditional": conditional("go"), "link": link("L"), "cancel": CANCEL,
    "compensate": compensate(), "terminate": TERMINATE,
}  # fmt: skip


def starting(kind: str) -> bytes:
    return model("s -> a -> z", start("s", KINDS[kind]), end("z"))


def ending(kind: str) -> bytes:
    return model("s -> a -> z", end("z", KINDS[kind]))


def throwing(kind: str) -> bytes:
    return model("s -> z -> a -> e", throw("z", KINDS[kind]))


def catching(kind: str) -> bytes:
    return model("s -> z -> a -> e", catch("z", KINDS[kind]))


def on_edge(kind: str) -> bytes:
    return model("s -> a -> e", "z -> b -> e2", edge("z", "a", KINDS[kind]))


def beside(kind: str) -> bytes:
    return model("s -> a -> e", "z -> b -> e2", edge("z", "a", KINDS[kind], False))


def of_sub(kind: str) -> bytes:
    return model("s -> sub -> e", sub("sub", "z -> a -> e1", start("z", KINDS[kind])))


def of_handler(kind: str) -> bytes:
    return model("s -> a -> e", handler("h", begin("z", KINDS[kind]), "z -> b -> he", end("he")))


def of_handler_beside(kind: str) -> bytes:
    return model("s -> sub -> e", sub("sub", "s1 -> a -> e1", handler("h", begin("z", KINDS[kind], False),
                 "z -> b -> he", end("he"))))  # fmt: skip


PLACES = [
    ("a start event", starting, "timer", "error escalation cancel compensate terminate link conditional", "s"),
    ("an end event", ending, "signal", "timer conditional link", "z"),
    ("a throw event", throwing, "signal", "timer conditional error cancel terminate", "z"),
    ("a catch event", catching, "signal", "none error escalation cancel compensate terminate", "z"),
    ("an event on an edge", on_edge, "timer", "none link terminate", "z"),
    ("an event beside", beside, "timer", "error cancel compensate", "z"),
    ("the start of a sub-process", of_sub, "none", "message timer signal error escalation conditional", "sub"),
    ("the start of an event sub-process", of_handler, "signal", "link cancel terminate", "z"),
    ("a start beside", of_handler_beside, "signal", "error compensate", "z"),
]
EVENTS = [
    Pair(f"{place}: {kind}", "start_events" if draw is of_sub else "event_definitions", element, draw(kind),
         draw(right))
    for place, draw, right, wrong, element in PLACES
    for kind in wrong.split()
]  # fmt: skip

LINE = model("s -> a -> e")


def announced(behavior: str, interrupting: bool) -> bytes:
    """Three instances that throw what is on the edge of their activity."""
    marker = many("3", attributes=f'behavior="{behavior}" {behavior.lower()}BehaviorEventRef="sd"')
    return model("s -> a -> b -> e", "bo -> c -> e2", script("a", inner=marker), edge("bo", "a", signal("x"),
                 interrupting), more='<signalEventDefinition id="sd" signalRef="sig_x"/>')  # fmt: skip


def joined(condition: str = "", *ways: str, start: str = "s -> p1") -> bytes:
    """Two parallel ways into a complex gateway, and what is drawn after it."""
    return model(complex_gateway("k", condition), start, "p1 -> a -> k", "p1 -> b -> k", *(ways or ("k -> c -> e",)))


SUB = sub("sub", "s1 -> b -> e1")
POOLS = (
    '<collaboration id="co"><participant id="pa" processRef="P"/><participant id="pb" processRef="Q"/>{}'
    "</collaboration>"
)
FLOW = '<messageFlow id="mf" sourceRef="{}" targetRef="{}"/>'
SENDER = process("P", "s -> a -> th -> z -> e", throw("th", message("x")), end("e", message("x")))
TAKER = process("Q", "s1 -> ca -> c -> e1", catch("ca", message("x")))
CALL = '<callActivity id="c" calledElement="{}"/>'
TASK = '<scriptTask id="a" {}><script>trace 1</script></scriptTask>'
DEFAULT = '<exclusiveGateway id="x" default="{}"/>'

SIGNAL = '<signal id="q"/><signalEventDefinition id="d" signalRef="q"/>'
OPERATION = (
    '<interface id="if" name="i"><operation id="op" name="m_x"><inMessageRef>m_x</inMessageRef></operation></interface>'
)


def pools(source: str, target: str) -> bytes:
    return around(POOLS.format(FLOW.format(source, target)), SENDER, TAKER)


def attributed(text: str) -> bytes:
    return model("s -> a -> e", TASK.format(text))


def marked(marker: str) -> bytes:
    return model("s -> a -> e", script("a", inner=marker))


def chosen(default: str, *flows: str) -> bytes:
    return model(DEFAULT.format(default), "s -> x", *flows, "b -> e", "c -> e")


def listed(incoming: str, outgoing: str) -> bytes:
    return model("s -> a -> e", '<startEvent id="s"><outgoing>s_a</outgoing></startEvent>'
                 f'<scriptTask id="a">{incoming}{outgoing}<script>trace 1</script></scriptTask>'
                 '<endEvent id="e"><incoming>a_e</incoming></endEvent>')  # fmt: skip


def directed(kind: str, direction: str) -> bytes:
    return model(f'<{kind}Gateway id="z" gatewayDirection="{direction}"/>', f'<{kind}Gateway id="y"/>',
                 "s -> z -> a -> y -> e", "z -> b -> y")  # fmt: skip


def raced(*parts: str) -> bytes:
    return model("s -> v -> z -> a -> e", "v -> c2 -> b -> e", catch("c2", after("PT1S")), *parts)


def linked(*parts: str) -> bytes:
    return model("s -> a -> th", "ca -> b -> e", *parts)


def undone(*parts: str) -> bytes:
    return model("s -> a -> th -> e", throw("th", compensate()), *parts)


def cancelled(kind: str, *parts: str) -> bytes:
    return model("s -> sub -> b -> e", sub("sub", "s1 -> a -> z", end("z", CANCEL), kind=kind), *parts)


EDGE = edge("bo", "sub", CANCEL)
OUT = "bo -> d -> e2"
LINKS = (throw("th", link("L")), catch("ca", link("L")))
INCOMING, OUTGOING = "<incoming>s_a</incoming>", "<outgoing>a_e</outgoing>"

FLOWS = [
    Pair("a flow to nothing", "references", "a_z9", model("s -> a -> e").replace(b"</process>",
         b'<sequenceFlow id="a_z9" sourceRef="a" targetRef="z9"/></process>'), LINE),
    Pair("a flow into a sub-process", "references", "a_b", model("s -> a -> sub -> e", SUB, "s -> f -> e").replace(
         b"</process>", b'<sequenceFlow id="a_b" sourceRef="a" targetRef="b"/></process>'),
         model("s -> a -> sub -> e", SUB)),
    Pair("a flow out of a sub-process", "references", "b_e", model("s -> sub -> e", SUB).replace(
         b"</process>", b'<sequenceFlow id="b_e" sourceRef="b" targetRef="e"/></process>'),
         model("s -> sub -> e", SUB)),
    Pair("a flow to another process", "references", "a_c", around(process("P", "s -> a -> e"),
         process("Q", "s1 -> c -> e1")).replace(b"</process>",
         b'<sequenceFlow id="a_c" sourceRef="a" targetRef="c"/></process>', 1), around(process("P", "s -> a -> e"),
         process("Q", "s1 -> c -> e1"))),
    Pair("a flow to a note", "references", "a_ta", model("s -> a -> e").replace(b"</process>",
         b'<sequenceFlow id="a_ta" sourceRef="a" targetRef="ta"/><textAnnotation id="ta"/></process>'), model(
         "s -> a -> e").replace(b"</process>", b'<textAnnotation id="ta"/></process>')),
    Pair("a flow into a start event", "dead_ends", "s", model("s -> a -> e", "a -> s"), LINE),
    Pair("a flow out of an end event", "dead_ends", "e", model("s -> a -> e", "e -> b -> e2"), LINE),
    Pair("a task that leads nowhere", "dead_ends", "b", model("s -> a -> e", "s -> b"),
         model("s -> a -> e", "s -> b -> e")),
    Pair("a task that nothing leads to", "reachability", "b", model("s -> a -> e", "b -> e"), LINE),
    Pair("a catch event that nothing leads to", "reachability", "ca", model("s -> a -> e", "ca -> e",
         catch("ca", signal("x"))), model("s -> a -> ca -> e", catch("ca", signal("x")))),
    Pair("an end event without a start event", "start_events", "e", model("a -> e"), LINE),
    Pair("a start event without an end event", "start_events", "s", model("s -> a"), LINE),
    Pair("an end event without a start event in a sub-process", "start_events", "e1",
         model("s -> sub -> e", sub("sub", "a -> e1")), model("s -> sub -> e", sub("sub", "s1 -> a -> e1"))),
    Pair("two start events of no type", "start_events", "s2", model("s -> a -> e", "s2 -> a"), LINE),
    Pair("an empty sub-process", "start_events", "sub", model("s -> sub -> e", sub("sub")),
         model("s -> sub -> e", SUB)),
    Pair("an id used twice", "identifiers", "a", model("s -> a -> e").replace(b"</process>",
         b'<task id="a"/></process>'), LINE),
    Pair("a loop of gateways", "endless_loops", "x1", model("s -> x1 -> x2", "x2 -> x1: go", "x2 -> e: not(go)"),
         model("s -> x1 -> a -> x2", "x2 -> x1: go", "x2 -> e: not(go)")),
    Pair("a path of 301 elements", "path_length", "t299",
         model(" -> ".join(["s", *(f"t{i}" for i in range(300)), "e"])),
         model(" -> ".join(["s", *(f"t{i}" for i in range(298)), "e"]))),
    Pair("incoming that is not drawn", "references", "a", listed(INCOMING + "<incoming>x</incoming>", OUTGOING),
         listed(INCOMING, OUTGOING)),
    Pair("incoming that is not listed", "flow_lists", "a", listed("", OUTGOING), listed(INCOMING, OUTGOING)),
    Pair("outgoing that is not listed", "flow_lists", "a", listed(INCOMING, ""), listed(INCOMING, OUTGOING)),
    Pair("outgoing listed as incoming", "flow_lists", "a", listed(INCOMING + "<incoming>a_e</incoming>", OUTGOING),
         listed(INCOMING, OUTGOING)),
    Pair("a condition on the only flow", "conditions", "a_e", model("s -> a", "a -> e: go"), LINE),
    Pair("a condition out of an event", "conditions", "th_a", model("s -> th", "th -> a: go", "a -> e", throw("th")),
         model("s -> th", "th -> a", "a -> e", throw("th"))),
    Pair("a condition out of a start event", "conditions", "s_a", model("s -> a: go", "s -> b -> e", "a -> e"),
         model("s -> a", "s -> b -> e", "a -> e")),
    Pair("a way without condition", "conditions", "x_c", chosen("x_b", "x -> b", "x -> c"),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a default with a condition", "conditions", "x_b", chosen("x_b", "x -> b: go", "x -> c: go"),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a default that goes out from another", "references", "x", chosen("s_x", "x -> b: go", "x -> c: go"),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a default of a task without conditions", "conditions", "a", model(
         script("a", attributes='default="a_e"'), "s -> a -> e", "a -> b -> e"), model("s -> a -> e", "a -> b -> e")),
    Pair("an empty condition", "expressions", "x_c", chosen("x_b", "x -> b", "x -> c: go").replace(b">go<", b"> <"),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a condition that is a description", "expressions", "x_c", chosen("x_b", "x -> b", "x -> c: go").replace(
         b"<conditionExpression>", b'<conditionExpression xsi:type="tExpression">'),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a condition that cannot be read", "expression", "x_c", chosen("x_b", "x -> b", "x -> c: go ("),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a condition in another language", "attributes", "x_c", chosen("x_b", "x -> b", "x -> c: go").replace(
         b"<conditionExpression>", b'<conditionExpression language="python">'),
         chosen("x_b", "x -> b", "x -> c: go")),
    Pair("a flow that may be delayed", "attributes", "s_a", LINE.replace(b'id="s_a"', b'id="s_a" isImmediate="false"'),
         LINE),
]  # fmt: skip

GATEWAYS = [
    Pair("a gateway with one way in and out", "gateways", "x1", model("s -> x1 -> a -> e"), LINE),
    Pair("a gateway that converges by its word alone", "gateways", "z", directed("parallel", "Converging"),
         directed("parallel", "Diverging")),
    Pair("a mixed gateway that only splits", "gateways", "z", directed("parallel", "Mixed"),
         directed("parallel", "Diverging")),
    Pair("a diverging gateway that joins", "gateways", "y", model('<parallelGateway id="y" '
         'gatewayDirection="Diverging"/>', "s -> p1 -> a -> y -> e", "p1 -> b -> y"), model(
         '<parallelGateway id="y" gatewayDirection="Converging"/>', "s -> p1 -> a -> y -> e", "p1 -> b -> y")),
    Pair("a complex gateway that does not say when", "gateways", "k", joined(), joined("activationCount >= 1")),
    Pair("a complex gateway that only splits and says when", "gateways", "k", model(complex_gateway("k", "true"),
         "s -> k", "k -> a: a", "k -> b: b", "a -> e", "b -> e"), model(complex_gateway("k"), "s -> k", "k -> a: a",
         "k -> b: b", "a -> e", "b -> e")),
    Pair("a complex gateway that joins and splits", "gateways", "k", joined("true", "k -> d: c", "k -> f: not(c)",
         "d -> e", "f -> e"), joined("true")),
    Pair("a complex gateway with a condition on its way out", "gateways", "k", joined("true", "k -> d: c", "d -> e"),
         joined("true")),
    Pair("a complex gateway on a loop", "gateways", "k", joined("true", "k -> d -> x1", "x1 -> p1: go",
         "x1 -> e: not(go)", start="s -> x2 -> p1").replace(b'"x1_p1" sourceRef="x1" targetRef="p1"',
         b'"x1_p1" sourceRef="x1" targetRef="x2"'), joined("true", "k -> d -> x1", "x1 -> f: go", "x1 -> e: not(go)",
         "f -> e")),
    Pair("a complex gateway whose condition cannot be read", "expression", "k", joined("count ("),
         joined("activationCount > 1")),
    Pair("an event-based gateway with one way", "gateways", "v", model("s -> v -> ca -> e", "s -> v",
         catch("ca", signal("x"))).replace(b'<sequenceFlow id="s_v"', b'<sequenceFlow id="s_v2"', 1),
         model("s -> v -> ca -> e", "v -> cb -> e", catch("ca", signal("x")), catch("cb", signal("y")))),
    Pair("a task behind an event-based gateway", "gateways", "z", raced(), raced(catch("z", signal("x")))),
    Pair("a throw event behind an event-based gateway", "gateways", "z", raced(throw("z", signal("x"))),
         raced(catch("z", signal("x")))),
    Pair("an event with two ways in behind an event-based gateway", "gateways", "z",
         raced(catch("z", signal("x")), "b -> z"), raced(catch("z", signal("x")))),
    Pair("a message and a receive task behind one gateway", "gateways", "z", raced(
         '<receiveTask id="z" messageRef="m_x"/>', "v -> cc -> a", catch("cc", message("y"))),
         raced('<receiveTask id="z" messageRef="m_x"/>')),
    Pair("a receive task with an event on its edge behind a gateway", "gateways", "z", raced(
         '<receiveTask id="z" messageRef="m_x"/>', edge("bo", "z", after("PT1S")), "bo -> f -> e"),
         raced('<receiveTask id="z" messageRef="m_x"/>')),
    Pair("a condition out of an event-based gateway", "gateways", "z", raced(catch("z", signal("x"))).replace(
         b'id="v_z" sourceRef="v" targetRef="z">', b'id="v_z" sourceRef="v" targetRef="z"><conditionExpression>go'
         b"</conditionExpression>"), raced(catch("z", signal("x")))),
    Pair("an event-based gateway that starts the process", "gateways", "v", raced(catch("z", signal("x")),
         '<eventBasedGateway id="v" instantiate="true"/>'), raced(catch("z", signal("x")))),
]  # fmt: skip

DETAILS = [
    Pair("a message event without a message", "messages", "z", model("s -> z -> e", catch("z",
         "<messageEventDefinition/>")), model("s -> z -> e", catch("z", message("x")))),
    Pair("a send task without a message", "messages", "z", model("s -> z -> e", '<sendTask id="z"/>'),
         model("s -> z -> e", '<sendTask id="z" messageRef="m_x"/>')),
    Pair("a receive task without a message", "messages", "z", model("s -> z -> e", '<receiveTask id="z"/>'),
         model("s -> z -> e", '<receiveTask id="z" messageRef="m_x"/>')),
    Pair("a signal event without a signal", "messages", "z", model("s -> z -> e", throw("z",
         "<signalEventDefinition/>")), model("s -> z -> e", throw("z", signal("x")))),
    Pair("an error thrown without a code", "messages", "z", model("s -> a -> z", end("z", error())), ending("error")),
    Pair("an error that has no code", "messages", "err_x", ending("error").replace(b'errorCode="x"', b""),
         ending("error")),
    Pair("an escalation that has no code", "messages", "esc_x", model("s -> a -> e1", end("e1", escalation("x")),
         handler("h", begin("hs", escalation("x")), "hs -> b -> he", end("he"))).replace(b'escalationCode="x"', b""),
         model("s -> a -> e1", end("e1", escalation("x")), handler("h", begin("hs", escalation("x")), "hs -> b -> he",
         end("he")))),
    Pair("a data object that is a task", "targets", "dr", model('<dataObject id="d"/>',
         '<dataObjectReference id="dr" dataObjectRef="a"/>', "s -> a -> e"), model('<dataObject id="d"/>',
         '<dataObjectReference id="dr" dataObjectRef="d"/>', "s -> a -> e")),
    Pair("a participant of no process", "targets", "pb", around(POOLS.format(""), SENDER), pools("th", "ca")),
    Pair("an association to nothing", "targets", "as", LINE.replace(b"</process>",
         b'<association id="as" sourceRef="a" targetRef="gone"/></process>'), model("s -> a -> b -> e").replace(
         b"</process>", b'<association id="as" sourceRef="a" targetRef="b"/></process>')),
    Pair("a definition in another file", "targets", "pr", model('<property id="pr" itemSubjectRef="o:it"/>',
         "s -> a -> e", more='<itemDefinition id="it"/>').replace(b"<definitions ", b'<definitions xmlns:o="urn:o" '),
         model('<property id="pr" itemSubjectRef="it"/>', "s -> a -> e", more='<itemDefinition id="it"/>')),
    Pair("a timer without a time", "timers", "z", model("s -> z -> e", catch("z", "<timerEventDefinition/>")),
         catching("timer")),
    Pair("a duration that is none", "timers", "z", model("s -> z -> e", catch("z", after("P1S"))), catching("timer")),
    Pair("a date that is none", "timers", "z", model("s -> z -> e", catch("z", at("2025-13-01"))),
         model("s -> z -> e", catch("z", at("2025-12-01")))),
    Pair("a cycle that is none", "timers", "z", model("s -> a -> e", "z -> b -> e", edge("z", "a", cycle("4/PT1S"),
         False)), model("s -> a -> e", "z -> b -> e", edge("z", "a", cycle("R4/PT1S"), False))),
    Pair("a cycle in the flow", "timers", "z", model("s -> z -> e", catch("z", cycle("R4/PT1S"))), catching("timer")),
    Pair("a condition that is missing", "expressions", "z", model("s -> z -> e", catch("z",
         "<conditionalEventDefinition><condition/></conditionalEventDefinition>")), catching("conditional")),
    Pair("an event of several types with terminate", "event_definitions", "z", model("s -> a -> z", end("z",
         TERMINATE + signal("x"))), ending("terminate")),
    Pair("all of one event", "event_definitions", "z", model("s -> z -> e", catch("z", signal("x"),
         'parallelMultiple="true"')), catching("signal")),
    Pair("a borrowed type that is not there", "event_definitions", "z", model("s -> z -> e", catch("z",
         "<eventDefinitionRef>gone</eventDefinitionRef>")), catching("signal")),
    Pair("a type borrowed from another event", "event_definitions", "z", model("s -> y -> z -> e", throw("y",
         '<signalEventDefinition id="d" signalRef="sig_x"/>'), catch("z",
         "<eventDefinitionRef>d</eventDefinitionRef>")), model("s -> z -> e",
         catch("z", "<eventDefinitionRef>d</eventDefinitionRef>"), more=SIGNAL)),
    Pair("an event on the edge of nothing", "boundary_events", "z", model("s -> a -> e", "z -> b -> e",
         edge("z", "gone", after("PT1S"))), on_edge("timer")),
    Pair("an event on the edge of a gateway", "boundary_events", "z", model("s -> p1 -> a -> e", "p1 -> b -> e",
         "z -> c -> e", edge("z", "p1", after("PT1S"))), on_edge("timer")),
    Pair("a flow into an event on an edge", "boundary_events", "z", model("s -> a -> e", "z -> b -> e", "b -> z",
         edge("z", "a", after("PT1S"))), on_edge("timer")),
    Pair("an event on an edge that leads nowhere", "dead_ends", "z", model("s -> a -> e", edge("z", "a",
         after("PT1S"))), on_edge("timer")),
    Pair("an error that nobody catches", "catchers", "z", model("s -> sub -> e", sub("sub", "s1 -> a -> z",
         end("z", error("x")))), model("s -> sub -> e", "bo -> b -> e2", sub("sub", "s1 -> a -> z",
         end("z", error("x"))), edge("bo", "sub", error("x")))),
    Pair("an error caught by another code", "catchers", "z", model("s -> sub -> e", "bo -> b -> e2", sub("sub",
         "s1 -> a -> z", end("z", error("x"))), edge("bo", "sub", error("y"))), model("s -> sub -> e", "bo -> b -> e2",
         sub("sub", "s1 -> a -> z", end("z", error("x"))), edge("bo", "sub", error("x")))),
    Pair("an event sub-process with a flow", "event_subprocesses", "h", model("s -> a -> h -> e", handler("h",
         begin("hs", signal("x")), "hs -> b -> he", end("he"))), of_handler("signal")),
    Pair("an event sub-process without an event", "event_subprocesses", "h", of_handler("none"), of_handler("signal")),
    Pair("an event sub-process with two starts", "event_subprocesses", "h", model("s -> a -> e", handler("h",
         begin("hs", signal("x")), begin("ht", signal("y")), "hs -> b -> he", "ht -> b", end("he"))),
         of_handler("signal")),
    Pair("a link without its other half", "links", "th", model("s -> a -> th", "s -> e", throw("th", link("L"))),
         linked(*LINKS)),
    Pair("a caught link that nobody throws", "links", "ca", model("s -> a -> e", "ca -> b -> e", catch("ca",
         link("L"))), linked(*LINKS)),
    Pair("two ends of one link", "links", "th", linked(*LINKS, catch("cb", link("L")), "cb -> c -> e"), linked(*LINKS)),
    Pair("a flow out of a throwing link", "links", "th", linked(*LINKS, "th -> e"), linked(*LINKS)),
    Pair("a flow into a caught link", "links", "ca", linked(*LINKS, "b -> ca"), linked(*LINKS)),
    Pair("a link over the border of a sub-process", "links", "th", model("s -> sub -> e", "ca -> b -> e",
         catch("ca", link("L")), sub("sub", "s1 -> a -> th", "s1 -> e1", throw("th", link("L")))), linked(*LINKS)),
    Pair("links that name others", "links", "ca", linked(throw("th", '<linkEventDefinition id="l1" name="L"><target>l1'
         "</target></linkEventDefinition>"), catch("ca", '<linkEventDefinition id="l2" name="L"><source>l1</source>'
         "</linkEventDefinition>")), linked(throw("th", '<linkEventDefinition id="l1" name="L"><target>l2'
         "</target></linkEventDefinition>"), catch("ca", '<linkEventDefinition id="l2" name="L"><source>l1</source>'
         "</linkEventDefinition>"))),
]  # fmt: skip

ACTIVITIES = [
    *(Pair(f"{name} {value}", "quantities", "a", attributed(f'{name}="{value}"'), attributed(f'{name}="2"'))
      for name in ("startQuantity", "completionQuantity") for value in (0, -1, 101)),
    Pair("a loop without an end", "loop_markers", "a", marked("<standardLoopCharacteristics/>"), marked(loop("go"))),
    Pair("a loop of at most nothing", "loop_markers", "a", marked(loop("go", 'loopMaximum="0"')),
         marked(loop("go", 'loopMaximum="3"'))),
    Pair("a loop of at most minus one", "loop_markers", "a", marked(loop("go", 'loopMaximum="-1"')),
         marked(loop("go", 'loopMaximum="3"'))),
    Pair("instances without a number", "loop_markers", "a", marked("<multiInstanceLoopCharacteristics/>"),
         marked(many("3"))),
    Pair("minus one instances", "loop_markers", "a", marked(many("-1")), marked(many("1"))),
    Pair("a number that cannot be read", "expression", "a", marked(many("three (")), marked(many("3"))),
    Pair("behavior None that throws nothing", "loop_markers", "a", marked(many("3", attributes='behavior="None"')),
         marked(many("3"))),
    Pair("behavior One that throws nothing", "loop_markers", "a", marked(many("3", attributes='behavior="One"')),
         marked(many("3"))),
    Pair("complex behavior", "loop_markers", "a", marked(many("3", attributes='behavior="Complex"')),
         marked(many("3"))),
    *(Pair(f"an interrupting event that behavior {behavior} throws", "loop_markers", "a", announced(behavior, True),
           announced(behavior, False)) for behavior in ("None", "One")),
    Pair("instances over data", "loop_markers", "a", model('<dataObject id="d" isCollection="true"/>', "s -> a -> e",
         script("a", inner=many("3").replace("</loopCardinality>",
         "</loopCardinality><loopDataInputRef>d</loopDataInputRef>"))), marked(many("3"))),
    Pair("both loop markers", "schema", "", marked(many("3") + loop("go")), marked(many("3"))),
    Pair("a call of nothing", "calls", "c", model('<callActivity id="c"/>', "s -> c -> e"),
         around(process("P", CALL.format("Q"), "s -> c -> e"), process("Q", "s1 -> a -> e1"))),
    Pair("a call of what is not there", "calls", "c", model(CALL.format("gone"), "s -> c -> e"),
         around(process("P", CALL.format("Q"), "s -> c -> e"), process("Q", "s1 -> a -> e1"))),
    Pair("a call of itself", "calls", "c", model(CALL.format("P"), "s -> c -> e"),
         around(process("P", CALL.format("Q"), "s -> c -> e"), process("Q", "s1 -> a -> e1"))),
    Pair("calls in a circle", "calls", "c", around(process("P", CALL.format("Q"), "s -> c -> e"),
         process("Q", '<callActivity id="c2" calledElement="P"/>', "s1 -> c2 -> e1")),
         around(process("P", CALL.format("Q"), "s -> c -> e"), process("Q", "s1 -> a -> e1"))),
    Pair("a call of what starts by a message", "calls", "c", around(process("P", CALL.format("Q"), "s -> c -> e"),
         process("Q", "s1 -> a -> e1", start("s1", message("x")))),
         around(process("P", CALL.format("Q"), "s -> c -> e"), process("Q", "s1 -> a -> e1"))),
    Pair("an ad-hoc sub-process", "kinds", "sub", model("s -> sub -> e", sub("sub", "a -> b", kind="adHocSubProcess")),
         model("s -> sub -> e", sub("sub", "a -> b"))),
    Pair("a business rule task", "kinds", "z", model("s -> z -> e", '<businessRuleTask id="z"/>'), LINE),
    Pair("a choreography task", "kinds", "z", model("s -> a -> e", "a -> z -> e", '<callChoreography id="z"/>'), LINE),
    Pair("a task with data of its own", "contents", "a", model("s -> a -> e", '<scriptTask id="a"><ioSpecification>'
         "<inputSet/><outputSet/></ioSpecification><script>trace 1</script></scriptTask>"), LINE),
    Pair("a potential owner", "contents", "a", model("s -> a -> e", '<userTask id="a"><potentialOwner/></userTask>'),
         model("s -> a -> e", '<userTask id="a"/>')),
    Pair("a script that is none", "script", "a", model("s -> a -> e", script("a", "print 1")), LINE),
    Pair("a script value that cannot be read", "expression", "a", model("s -> a -> e", script("a", "trace (")), LINE),
    Pair("a compensation event that points nowhere", "compensation", "ub", undone(edge("ub", "a", compensate())),
         undone(undo("a", "u"))),
    Pair("a flow out of a compensation event", "compensation", "u_b", undone(undo("a", "u"), "u_b -> f -> e"),
         undone(undo("a", "u"))),
    Pair("a compensation event that points at a plain task", "compensation", "u_b", undone(undo("a", "u").replace(
         'isForCompensation="true"', ""), "s -> u -> e"), undone(undo("a", "u"))),
    Pair("a handler that nothing points at", "compensation", "u", model("s -> a -> e",
         script("u", attributes='isForCompensation="true"')), undone(undo("a", "u"))),
    Pair("a handler in the flow", "compensation", "u", undone(undo("a", "u"), "s -> u -> e"), undone(undo("a", "u"))),
    Pair("two compensation events on one activity", "compensation", "w_b", undone(undo("a", "u"), undo("a", "w")),
         undone(undo("a", "u"))),
    Pair("undoing what is not there", "compensation", "th", model("s -> a -> th -> e", throw("th", compensate("gone")),
         undo("a", "u")), undone(undo("a", "u"))),
    Pair("undoing without waiting", "compensation", "th", undone(undo("a", "u")).replace(
         b"<compensateEventDefinition/>", b'<compensateEventDefinition waitForCompletion="false"/>'),
         undone(undo("a", "u"))),
    Pair("undoing directly in the process", "compensation", "z", of_handler("compensate"), of_handler("signal")),
    Pair("a repeated activity that can be undone", "loop_markers", "a", undone(undo("a", "u"), script("a",
         inner=many("2"))), undone(undo("a", "u"))),
    Pair("a cancel outside a transaction", "transactions", "z", cancelled("subProcess"),
         cancelled("transaction", EDGE, OUT)),
    Pair("a cancel that nothing takes on", "transactions", "z", cancelled("transaction"),
         cancelled("transaction", EDGE, OUT)),
    Pair("a cancel event on a sub-process", "transactions", "bo", model("s -> sub -> b -> e", OUT, SUB.replace(
         'id="b"', 'id="k"').replace('"s1_b"', '"s1_k"').replace('"b_e1"', '"k_e1"').replace('Ref="b"', 'Ref="k"'),
         EDGE), cancelled("transaction", EDGE, OUT)),
    Pair("a cancel at the end of the process", "transactions", "z", ending("cancel"),
         cancelled("transaction", EDGE, OUT)),
    Pair("a receive task that starts and is led to", "instantiating", "z", model("a -> z",
         '<receiveTask id="z" messageRef="m_x" instantiate="true"/>'), model("z -> a",
         '<receiveTask id="z" messageRef="m_x" instantiate="true"/>')),
]  # fmt: skip

COLLABORATIONS = [
    *(Pair(f"a message flow from {source} to {target}", "collaborations", "mf", pools(source, target),
           pools("th", "ca"))
      for source, target in (("s", "ca"), ("th", "e1"), ("th", "z"), ("pa", "pa"), ("pa", "z"), ("ca", "th"),
                             ("th", "gone"), ("z", "s1"))),
    Pair("a pool of fewer than none", "collaborations", "pb", pools("th", "ca").replace(b'processRef="Q"/>',
         b'processRef="Q"><participantMultiplicity minimum="-1"/></participant>'), pools("th", "ca")),
    Pair("a pool of at most fewer than at least", "collaborations", "pb", pools("th", "ca").replace(b'processRef="Q"/>',
         b'processRef="Q"><participantMultiplicity minimum="3" maximum="2"/></participant>'), pools("th", "ca")),
    Pair("a public process", "attributes", "P", LINE.replace(b'id="P"', b'id="P" processType="Public"'), LINE),
    Pair("a web service", "attributes", "z", model("s -> z -> e", '<serviceTask id="z" operationRef="op"/>',
         more=OPERATION),
         model("s -> z -> e", '<serviceTask id="z"/>')),
    Pair("an operation of another message", "messages", "z", model("s -> z -> e",
         '<receiveTask id="z" operationRef="op" messageRef="m_y"/>', more=OPERATION), model("s -> z -> e",
         '<receiveTask id="z" operationRef="op" messageRef="m_x"/>', more=OPERATION)),
    Pair("an import", "collaborations", "", LINE.replace(b"<process", b'<import importType="http://www.omg.org/spec/'
         b'BPMN/20100524/MODEL" location="x.bpmn" namespace="urn:o"/><process'), LINE),
    Pair("a text of no media type", "text_formats", "ta", LINE.replace(b"</process>",
         b'<textAnnotation id="ta" textFormat="plain"><text>x</text></textAnnotation></process>'), LINE.replace(
         b"</process>", b'<textAnnotation id="ta" textFormat="text/plain"><text>x</text></textAnnotation></process>')),
    Pair("no process that can run", "one_process", "", model("s -> a -> e").replace(b'"true"', b'"false"'), LINE),
]  # fmt: skip

PAIRS = EVENTS + FLOWS + GATEWAYS + DETAILS + ACTIVITIES + COLLABORATIONS
NAMES = [pair.name for pair in PAIRS]


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_a_diagram_that_cannot_be_run_is_refused_and_its_corrected_twin_is_not(pair: Pair) -> None:
    found = [f for f in refusals(pair.wrong, test_scripts=True) if f.rule == pair.rule]
    assert pair.element in {f.element_id or "" for f in found}
    for finding in found:
        assert finding.sv.endswith((".", ")")), finding.sv
        assert len(finding.en) > 30
    assert run(pair.wrong, {}, test_scripts=True) == ["ERROR_deployment"]
    assert refusals(pair.right, test_scripts=True) == []


def test_every_rule_refuses_something_here_and_there_are_more_than_a_hundred() -> None:
    assert len(set(NAMES)) == len(PAIRS) > 100
    only_deployed = {"say", "deadlocks", "foreign_scripts"}  # they have pairs of their own in tests/unit/bpmn
    files = {module.name for module in pkgutil.iter_modules(rules.__path__)} - only_deployed
    assert files <= {pair.rule for pair in PAIRS}


def test_script_tasks_and_tasks_without_type_are_refused_where_scripts_are_not_asked_for() -> None:
    assert {f.rule for f in refusals(LINE)} == {"kinds"}
    assert run(LINE, {}) == ["ERROR_deployment"]
