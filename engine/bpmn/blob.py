"""The saved form of an instance: a line with version and SHA-256, then canonical JSON. It is only ever
parsed as JSON.

The checksum finds accidents and careless edits; that nobody else may write the column is the database's
affair.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from engine.bpmn.errors import BpmnError

MAGIC = "arshjul-bpmn"
VERSION = "2"
_MODEL, _VARIABLES = ',"model":"', '","variables":'

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def position(state: dict[str, Any]) -> str:
    """Where a state stands, as text: its counter, its log if it has one, and its tokens."""
    return _encode({key: state[key] for key in ("counter", "log", "main") if key in state})[:-1]


def pack(state: dict[str, Any]) -> bytes:
    """The same state always gives the same bytes. Raises BpmnError('variables') for what JSON cannot hold."""
    return write(position(state), state["model"], state["variables"])


def write(at: str, model: str, variables: dict[str, Any]) -> bytes:
    """`pack` of a position as text. Raises BpmnError('variables')."""
    try:
        body = f"{at}{_MODEL}{model}{_VARIABLES}{_encode(variables)}}}".encode()
    except (TypeError, ValueError) as error:
        raise BpmnError("variables", detail=str(error)) from error
    return f"{MAGIC} {VERSION} {sha256(body).hexdigest()}\n".encode() + body


def copies(saved: bytes, each: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The saved state of an instance, once for each of these sets of variables in place of its own."""
    at, model, _own = read(saved)
    for variables in each:
        yield write(at, model, variables)


def read(saved: bytes) -> tuple[str, str, dict[str, Any]]:
    """Position, model and variables. Raises BpmnError('state_version' or 'state_damaged'); never guesses."""
    text = _body(saved).decode()
    # Of all these members none but the first can hold these words: a quote inside a text is written \".
    at, marked, rest = text.partition(_MODEL)
    model, follows, variables = rest.partition(_VARIABLES)
    if not marked or not follows:
        raise BpmnError("state_damaged")
    return at, model, json.loads(variables[:-1])


def unpack(saved: bytes) -> dict[str, Any]:
    """All members by name. Raises BpmnError('state_version' or 'state_damaged')."""
    state: dict[str, Any] = json.loads(_body(saved))
    return state


def _body(saved: bytes) -> bytes:
    header, separator, body = saved.partition(b"\n")
    words = header.decode("ascii", "replace").split(" ")
    if not separator or len(words) != 3 or words[0] != MAGIC:
        raise BpmnError("state_damaged")
    if words[1] != VERSION:
        raise BpmnError("state_version", detail=words[1])
    if words[2] != sha256(body).hexdigest():
        raise BpmnError("state_damaged")
    return body
