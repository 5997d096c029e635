"""audit.toml is refused with a sentence that says what to write instead."""

import tomllib

import pytest

from engine.rules.audit_lint import lint_audit
from engine.rules.audit_model import parse_audit

GOOD = """
[words.outcome]
approved = { sv = "ingår", en = "included" }
[[part]]
id = "why"
of = "item"
question = true
title = "Varför?"
title_en = "Why?"
[[part.lines]]
each = "linked.item"
when = "row.title != null and steps.review.late = false"
values = { outcome = "row.outcome" }
text = "Det blev {outcome}."
text_en = "It became {outcome}."
[[part]]
id = "back"
of = "item"
reader = "answerer"
title = "Vad hände?"
title_en = "What happened?"
[[part.lines]]
mark = "good"
text = "Med"
text_en = "In"
"""


def faults(text: str) -> list[str]:
    found = lint_audit(tomllib.loads(text), {"item": {}}, {"review"}, frozenset({"decided"}))
    return [f"{where}: {english}" for where, _swedish, english in found]


def test_a_file_in_order_has_no_faults_and_is_read_as_written() -> None:
    assert faults(GOOD) == []
    (part,) = parse_audit(GOOD.encode()).of("item")
    assert part.question
    assert part.lines[0].values == {"outcome": "row.outcome"}
    (back,) = parse_audit(GOOD.encode()).of("item", "answerer")
    assert back.lines[0].mark == "good"


def test_a_type_of_which_only_answerers_are_told_has_no_page_for_auditors() -> None:
    back = GOOD[GOOD.index('[[part]]\nid = "back"') :]
    assert parse_audit(back.encode()).types() == ()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('outcome = "row.outcome"', 'outcome = "for i in 1..999999999 return i"', "cannot be used: takes "),
        ('of = "item"', 'of = "itm"', "The record type “itm” does not exist"),
        ("linked.item", "linked.thing", "The record type “thing” does not exist"),
        ("steps.review", "steps.revue", "The step “revue” does not exist"),
        ("row.title != null", "raw.title != null", "The name “raw” does not exist"),
        ("row.title != null", "row.title !=", "lines 1 when"),
        ("It became {outcome}.", "It became {outcom}.", "The value “outcom” does not exist"),
        ('title_en = "Why?"', "", "title_en is missing"),
        ('id = "why"', "", "Give every part an id of its own"),
        ("each =", "eech =", "The key “eech” does not exist"),
        (', en = "included"', "", "Write both sv and en"),
        ('reader = "answerer"', 'reader = "manager"', "The reader “manager” does not exist"),
        ('reader = "answerer"', "", "mark belongs to parts with reader"),
        ('mark = "good"', 'mark = "fine"', "The mark “fine” does not exist"),
    ],
)
def test_each_fault_is_found(right: str, wrong: str, told: str) -> None:
    assert right in GOOD
    assert any(told in fault for fault in faults(GOOD.replace(right, wrong)))
