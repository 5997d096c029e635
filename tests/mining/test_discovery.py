"""A process-mining program that knows nothing of the diagram finds the order of the nine steps in the XES export.

pm4py has many dependencies and a licence of its own (AGPL), so it stays out of the product's environment: `make mining`
installs it in one of its own and runs this with ARSHJUL_MINING_PYTHON set to that Python.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support.stages import WorldAt

from engine import deployments
from engine.history import exports

PYTHON = os.environ.get("ARSHJUL_MINING_PYTHON") or (sys.executable if find_spec("pm4py") else "")

pytestmark = pytest.mark.skipif(not PYTHON, reason="no Python with pm4py: set ARSHJUL_MINING_PYTHON")


@pytest.fixture
def discovered(world_at: WorldAt, tmp_path: Path) -> tuple[list[str], dict[str, Any]]:
    """The package's steps, and what is found in a history where the plan for 2027 has come to its end."""
    world = world_at("november")
    world.answer("follow_up", "hr")
    world.go_to("2028-01-03")
    world.answer("follow_up_compile", "argus")
    assert world.instance(2027).state == "completed"
    export = tmp_path / "history.xes"
    with world.page() as tx:
        export.write_text("".join(exports.as_xes(tx)), "utf-8")
        latest = deployments.latest(tx, "annual_plan")
    done = subprocess.run(
        [PYTHON, str(Path(__file__).with_name("discover.py")), str(export)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [step.id for step in latest.package.steps], json.loads(done.stdout.splitlines()[-1])


def test_the_nine_steps_are_found_in_their_order(discovered: tuple[list[str], dict[str, Any]]) -> None:
    steps, found = discovered
    assert len(steps) == 9
    assert [name for name in found["order"] if name in steps] == steps
    assert found["first"] == [steps[0]]
