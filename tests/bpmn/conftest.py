"""Every model of this folder runs on states that have been through their saved form after each step."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn import Execution, blob


@pytest.fixture(autouse=True)
def saved_and_restored_between_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    adopt = Execution._adopt

    def through_bytes(self: Execution, state: dict[str, Any]) -> None:
        adopt(self, blob.unpack(blob.pack(state)))

    monkeypatch.setattr(Execution, "_adopt", through_bytes)
