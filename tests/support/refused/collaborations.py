"""Pools, message flows and whole files that are refused, with their twins."""

from support.bpmn_models import (
    model,
)
from support.refused.drawing import (
    LINE,
    OPERATION,
    Pair,
    pools,
)

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
    Pair("no process that can run", "one_process", "P", model("s -> a -> e").replace(b'"true"', b'"false"'), LINE),
]  # fmt: skip
