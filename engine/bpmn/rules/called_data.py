"""A called process or global task has data of its own and sees its caller's only through data mappings (BPMN 2.0.2,
10.3.6 and 10.4.1), which are not run. Here both have the variables of the instance: so a call is accepted where neither
names a variable that a script of the other sets. What the instance was started with is the same for all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.diagram import TEST, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.expressions import NAMES
from engine.bpmn.rules.say import about
from engine.bpmn.xml import tag

SET = re.compile(r"^\s*set\s+([^\W\d]\w*)\s*=(?!=)", re.MULTILINE)
TEXT = re.compile(r'"[^"]*"')
WORD = re.compile(r"[^\W\d]\w*")


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile != TEST:
        return  # without scripts no variable changes
    shared: dict[str, set[str]] = {}
    for element in diagram.elements.values():
        called = element.called or ""
        if element.kind != "callActivity" or called not in diagram.called:
            continue
        if called not in shared:
            shared[called] = _shared(diagram, reached(diagram, called))
        if shared[called]:
            names = ", ".join(sorted(shared[called]))
            yield about(
                "called_data",
                element,
                f"anropar det som har egna data, men båda använder {names}, som ett skript ändrar. Ge dem egna namn.",
                f"calls what has data of its own, but both use {names}, which a script changes. Give each names of its "
                "own.",
            )


def reached(diagram: Diagram, name: str) -> list[Diagram]:
    """What is called under a name, and what that calls in turn."""
    found: dict[str, Diagram] = {}
    pending = [name]
    while pending:
        current = pending.pop()
        if current not in found and current in diagram.called:
            found[current] = diagram.called[current]
            pending += [e.called or "" for e in found[current].elements.values() if e.kind == "callActivity"]
    return list(found.values())


def _shared(caller: Diagram, others: list[Diagram]) -> set[str]:
    """The variables that one side sets and the other names."""
    set_here, named_here = _set(caller), _named(caller)
    return {name for other in others for name in (set_here & _named(other)) | (_set(other) & named_here)}


def _set(diagram: Diagram) -> set[str]:
    return {name for node in diagram.process.iter(tag("script")) for name in SET.findall("".join(node.itertext()))}


def _named(diagram: Diagram) -> set[str]:
    texts = ("".join(node.itertext()) for node in diagram.process.iter(tag("script"), *(tag(name) for name in NAMES)))
    return {word for text in texts for word in WORD.findall(TEXT.sub("", text))}
