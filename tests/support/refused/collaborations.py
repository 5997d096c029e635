"""Pools, message flows and whole files that are refused, with their twins."""

from support.bpmn_models import around, model
from support.refused.drawing import FLOW, LINE, OPERATION, POOLS, SENDER, TAKER, Pair, pools


def flowing(flows: str, taker: str = TAKER) -> bytes:
    return around(POOLS.format(flows), SENDER, taker)


COLLABORATIONS = [
    *(Pair(f"a message flow from {source} to {target}", "collaborations", "mf", pools(source, target),
           pools("th", "ca"))
      for source, target in (("s", "ca"), ("th", "e1"), ("th", "z"), ("pa", "pa"), ("pa", "z"), ("ca", "th"),
                             ("th", "gone"), ("z", "s1"))),
    Pair("a pool of fewer than none", "collaborations", "pb", pools("th", "ca").replace(b'processRef="Q"/>',
         b'processRef="Q"><participantMultiplicity minimum="-1"/></participant>'), pools("th", "ca")),
    Pair("a pool of two at least", "collaborations", "pb", pools("th", "ca").replace(b'processRef="Q"/>',
         b'processRef="Q"><participantMultiplicity minimum="2" maximum="3"/></participant>'), pools("th", "ca").replace(
         b'processRef="Q"/>', b'processRef="Q"><participantMultiplicity minimum="0" maximum="3"/></participant>')),
    Pair("a message flow of another message", "collaborations", "mf", flowing(FLOW.format("th", "ca").replace(
         "/>", ' messageRef="m_y"/>')), flowing(FLOW.format("th", "ca").replace("/>", ' messageRef="m_x"/>'))),
    Pair("a message flow to what takes another message", "collaborations", "mf", flowing(FLOW.format("th", "ca"),
         TAKER.replace("m_x", "m_y")), flowing(FLOW.format("th", "ca"))),
    Pair("two message flows from one event", "collaborations", "m2", flowing(FLOW.format("th", "ca") + FLOW.format(
         "th", "pb").replace("mf", "m2")), flowing(FLOW.format("th", "ca") + FLOW.format("e", "pb").replace(
         "mf", "m2"))),
    Pair("an extension that must be understood", "extensions", "", LINE.replace(b"<process",
         b'<extension definition="o" mustUnderstand="true"/><process'), LINE.replace(b"<process",
         b'<extension definition="o" mustUnderstand="false"/><process')),
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
    Pair("no process that can run", "one_process", "P", model("s -> a -> e").replace(b'"true"', b'"false"'), LINE),
]  # fmt: skip
