"""Served demos and a browser at them; what is changed is changed in a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import served
from support.served import Served


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "demos"


@pytest.fixture(scope="module")
def lively(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo on 22 November 2026 with three cycles under way; the module's own copy."""
    made = served.built(demo_folder / "lively.db", served.make_lively)
    own = tmp_path_factory.mktemp("lively") / "arshjul.db"
    shutil.copy(made, own)
    with served.served(own, served.TODAY) as running:
        yield running


@pytest.fixture
def quiet(demo_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """The demo's people on 30 October 2026, before anything has begun; the test's own copy."""
    made = served.built(demo_folder / "quiet.db", served.make_quiet)
    own = tmp_path / "arshjul.db"
    shutil.copy(made, own)
    with served.served(own, served.BEFORE) as running:
        yield running
