"""Who may do a task is said in one way: by naming a resource, with what it is asked, or by an expression (BPMN 2.0.2,
10.3.1). Where a model is run nobody does the tasks, so it is not read further; what is deployed says it otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local, tag

OWNERS = frozenset({"potentialOwner", "humanPerformer", "performer", "resourceRole"})


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # refused for what it is
    for node in diagram.process.iter(*(tag(name) for name in OWNERS)):
        said = {local(child) for child in node if is_bpmn(child)}
        owner = node.getparent().get("name") or node.getparent().get("id")
        if {"resourceRef", "resourceAssignmentExpression"} <= said:
            yield about_node(
                "performers",
                node,
                f"”{owner}” säger på två sätt vem som ska göra uppgiften. Ange en resurs eller ett uttryck.",
                f"“{owner}” says in two ways who shall do the task. Give a resource or an expression.",
            )
        elif "resourceParameterBinding" in said and "resourceRef" not in said:
            yield about_node(
                "performers",
                node,
                f"”{owner}” ger värden åt en resurs som inte nämns. Ange resursen.",
                f"“{owner}” gives values to a resource that is not named. Give the resource.",
            )
