"""What is answered without V8 is what V8 answers, or it is left to V8."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import plain

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
LEAVES = st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats(-1e6, 1e6) | st.text(max_size=6)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner)
)
PATHS = st.sampled_from(["a", "b", "a.b", "a.b.c", "row", "row.a", "me.position", "null", "true", '"x y"', "0", "17"])
EXPRESSIONS = PATHS | st.lists(PATHS, min_size=1, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(EXPRESSIONS, st.dictionaries(st.sampled_from(["a", "b", "row", "me"]), VALUES), st.booleans())
def test_a_plain_answer_is_the_one_v8_gives(expression: str, names: dict[str, Any], in_scope: bool) -> None:
    shared, scope = ({}, names) if in_scope else (names, {})
    answered = plain.answer(expression, shared, scope)
    if answered is not plain.LEFT:
        assert _in_v8(expression, shared, scope) == answered


def _in_v8(expression: str, shared: dict[str, Any], scope: dict[str, Any]) -> Any:
    """A second job that is not plain takes both to V8."""
    jobs = [feel.Job(expression), feel.Job("1 + 1")]
    return feel.run(jobs, shared, [scope], now=NOW)[0]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("absent", {}),
        ("row.absent", {"row": {"a": 1}}),
        ("row.a", {"row": None}),
        ("day", {"day": date(2026, 1, 1)}),
        ("share", {"share": 0.5}),
        ("now", {"now": 1}),
        ("a + b", {"a": 1, "b": 2}),
        ('"say \\"hi\\""', {}),
    ],
)
def test_what_is_not_quite_plain_is_left_to_v8(expression: str, names: dict[str, Any]) -> None:
    assert plain.answer(expression, names, {}) is plain.LEFT


def test_the_scope_lies_over_the_shared_names() -> None:
    assert feel.run([feel.Job("a"), feel.Job("[a, b]")], {"a": 1, "b": 2}, [{"a": 3}], now=NOW) == [3, [3, 2]]
