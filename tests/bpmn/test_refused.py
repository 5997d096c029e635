"""What the standard forbids, or what is not run: each diagram is refused by a sentence that names the element,
and its corrected twin is accepted."""

from __future__ import annotations

import pkgutil

import pytest
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
