"""The limits of a file before anyone reads it as BPMN: size, encoding, no DOCTYPE, depth, well-formed."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from engine.bpmn.encodings import KNOWN, PLAIN, encoding_of, in_utf8
from engine.bpmn.errors import Finding
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.rules.say import cut
from engine.bpmn.xml import is_bpmn, local, tag

MAX_BYTES = 1_000_000
MAX_DEPTH = 60
MAX_NODES = 5_000
"""Of a diagram: elements and flows. The annual plan has 115; the largest public diagrams some hundred."""
MAX_XML_NODES = 60_000
"""Of the file, its drawing included: 1 MB written by a modelling tool holds a third as many."""
MAX_PROCESSES = 100
MAX_ATTRIBUTES = 1_000
"""Of one element, a tool writes a dozen. The reader of XML compares each with all others."""
CROWDED = re.compile(rb"(?:(?<!\s)\s+[^\s=<>\"']+\s*=\s*(?:\"[^\"]*\"|'[^']*')){%d}" % MAX_ATTRIBUTES)
NODES = FLOW_NODES | {"sequenceFlow"}


def parse(xml: bytes, *, any_encoding: bool = False) -> tuple[Any, list[Finding]]:
    """The root element, or None and the finding that says why not. Nothing outside the bytes is ever read.

    What is deployed is UTF-8, since other tools read it from here; a model that is only run may be in other encodings.
    """
    if len(xml) > MAX_BYTES:
        return None, [_too_many_bytes()]
    encoding = encoding_of(xml)
    written = in_utf8(xml, encoding) if any_encoding or encoding in PLAIN else None
    if written is None:
        return None, [_not_readable(encoding, any_encoding)]
    if b"<!DOCTYPE" in written or b"<!ENTITY" in written:
        return None, [_doctype()]
    if CROWDED.search(written):
        return None, [_too_many_attributes()]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(written, parser)
    except etree.XMLSyntaxError as error:
        return None, [_ill_formed(error)]
    too_much = _too_large(root)
    return (None, [too_much]) if too_much else (root, [])


def _ill_formed(error: etree.XMLSyntaxError) -> Finding:
    line = error.lineno if isinstance(error.lineno, int) else None
    said = cut(str(error.msg or "").rpartition(", line ")[0] or str(error.msg or ""))
    if said.endswith("is not a valid URI"):
        return _finding(
            "well_formed",
            f"En namnrymd på rad {line} är ingen URI ({said}). Rätta den i ritverktyget.",
            f"A namespace on line {line} is no URI ({said}). Mend it in the modelling tool.",
            line,
        )
    return _finding(
        "well_formed",
        f"Filen är inte välformad XML (rad {line}: {said}). Spara om den från ritverktyget.",
        f"The file is not well-formed XML (line {line}: {said}). Save it again from the modelling tool.",
        line,
    )


def _too_large(root: Any) -> Finding | None:
    depth, xml_nodes, nodes = _measure(root)
    if depth > MAX_DEPTH:
        return _finding(
            "depth",
            f"Filen är nästlad djupare än {MAX_DEPTH} nivåer. Rita färre delprocesser i varandra.",
            f"The file is nested deeper than {MAX_DEPTH} levels. Draw fewer sub-processes inside each other.",
        )
    if sum(1 for _ in root.iterchildren(tag("process"))) > MAX_PROCESSES:
        return _finding(
            "processes",
            f"Filen har fler än {MAX_PROCESSES} processer. Dela upp den.",
            f"The file has more than {MAX_PROCESSES} processes. Split it.",
        )
    if nodes > MAX_NODES or xml_nodes > MAX_XML_NODES:
        return _finding(
            "nodes",
            f"Diagrammet har fler än {MAX_NODES} element och flöden, så läsningen slutade där och resten är inte "
            "kontrollerat. Dela upp det i flera processer.",
            f"The diagram has more than {MAX_NODES} elements and flows, so reading stopped there and the rest is not "
            "checked. Split it into several processes.",
        )
    return None


def _too_many_attributes() -> Finding:
    return _finding(
        "attributes",
        f"Ett element i filen har fler än {MAX_ATTRIBUTES} attribut. Ta bort dem.",
        f"An element in the file has more than {MAX_ATTRIBUTES} attributes. Remove them.",
    )


def _too_many_bytes() -> Finding:
    return _finding(
        "size",
        "Filen är större än 1 MB. Dela upp den i flera processer.",
        "The file is larger than 1 MB. Split it into several processes.",
    )


def _not_readable(encoding: str, any_encoding: bool) -> Finding:
    if any_encoding and encoding not in KNOWN:
        return _finding(
            "encoding",
            f"Filen är i en teckenkodning som inte läses ({encoding}). Spara om den som UTF-8.",
            f"The file is in an encoding that is not read ({encoding}). Save it again as UTF-8.",
        )
    if any_encoding:
        return _finding(
            "encoding",
            f"Filen är inte i den teckenkodning som den säger ({encoding}). Spara om den som UTF-8.",
            f"The file is not in the encoding that it declares ({encoding}). Save it again as UTF-8.",
        )
    return _finding(
        "encoding",
        "Filen är inte sparad som UTF-8. Spara om den som UTF-8.",
        "The file is not UTF-8. Save it again as UTF-8.",
    )


def _doctype() -> Finding:
    return _finding(
        "doctype",
        "Filen har en DOCTYPE, som aldrig behövs i BPMN. Ta bort den.",
        "The file has a DOCTYPE, which BPMN never needs. Remove it.",
    )


def _measure(root: Any) -> tuple[int, int, int]:
    """How deep, how many XML elements, and how many of them are elements and flows of a diagram.

    Counted with a stack rather than by recursion, so that a hostile file cannot exhaust ours, and no further than
    the limits.
    """
    deepest = xml_nodes = nodes = 0
    pending = [(root, 1)]
    while pending and xml_nodes <= MAX_XML_NODES and nodes <= MAX_NODES and deepest <= MAX_DEPTH:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        xml_nodes += 1
        nodes += is_bpmn(node) and local(node) in NODES
        pending.extend((child, depth + 1) for child in node)
    return deepest, xml_nodes, nodes


def _finding(rule: str, sv: str, en: str, line: int | None = None) -> Finding:
    return Finding(rule, None, None, line, sv, en)
