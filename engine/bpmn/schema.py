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
from engine.bpmn.rules.say import about_node

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
        said = error.message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")
        yield about_node(
            "schema",
            _place(diagram.root, error.path),
            f"Rad {error.line} följer inte BPMN:s schema. Rita om det och spara. ({said})",
            f"Line {error.line} does not follow the BPMN schema. Draw it again and save. ({said})",
        )


def _place(root: Any, path: str | None) -> Any:
    """The node that an error is about; the whole file where the path does not say."""
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        found = []
    return found[0] if len(found) == 1 else root
