"""A saved state is small, always the same for the same state, and refused when anything about it is wrong."""

from __future__ import annotations

import hashlib

import pytest
from support.bpmn_drawing import Walk, end, file, flows, lookup, start, user

from engine.bpmn import BpmnError, load

XML = file(start(), user("a", "b"), end(), flows("s -> a -> b -> e"))


def refused(blob: bytes, xml: bytes = XML) -> str:
    with pytest.raises(BpmnError) as refusal:
        load(xml).restore(blob, lookup)
    return refusal.value.code


def test_two_instances_in_the_same_state_save_the_same_bytes() -> None:
    assert Walk(XML, {"b": 1, "a": [1, "å"]}).now.dump() == Walk(XML, {"a": [1, "å"], "b": 1}).now.dump()


def test_a_restored_instance_saves_the_bytes_it_came_from() -> None:
    blob = Walk(XML, {"x": {"y": None}}).do("a").now.dump()
    restored = load(XML).restore(blob, lookup)
    assert restored.dump() == restored.rewritten() == blob
    assert restored.visits == []
    assert [w.element_id for w in restored.waits()] == ["b"]


def test_tokens_keep_their_names() -> None:
    walk = Walk(XML)
    token = walk.token("a")
    restored = load(XML).restore(walk.now.dump(), lookup)
    restored.complete(token, {})
    assert [w.element_id for w in restored.waits()] == ["b"]


def test_a_truncated_or_altered_state_is_refused() -> None:
    blob = Walk(XML, {"approved": False}).now.dump()
    assert refused(blob[:-1]) == "state_damaged"
    assert refused(blob.replace(b"false", b"true")) == "state_damaged"
    assert refused(b"") == "state_damaged"
    assert refused(b"\x80\x04N.") == "state_damaged"


def test_a_state_of_another_version_is_refused_as_that() -> None:
    assert refused(Walk(XML).now.dump().replace(b"arshjul-bpmn 2 ", b"arshjul-bpmn 7 ")) == "state_version"


def test_a_state_of_another_diagram_is_refused() -> None:
    other = file(start(), user("a"), end(), flows("s -> a -> e"))
    assert refused(Walk(XML).now.dump(), other) == "state_model"


def test_a_value_that_json_cannot_hold_is_refused_by_name() -> None:
    walk = Walk(XML, {"when": object()})
    with pytest.raises(BpmnError) as refusal:
        walk.now.dump()
    assert refusal.value.code == "variables"


def test_a_model_is_read_once_for_the_same_bytes() -> None:
    assert load(XML) is load(bytes(XML))
    assert load(XML).sha256 == hashlib.sha256(XML).hexdigest()
