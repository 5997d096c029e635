"""Calls that double at each level: a step ends with an error long before it would end."""

import pytest
from support.bpmn_models import around, process

from engine.bpmn import BpmnError, execution
from engine.bpmn.model import load_all

LEVELS = 8


def test_what_one_step_enters_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = [
        process(
            f"P{n}",
            f"s{n} -> c{n} -> d{n} -> e{n}",
            *(f'<callActivity id="{name}{n}" calledElement="P{n + 1}"/>' for name in "cd"),
            executable="true" if n == 0 else "false",
        )
        for n in range(LEVELS)
    ]
    last = process(f"P{LEVELS}", f"s{LEVELS} -> e{LEVELS}", executable="false")
    (model,) = load_all(around(*levels, last), scripts=True)
    with monkeypatch.context() as fewer:
        fewer.setattr(execution, "MAX_SCOPES", 2**LEVELS)
        with pytest.raises(BpmnError) as refusal:
            model.start({}, lambda *_given: True)
    assert refusal.value.code == "too_long"
    assert model.start({}, lambda *_given: True).done
