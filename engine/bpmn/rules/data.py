"""Data inputs and outputs of a task say what a data object is used for. They are kept and not acted on, so only those
are accepted that would change nothing: one set of them, each joined to one data object of the same items, named by no
expression. Those of an event or of a task that sends or receives are what a message holds, and are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, SUBPROCESSES, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.expressions import NAMES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local, reference, tag

SIDES = (
    ("dataInput", "inputSet", "dataInputRefs", "dataInputAssociation", "targetRef"),
    ("dataOutput", "outputSet", "dataOutputRefs", "dataOutputAssociation", "sourceRef"),
)
PAIRED = {"inputSet": "outputSetRefs", "outputSet": "inputSetRefs"}
HARMLESS = {"id", "name", "isCollection", "itemSubjectRef"}
OF_MESSAGES = ("sendTask", "receiveTask")
TASKS = ACTIVITIES - SUBPROCESSES - {"callActivity"}


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # nothing of the kind is deployed
    texts = [" ".join(node.itertext()) for node in diagram.process.iter(tag("script"), *(tag(name) for name in NAMES))]
    found = {node.get("id"): node for node in diagram.root.iter() if is_bpmn(node)}
    for node in diagram.process.iter(tag("ioSpecification")):
        owner, items = node.getparent(), list(node.iterchildren(*(tag(side[0]) for side in SIDES)))
        if local(owner) in SUBPROCESSES:
            yield _misplaced(owner)
            continue
        plain = (
            (not items or local(owner) in TASKS)
            and all(_is_plain(found, node, *side) for side in SIDES)
            and _pairs(node)
        )
        copied = local(owner) in OF_MESSAGES and items
        named = any(item.get("name") and any(item.get("name") in text for text in texts) for item in items)
        if copied or named or not plain:
            yield _refused(owner)
    inputs = diagram.process.iter(*(tag(side[0]) for side in SIDES))
    for event in {item.getparent(): None for item in inputs if local(item.getparent()).endswith("Event")}:
        yield _refused(event)


def _misplaced(owner: Any) -> Finding:
    """Sub-processes must not define data inputs and outputs (BPMN 2.0.2, 10.4.2)."""
    label = owner.get("name") or owner.get("id")
    return about_node(
        "data",
        owner,
        f"”{label}” är en delprocess med ioSpecification, som bara uppgifter och processer får ha. Ta bort den.",
        f"“{label}” is a sub-process with an ioSpecification, which only tasks and processes may have. Remove it.",
    )


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
    found: dict[str | None, Any], node: Any, kind: str, set_kind: str, listing: str, association: str, end: str
) -> bool:
    known = {item.get("id"): item for item in node.iterchildren(tag(kind))}
    sets = list(node.iterchildren(tag(set_kind)))
    listed = [reference(child.text) for each in sets for child in each.iterchildren(tag(listing))]
    joining = list(node.getparent().iterchildren(tag(association)))
    joined = [reference(each.findtext(tag(end))) for each in joining]
    return (
        len(sets) == 1
        and _inside(sets[0]) <= {listing, PAIRED[set_kind]}
        and sorted(map(str, listed)) == sorted(map(str, known)) == sorted(map(str, joined))
        and all(_is_said_once(item) for item in known.values())
        and all(_only_joins(found, each) for each in joining)
    )


def _pairs(node: Any) -> bool:
    """The one set of inputs and the one of outputs name each other, or neither does."""
    inputs, outputs = node.find(tag("inputSet")), node.find(tag("outputSet"))
    there = [reference(child.text) for child in inputs.iterchildren(tag(PAIRED["inputSet"]))]
    back = [reference(child.text) for child in outputs.iterchildren(tag(PAIRED["outputSet"]))]
    return there == back == [] or (there == [outputs.get("id")] and back == [inputs.get("id")])


def _inside(node: Any) -> set[str]:
    return {local(child) for child in node if is_bpmn(child)} - {"extensionElements", "documentation"}


def _is_said_once(item: Any) -> bool:
    """Attributes of an editor say nothing."""
    own = {name for name in item.attrib if not str(name).startswith("{")}
    return own <= HARMLESS and not _inside(item) and item.get("isCollection", "false") in ("false", "0")


def _only_joins(found: dict[str | None, Any], association: Any) -> bool:
    """From one thing to one, of the same items where the task says of which."""
    ends = [reference(child.text) for child in association.iterchildren(tag("sourceRef"), tag("targetRef"))]
    if len(ends) != 2 or _inside(association) != {"sourceRef", "targetRef"}:
        return False
    (mine, other) = ends if association.tag == tag("dataOutputAssociation") else reversed(ends)
    wanted = _items_of(found, mine)
    return wanted is None or wanted == _items_of(found, other)


def _items_of(found: dict[str | None, Any], data: str | None) -> str | None:
    """Of which items data is, itself or by what it stands for."""
    node = found.get(data)
    if node is None:
        return None
    meant = found.get(reference(node.get("dataObjectRef") or node.get("dataStoreRef")))
    said = node.get("itemSubjectRef") or (meant.get("itemSubjectRef") if meant is not None else None)
    return reference(said)
