"""What the XML schema of BPMN 2.0 refuses. Asked last, of files in which no rule of ours found anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from lxml import etree

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node, cut

MOST = 20
_lock = threading.Lock()


@cache
def _schema() -> etree.XMLSchema:
    """The schema that SpiffWorkflow carries; read once in a process, about 15 ms."""
    with as_file(files("SpiffWorkflow") / "bpmn" / "parser" / "schema") as folder:
        return etree.XMLSchema(etree.parse(folder / "BPMN20.xsd"))


def check(diagram: Diagram) -> Iterator[Finding]:
    with _lock:  # a schema object keeps the errors of its last validation
        schema = _schema()
        valid = schema.validate(diagram.root)
        log: Any = schema.error_log
        errors = [] if valid else list(log)[:MOST]
    for error in errors:
        place = _place(diagram.root, error.path)
        twice = _used_twice(diagram.root, place) if "'xs:ID'" in error.message else None
        if twice is not None:
            yield about_node(
                "schema",
                place,
                f"Id:t ”{cut(twice)}” finns två gånger. Ge varje element ett eget id.",
                f"The id “{cut(twice)}” is used twice. Give every element an id of its own.",
            )
            continue
        said = error.message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")
        yield about_node(
            "schema",
            place,
            f"Rad {error.line} följer inte BPMN:s schema. Rita om det och spara. ({said})",
            f"Line {error.line} does not follow the BPMN schema. Draw it again and save. ({said})",
        )


def _used_twice(root: Any, node: Any) -> str | None:
    """The id of what is drawn, if something else has it too."""
    used = node.get("id")
    return used if used and sum(1 for each in root.iter() if each.get("id") == used) > 1 else None


def _place(root: Any, path: str | None) -> Any:
    """The node that an error is about; the whole file where the path does not say."""
    prefixes = {prefix: uri for node in root.iter() for prefix, uri in node.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        found = []
    return found[0] if len(found) == 1 else root
