"""Texts say what they are written in as a media type: `text/plain`, `text/html` and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn

MEDIA = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?")


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter():
        value = node.get("textFormat") if is_bpmn(node) else None
        if value is not None and not MEDIA.fullmatch(value):
            yield about_node(
                "text_formats",
                node,
                f"En text på rad {node.sourceline} har formatet ”{value}”, som inte är en mediatyp. Ange till "
                "exempel text/plain.",
                f"A text on line {node.sourceline} has the format “{value}”, which is no media type. Give for "
                "example text/plain.",
            )
