"""What the XML schema of BPMN 2.0 refuses. Asked last, of files in which no rule of ours found anything."""

from __future__ import annotations

import re
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
MISSPELT = re.compile(r"'([^']*)' is not a valid value of the atomic type 'xs:(ID|IDREF|QName)'")
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
    unfit = {value for error in errors for kind, value in [_misspelt(error.message)] if kind == "ID"}
    for error in errors:
        place, (kind, value) = _place(diagram.root, error.path), _misspelt(error.message)
        if kind == "ID":
            yield _of_id(place, value, twice=sum(1 for each in diagram.root.iter() if each.get("id") == value) > 1)
            continue
        if value in unfit:
            continue  # it refers to such an id
        said = error.message.replace("{http://www.omg.org/spec/BPMN/20100524/MODEL}", "")
        yield about_node(
            "schema",
            place,
            f"Rad {error.line} följer inte BPMN:s schema. Rita om det och spara. ({said})",
            f"Line {error.line} does not follow the BPMN schema. Draw it again and save. ({said})",
        )


def _misspelt(message: str) -> tuple[str, str]:
    """Which of the types for ids was not kept, and by what; empty for anything else."""
    found = MISSPELT.search(message)
    return (found[2], found[1]) if found else ("", "")


def _of_id(node: Any, used: str, *, twice: bool) -> Finding:
    if twice:
        return about_node(
            "schema",
            node,
            f"Id:t ”{cut(used)}” finns två gånger. Ge varje element ett eget id.",
            f"The id “{cut(used)}” is used twice. Give every element an id of its own.",
        )
    return about_node(
        "schema",
        node,
        f"”{cut(used)}” kan inte vara ett id i XML. Låt det börja med en bokstav eller ett understreck, och skriv det "
        "med bokstäver, siffror, bindestreck, punkt och understreck.",
        f"“{cut(used)}” cannot be an id in XML. Let it begin with a letter or an underscore, and write it in letters, "
        "digits, hyphens, full stops and underscores.",
    )


def _place(root: Any, path: str | None) -> Any:
    """The node that an error is about; the whole file where the path does not say."""
    prefixes = {prefix: uri for node in root.iter() for prefix, uri in node.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        found = []
    return found[0] if len(found) == 1 else root
