"""Loop markers: only the parallel multi-instance marker of a user task, which means one row per
participant."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import is_bpmn, local, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.loop is not None and not element.multi:
            yield about(
                "loop_markers",
                element,
                "har en upprepningsmarkering som bara en användaruppgift kan ha. Rita upprepningen som en slinga.",
                "has a repetition marker that only a user task may have. Draw the repetition as a loop.",
            )
    for node in diagram.process.iter(tag("multiInstanceLoopCharacteristics")):
        settings = [local(child) for child in node if is_bpmn(child) and local(child) != "extensionElements"]
        sequential = node.get("isSequential", "false") not in ("false", "0")
        if settings or sequential or node.get("behavior", "All") != "All":
            yield about_node(
                "loop_markers",
                node,
                f"”{node.getparent().get('id')}” har inställningar på sin markering för flera "
                f"deltagare, som inte läses. "
                "Ange deltagarna i arshjul:participants.",
                f"“{node.getparent().get('id')}” has settings on its multi-instance marker, which are "
                f"not read. "
                "Name the participants in arshjul:participants.",
            )
