"""What the standard forbids, or what is not run: each diagram is refused by a sentence that names the element,
and its corrected twin is accepted."""

from __future__ import annotations

import pkgutil

import pytest
from support.bpmn_models import around, model, process
from support.refused.activities import ACTIVITIES
from support.refused.collaborations import COLLABORATIONS
from support.refused.details import DETAILS
from support.refused.drawing import LINE, Pair
from support.refused.events import EVENTS
from support.refused.flows import FLOWS
from support.refused.gateways import GATEWAYS
from support.refused.numbered import BROKEN_BY, NOT_REFUSED
from support.refused.papers import PAPERS
from support.refused.rivals import RIVALS

from arshjul.run_model import refusals, run
from engine.bpmn import rules

PAIRS = EVENTS + FLOWS + GATEWAYS + DETAILS + ACTIVITIES + COLLABORATIONS + PAPERS + RIVALS
NAMES = [pair.name for pair in PAIRS]


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_a_diagram_that_cannot_be_run_is_refused_and_its_corrected_twin_is_not(pair: Pair) -> None:
    found = [f for f in refusals(pair.wrong, {}, test_scripts=True) if f.rule == pair.rule]
    assert pair.element in {f.element_id or "" for f in found}
    for finding in found:
        assert finding.sv.endswith((".", ")")), finding.sv
        assert len(finding.en) > 30
    assert run(pair.wrong, {}, test_scripts=True) == ["ERROR_deployment"]
    assert refusals(pair.right, {}, test_scripts=True) == []


def test_every_rule_refuses_something_here_and_there_are_more_than_a_hundred() -> None:
    assert len(set(NAMES)) == len(PAIRS) > 100
    only_deployed = {"say", "deadlocks", "foreign_scripts"}  # they have pairs of their own in tests/unit/bpmn
    files = {module.name for module in pkgutil.iter_modules(rules.__path__)} - only_deployed
    assert files <= {pair.rule for pair in PAIRS}


def test_every_constraint_that_is_known_of_is_broken_by_a_diagram_that_is_refused() -> None:
    assert {name for names in BROKEN_BY.values() for name in names} <= set(NAMES)
    assert len(BROKEN_BY) > 130
    assert not NOT_REFUSED.keys() & BROKEN_BY.keys()


def test_script_tasks_and_tasks_without_type_are_refused_where_scripts_are_not_asked_for() -> None:
    assert {f.rule for f in refusals(LINE)} == {"kinds"}
    assert run(LINE, {}) == ["ERROR_deployment"]


def test_tasks_that_are_not_run_do_not_hide_what_the_schema_refuses() -> None:
    misplaced = LINE.replace(b"<process ", b'<property id="p"/><process ')
    assert {(f.rule, f.element_id) for f in refusals(misplaced)} == {("kinds", "a"), ("schema", "p")}


def test_a_file_of_which_nothing_runs_is_told_to_mark_what_shall() -> None:
    drawn = LINE.replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [(f.rule, f.element_id, f.en) for f in refusals(drawn)] == [
        ("one_process", "P", "No process in the file is marked executable (isExecutable). Mark the one to run.")
    ]


@pytest.mark.parametrize("kind_and_text", [
    ("timeDuration", "P" + "9" * 5_000 + "Y"), ("timeDuration", "PT" + "9" * 5_000 + "S"),
    ("timeCycle", "R" + "9" * 5_000 + "/PT1S"), ("timeDate", "0001-01-01T00:00:00+14:00"),
    ("timeDate", "9999-12-31T23:59:59-14:00"),
])  # fmt: skip
def test_a_time_beyond_what_is_counted_is_refused_with_a_sentence(kind_and_text: tuple[str, str]) -> None:
    kind, text = kind_and_text
    timer = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    waits = model("s -> c -> e", f'<intermediateCatchEvent id="c">{timer}</intermediateCatchEvent>')
    assert {(f.rule, f.element_id) for f in refusals(waits, {})} == {("timers", "c")}


def test_a_chain_of_calls_as_long_as_a_file_may_hold_runs_to_its_end() -> None:
    call = '<callActivity id="c{0}" calledElement="P{1}"/>'
    chain = [process(f"P{i}", f"s{i}x -> c{i} -> e{i}x", f'<startEvent id="s{i}x"/>', f'<endEvent id="e{i}x"/>',
             call.format(i, i + 1), executable=str(i == 0).lower()) for i in range(39)]  # fmt: skip
    last = process("P39", "s -> a -> e", executable="false")
    assert run(around(*chain, last), {}, test_scripts=True) == ["a"]
