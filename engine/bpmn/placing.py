"""A saved instance put at another place, or under a newer version of its diagram, without running anything.

What cannot stand there exactly as it is saved is refused; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.bpmn import blob, specs
from engine.bpmn.compiler import node
from engine.bpmn.diagram import Element
from engine.bpmn.errors import BpmnError
from engine.bpmn.execution import Execution
from engine.bpmn.ledger import Evaluate
from engine.bpmn.model import Model

Token = dict[str, Any]


def move(model: Model, saved: bytes, token: str, element_id: str, evaluate: Evaluate) -> tuple[Execution, str]:
    """The waiting activity of that token gives way to another of the same scope; gives the new token's name too.

    Raises BpmnError('not_ready') when no activity waits under that name, 'cannot_place' when the other is no
    plain activity of the same scope.
    """
    state = _read(model, saved)
    found = _find(state["main"], token)
    if found is None or not _is_plain(model, found[0][found[1]]["at"]):
        raise BpmnError("not_ready", detail=token)
    siblings, index = found
    source, target = model.element(siblings[index]["at"]), model.elements.get(element_id)
    if target is None or target.parent != source.parent or not _is_plain(model, element_id):
        raise BpmnError("cannot_place", element_id)
    placed = {"at": element_id, "token": _next_name(state)}
    siblings[index] = placed
    _arm(model, state, placed)
    return _stand(model, state, evaluate), placed["token"]


def adopt(model: Model, old: Model, saved: bytes, evaluate: Evaluate) -> Execution:
    """An instance of `old` goes on under `model`: every token waits at the element of the same id, under the same name.

    Boundary events that are new are armed, those gone are dropped. Raises BpmnError('cannot_place') with the
    elements (in `detail`) that the new diagram lacks or that are of another kind there.
    """
    state = _read(old, saved)
    missing = sorted({*_unknown(model, old, state["main"]), *_unlogged(model, state.get("log", ()))})
    if missing:
        raise BpmnError("cannot_place", missing[0], ", ".join(missing))
    state["model"] = model.sha256
    _adopt_tokens(model, old, state, state["main"])
    known = {entry["at"] for entry in state["main"] if entry.get("as") == "a"}
    armed = [name.partition(":")[2] for name in model.compiled.main.armed]
    gone = known - set(armed)
    new = [start for start in armed if start not in known and start not in old.elements]
    kept = [entry for entry in state["main"] if entry.get("as") != "a" or entry["at"] not in gone]
    state["main"] = [{"as": "a", "at": start, "token": f"start:{start}"} for start in new] + kept
    return _stand(model, state, evaluate)


def _read(model: Model, saved: bytes) -> dict[str, Any]:
    state = blob.unpack(saved)
    if state["model"] != model.sha256:
        raise BpmnError("state_model")
    return state


def _find(tokens: list[Token], name: str) -> tuple[list[Token], int] | None:
    for index, entry in enumerate(tokens):
        if entry.get("token") == name and "as" not in entry:
            return tokens, index
        found = _find(entry.get("inner", []), name)
        if found is not None:
            return found
    return None


def _is_plain(model: Model, element_id: str) -> bool:
    scopes = [model.compiled.main, *model.compiled.inner.values()]
    return any(isinstance(scope.task_specs.get(node(element_id)), specs.Activity) for scope in scopes)


def _next_name(state: dict[str, Any]) -> str:
    state["counter"] += 1
    return f"t{state['counter']}"


def _arm(model: Model, state: dict[str, Any], token: Token, fired: Collection[str] = ()) -> None:
    """The boundary events of the token's element, but for those that have fired; those armed keep their names."""
    known = {event["at"]: event for event in token.pop("boundary", ())}
    events = [
        known.get(element.id) or {"at": element.id, "token": _next_name(state)}
        for element in model.elements.values()
        if element.kind == "boundaryEvent" and element.attached_to == token["at"]
        if "compensate" not in element.events and element.id not in fired
    ]
    if events:
        token["boundary"] = events


def _adopt_tokens(model: Model, old: Model, state: dict[str, Any], tokens: list[Token]) -> None:
    for token in tokens:
        if "token" in token and "as" not in token:
            attached = {element.id for element in old.elements.values() if element.attached_to == token["at"]}
            _arm(model, state, token, attached - {event["at"] for event in token.get("boundary", ())})
        _adopt_tokens(model, old, state, token.get("inner", []))


def _unknown(model: Model, old: Model, tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        if token.get("as") != "a" and not _same(model.elements.get(token["at"]), old.elements.get(token["at"])):
            found.append(token["at"])
        if "from" in token and token["from"] not in {flow[0] for flow in model.flows if flow[2] == token["at"]}:
            found.append(token["from"])
        found += _unknown(model, old, token.get("inner", [])) + _unlogged(model, token.get("log", ()))
    return found


def _unlogged(model: Model, log: Any) -> list[str]:
    return [entry["at"] for entry in log if entry["at"] not in model.elements]


def _same(one: Element | None, other: Element | None) -> bool:
    """Whether a token that waits at the one can wait at the other as it is."""
    return (
        one is not None
        and other is not None
        and (one.kind, one.parent, one.multi, one.loop, one.events)
        == (other.kind, other.parent, other.multi, other.loop, other.events)
    )


def _stand(model: Model, state: dict[str, Any], evaluate: Evaluate) -> Execution:
    execution = Execution(model, blob.position(state), state["variables"], evaluate)
    try:
        stands = execution.rewritten() == blob.pack(state)
    except KeyError as fault:
        raise BpmnError("cannot_place", str(fault.args[0])) from fault
    if not stands:
        raise BpmnError("cannot_place")
    return execution
