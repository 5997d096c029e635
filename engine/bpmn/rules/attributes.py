"""Attributes that would change how a diagram runs and that the engine does not act on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.expressions import CONDITIONS, NAMES, owner_of
from engine.bpmn.rules.say import about_node, cut
from engine.bpmn.xml import is_bpmn, local, tag

# attribute -> the values that mean nothing special
HARMLESS = {
    "isForCompensation": {"false", "0"},
    "startQuantity": {"1"},
    "completionQuantity": {"1"},
    "instantiate": {"false", "0"},
    "parallelMultiple": {"false", "0"},
    "isImmediate": {"true", "1"},
    "eventGatewayType": {"Exclusive"},
}
ALWAYS = ("eventGatewayType",)
LANGUAGES = ("feel", "dmn")
METHODS = ("##Compensate", "compensate")
"""How a transaction is cancelled: its activities are undone."""


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.process.get("processType") == "Public":
        yield about_node(
            "attributes",
            diagram.process,
            f"Processen ”{diagram.process_id}” är publik, alltså bara ett gränssnitt, och kan inte köras. "
            "Gör den privat.",
            f"The process “{diagram.process_id}” is public, an interface only, and cannot run. Make it private.",
        )
    for node in diagram.process.iter():
        if not is_bpmn(node):
            continue
        if diagram.profile != DEPLOY and node.get("isImmediate", "true").strip() not in HARMLESS["isImmediate"]:
            yield about_node(
                "attributes",
                node,
                f"”{node.get('name') or node.get('id')}” har isImmediate=”{node.get('isImmediate')}”: annat får hända "
                "på vägen, och det får det inte i en process som körs. Ta bort det.",
                f"“{node.get('name') or node.get('id')}” has isImmediate=“{node.get('isImmediate')}”: other things may "
                "happen on the way, which they may not in a process that runs. Remove it.",
            )
        for name, harmless in HARMLESS.items():
            if diagram.profile != DEPLOY and name not in ALWAYS:
                continue
            if node.get(name, next(iter(harmless))) not in harmless:
                yield about_node(
                    "attributes",
                    node,
                    f"”{node.get('id')}” har {name}=”{node.get(name)}”, som motorn inte kan köra. Ta bort det.",
                    f"“{node.get('id')}” has {name}=“{node.get(name)}”, which the engine cannot run. Remove it.",
                )
        if local(node) == "serviceTask" and node.get("operationRef"):
            yield about_node(
                "attributes",
                node,
                f"”{node.get('name') or node.get('id')}” anropar en webbtjänst (operationRef), vilket inte görs. "
                "Ta bort det.",
                f"“{node.get('name') or node.get('id')}” calls a web service (operationRef), which is not done. "
                "Remove it.",
            )
        if local(node) == "transaction" and node.get("method", METHODS[0]) not in METHODS:
            yield about_node(
                "attributes",
                node,
                f"”{node.get('name') or node.get('id')}” är en transaktion med method=”{node.get('method')}”, som inte "
                f"körs. Ange {METHODS[0]}.",
                f"“{node.get('name') or node.get('id')}” is a transaction with method=“{node.get('method')}”, which is "
                f"not run. Give {METHODS[0]}.",
            )
    yield from _languages(diagram)


def _languages(diagram: Diagram) -> Iterator[Finding]:
    """An expression is in the language that it names, else in that of its file. Editors write XPath there, the default
    of the standard, whatever is meant."""
    whole = "" if diagram.profile == DEPLOY else diagram.root.get("expressionLanguage", "")
    of_file = "" if "xpath" in whole.lower() else whole
    for node in diagram.process.iter(*(tag(name) for name in NAMES)):
        language = node.get("language") or (of_file if local(node) in CONDITIONS else "")
        if language and not any(name in language.lower() for name in LANGUAGES):
            owner = owner_of(node)
            yield about_node(
                "attributes",
                owner,
                f"Ett uttryck i ”{owner.get('name') or owner.get('id')}” (rad {node.sourceline}) är skrivet i "
                f"{cut(language)}. Skriv uttryck i FEEL.",
                f"An expression in “{owner.get('name') or owner.get('id')}” (line {node.sourceline}) is written in "
                f"{cut(language)}. Write expressions in FEEL.",
            )
