"""Small questions about XML nodes, answered without ever failing on what is missing."""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.bpmn.diagram import BPMN


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def local(node: Any) -> str:
    """The local name, or '' for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def is_bpmn(node: Any) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).namespace == BPMN


def reference(value: str | None) -> str | None:
    """An id from a QName: 'tns:Order' and 'Order' name the same element."""
    return value.strip().rpartition(":")[2] if value else None


def text_of(node: Any, name: str) -> str | None:
    child = node.find(tag(name))
    text = "".join(child.itertext()).strip() if child is not None else ""
    return text or None


def truth(value: str | None) -> bool:
    """Spaces around it do not count (XML Schema, whiteSpace collapse)."""
    return value is not None and value.strip() in ("true", "1")


def whole(value: str | None, otherwise: int) -> int:
    """A whole number, or `otherwise` for what is none."""
    try:
        return int(value or "")
    except ValueError:
        return otherwise
