"""A diagram that is refused and its corrected twin, and what many of them are drawn of."""

from __future__ import annotations

from typing import NamedTuple

from support.bpmn_models import (
    CANCEL,
    TERMINATE,
    XSI,
    after,
    around,
    begin,
    catch,
    compensate,
    complex_gateway,
    conditional,
    edge,
    end,
    error,
    escalation,
    handler,
    link,
    many,
    message,
    model,
    process,
    script,
    signal,
    start,
    sub,
    throw,
)


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


def with_data(item: str = "di", end: str = "<targetRef>di</targetRef>", command: str = "trace 1") -> bytes:
    """A script that takes a data object by an input called `note`."""
    joined = f"<dataInputAssociation><sourceRef>ref</sourceRef>{end}</dataInputAssociation>" if end else ""
    inner = (
        f'<ioSpecification><dataInput id="{item}" name="note"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet>'
        f"<outputSet/></ioSpecification>{joined}"
    )
    drawn = '<dataObject id="do" name="text"/><dataObjectReference id="ref" dataObjectRef="do"/>'
    return model("s -> a -> e", script("a", command, inner=inner), drawn, more='<itemDefinition id="it"/>')


IN_TURN = 'ordering="Sequential"'
DONE = f"<completionCondition {XSI}>done</completionCondition>"


def free(*parts: str, marker: str = "", attributes: str = "") -> bytes:
    """An ad-hoc sub-process."""
    drawn = sub("sub", *parts, kind="adHocSubProcess", marker=marker, attributes=attributes)
    return model("s -> sub -> e", drawn.replace("</adHocSub", f"{DONE}</adHocSub"))


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
