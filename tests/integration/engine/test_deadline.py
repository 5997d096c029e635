"""Work is bounded in time, and what is done in time leaves no trace of the bound."""

import subprocess
import sys
from datetime import timedelta

import pytest

from engine.deadline import TookTooLong, within

PROFILED = """
import sys
import uuid
from datetime import timedelta
from engine.deadline import within
with within(timedelta(minutes=1)):
    pass
seen = []
sys.setprofile(lambda frame, event, argument: seen.append(event))
[uuid.uuid4() for _ in range(100)]
sys.setprofile(None)
print("call" in seen or "c_call" in seen)
"""


def run_for_ever() -> None:
    while True:
        pass


def test_work_that_never_ends_is_interrupted() -> None:
    with pytest.raises(TookTooLong), within(timedelta(milliseconds=50)):
        run_for_ever()


def test_a_process_can_be_profiled_after_bounded_work() -> None:
    """CPython looks for interrupts for ever once one was announced and none came: slower, and never with a profiler."""
    told = subprocess.run([sys.executable, "-c", PROFILED], capture_output=True, text=True, timeout=30, check=True)
    assert told.stdout.strip() == "True"
