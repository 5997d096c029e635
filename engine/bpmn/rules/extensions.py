"""No extension of the language stands in the file that its reader must understand: of those, none is known here (BPMN
2.0.2, 8.3.2). Extensions that may be passed over are."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import tag, truth


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iterchildren(tag("extension")):
        if truth(node.get("mustUnderstand")):
            yield about_node(
                "extensions",
                node,
                f"Filen kräver att läsaren förstår utvidgningen ”{node.get('definition')}” (mustUnderstand), och den "
                "är inte känd här. Ta bort den.",
                f"The file demands that its reader understands the extension “{node.get('definition')}” "
                "(mustUnderstand), which is not known here. Remove it.",
            )
