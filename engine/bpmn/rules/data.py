"""Data inputs and outputs of a task say what a data object is used for. They are kept and not acted on, so only those
are accepted that would change nothing: one set of them, each joined to one data object, named by no expression. Those
of an event or of a task that sends or receives are what a message holds, and are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.expressions import NAMES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import local, reference, tag

SIDES = (
    ("dataInput", "inputSet", "dataInputRefs", "dataInputAssociation", "targetRef"),
    ("dataOutput", "outputSet", "dataOutputRefs", "dataOutputAssociation", "sourceRef"),
)
HARMLESS = {"id", "name", "isCollection"}
OF_MESSAGES = ("sendTask", "receiveTask")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # nothing of the kind is deployed
    texts = [" ".join(node.itertext()) for node in diagram.process.iter(tag("script"), *(tag(name) for name in NAMES))]
    for node in diagram.process.iter(tag("ioSpecification")):
        owner = node.getparent()
        copied = local(owner) in OF_MESSAGES and any(True for _ in node.iterchildren(*(tag(side[0]) for side in SIDES)))
        plain = local(owner).endswith("Task") and all(_is_plain(node, owner, *side, texts) for side in SIDES)
        if copied or not plain:
            yield _refused(owner)
    inputs = diagram.process.iter(*(tag(side[0]) for side in SIDES))
    for event in {item.getparent(): None for item in inputs if local(item.getparent()).endswith("Event")}:
        yield _refused(event)


def _refused(owner: Any) -> Finding:
    return about_node(
        "data",
        owner,
        f"”{owner.get('name') or owner.get('id')}” har data in eller ut som skulle behöva läsas eller skrivas. "
        "Ta bort dem; uttryck läser processens variabler.",
        f"“{owner.get('name') or owner.get('id')}” has data inputs or outputs that would have to be read or "
        "written. Remove them; expressions read the variables of the process.",
    )


def _is_plain(
    node: Any, owner: Any, kind: str, set_kind: str, listing: str, association: str, end: str, texts: list[str]
) -> bool:
    known = {item.get("id"): item for item in node.iterchildren(tag(kind))}
    sets = list(node.iterchildren(tag(set_kind)))
    listed = [reference(child.text) for each in sets for child in each]
    joined = [reference(each.findtext(tag(end))) for each in owner.iterchildren(tag(association))]
    return (
        len(sets) == 1
        and all(local(child) == listing for child in sets[0])
        and sorted(map(str, listed)) == sorted(map(str, known)) == sorted(map(str, joined))
        and all(_says_nothing(item, texts) for item in known.values())
        and all(_only_joins(each) for each in owner.iterchildren(tag(association)))
    )


def _says_nothing(item: Any, texts: list[str]) -> bool:
    name = item.get("name") or ""
    several = item.get("isCollection", "false") not in ("false", "0")
    return not (set(item.attrib) - HARMLESS or len(item) or several or (name and any(name in text for text in texts)))


def _only_joins(association: Any) -> bool:
    return sorted(local(child) for child in association) == ["sourceRef", "targetRef"]
