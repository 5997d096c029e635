"""Data that says of which items it is made holds one of them or many, as the definition of the items says."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import reference, tag, truth


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # there, data is a picture
    known = {node.get("id"): truth(node.get("isCollection")) for node in diagram.root.iter(tag("itemDefinition"))}
    for node in diagram.process.iter(tag("dataObject"), tag("dataInput"), tag("dataOutput")):
        many = known.get(reference(node.get("itemSubjectRef")))
        if many is not None and many != truth(node.get("isCollection")):
            yield about_node(
                "items",
                node,
                f"”{node.get('name') or node.get('id')}” säger annat än sin itemDefinition om den håller en sak eller "
                "flera. Ange isCollection lika på båda ställena.",
                f"“{node.get('name') or node.get('id')}” does not say the same as its itemDefinition about whether it "
                "holds one item or many. Give isCollection alike in both places.",
            )
