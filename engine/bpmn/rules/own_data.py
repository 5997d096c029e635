"""Data of a part of a process is seen in that part alone (BPMN 2.0.2, 10.4.1): a property or data object of a
sub-process, a called process, a task or an event. Here all variables are those of the whole instance, so such data is
accepted where no expression and no script names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.expressions import NAMES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import reference, tag

WORD = re.compile(r"[^\W\d]\w*")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # there, data is a picture
    texts = (" ".join(node.itertext()) for node in diagram.root.iter(tag("script"), *(tag(name) for name in NAMES)))
    named = {word for text in texts for word in WORD.findall(text)}
    calls = {reference(node.get("calledElement")) for node in diagram.root.iter(tag("callActivity"))}
    for node in diagram.process.iter(tag("property"), tag("dataObject")):
        of_part = node.getparent() is not diagram.process or diagram.process_id in calls
        if of_part and named & {node.get("id"), node.get("name")}:
            yield _refused(node)


def _refused(node: Any) -> Finding:
    label, owner = node.get("name") or node.get("id"), node.getparent().get("name") or node.getparent().get("id")
    return about_node(
        "own_data",
        node,
        f"”{label}” är data som bara finns i ”{owner}”, men uttryck och skript läser och skriver hela "
        "processens variabler. Rita det direkt i processen.",
        f"“{label}” is data of “{owner}” alone, but expressions and scripts read and write the variables of the whole "
        "process. Draw it directly in the process.",
    )
