"""Calls that double at each level: a step ends with an error long before it would end."""

import pytest
from support.bpmn_models import around, process

from engine.bpmn import BpmnError, Model, execution, scopes
from engine.bpmn.model import load_all

LEVELS = 8
ENTERED = 2 ** (LEVELS + 1) - 2


def doubling(deepest: int) -> Model:
    levels = [
        process(
            f"P{n}",
            f"s{n} -> c{n} -> d{n} -> e{n}",
            *(f'<callActivity id="{name}{n}" calledElement="P{n + 1}"/>' for name in "cd"),
            executable="true" if n == 0 else "false",
        )
        for n in range(deepest)
    ]
    last = process(f"P{deepest}", f"s{deepest} -> e{deepest}", executable="false")
    (model,) = load_all(around(*levels, last), scripts=True)
    return model


def test_what_one_step_enters_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    model = doubling(LEVELS)
    with monkeypatch.context() as fewer:
        fewer.setattr(execution, "MAX_SCOPES", ENTERED - 1)
        with pytest.raises(BpmnError) as refusal:
            model.start({}, lambda *_given: True)
    assert refusal.value.code == "too_long"
    monkeypatch.setattr(execution, "MAX_SCOPES", ENTERED)
    assert model.start({}, lambda *_given: True).done


def test_a_scope_knows_how_deep_it_lies_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(_scope: object) -> None:
        raise AssertionError("every scope was looked through")

    monkeypatch.setattr(scopes.BpmnSubWorkflow, "parent_workflow", property(search))
    assert doubling(3).start({}, lambda *_given: True).done
