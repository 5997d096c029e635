"""The saved form of an instance: a line with version and SHA-256, then canonical JSON. It is only ever
parsed as JSON.

The checksum finds accidents and careless edits; that nobody else may write the column is the database's
affair.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from engine.bpmn.errors import BpmnError

MAGIC = "arshjul-bpmn"
VERSION = "2"


def pack(state: dict[str, Any]) -> bytes:
    """The same state always gives the same bytes. Raises BpmnError('variables') for what JSON cannot hold."""
    try:
        text = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BpmnError("variables", detail=str(error)) from error
    body = text.encode("utf-8")
    return f"{MAGIC} {VERSION} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def copies(saved: bytes, each: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The saved state of an instance, once for each of these sets of variables in place of its own."""
    state = unpack(saved)
    for variables in each:
        yield pack({**state, "variables": variables})


def unpack(blob: bytes) -> dict[str, Any]:
    """Raises BpmnError('state_version' or 'state_damaged'); never guesses."""
    header, separator, body = blob.partition(b"\n")
    words = header.decode("ascii", "replace").split(" ")
    if not separator or len(words) != 3 or words[0] != MAGIC:
        raise BpmnError("state_damaged")
    if words[1] != VERSION:
        raise BpmnError("state_version", detail=words[1])
    if words[2] != hashlib.sha256(body).hexdigest():
        raise BpmnError("state_damaged")
    state: dict[str, Any] = json.loads(body)
    return state
