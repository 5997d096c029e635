"""No other vendor's script stands beside an element: it would not be run, and its author would think that it is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import ARSHJUL, DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import local, tag

ENDINGS = ("script", "listener")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile != DEPLOY:
        return
    for holder in diagram.process.iter(tag("extensionElements")):
        for node in holder.iter("{*}*"):
            name = local(node)
            if name.lower().endswith(ENDINGS) and not str(node.tag).startswith(f"{{{ARSHJUL}}}"):
                where = holder.getparent().get("name") or holder.getparent().get("id")
                yield about_node(
                    "foreign_scripts",
                    holder,
                    f"”{where}” har ett skript från ett annat verktyg ({name}), och skript körs aldrig. Ta bort det.",
                    f"“{where}” has a script of another tool ({name}), and scripts are never run. Remove it.",
                )
