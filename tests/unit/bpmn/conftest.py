"""Walks that run twice: straight through, and saved and restored before every step."""

import pytest


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def reload(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)
