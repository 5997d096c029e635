"""1, 2, 3: workers that are killed, or stopped for longer than their lease."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from torture.trial import Trial, wait
from torture.worker import Points


def at_a_point(trial: Trial) -> int:
    """SIGKILL at a numbered point, in three workers after each other."""
    return _killed(trial, lambda: Points(trial.rng.randint(1, 700)))


def after_a_commit(trial: Trial) -> int:
    """SIGKILL with something committed and nobody told, in three workers after each other."""
    return _killed(trial, lambda: Points(trial.rng.randint(1, 20), only="after commit"))


def _killed(trial: Trial, points: Callable[[], Points]) -> int:
    killed = 0
    for round_ in range(1, 4):
        killed += os.WIFSIGNALED(trial.finish(round=round_, points=points(), seed=trial.rng.randint(1, 10**9)))
    return killed


def at_any_time(trial: Trial) -> int:
    """SIGKILL at random times, two workers at once, four times."""
    killed = 0
    for round_ in range(1, 5):
        children = [trial.send(name=name, round=round_, seed=trial.rng.randint(1, 10**9)) for name in ("ett", "två")]
        for child in children:
            time.sleep(trial.rng.uniform(0.02, 0.5))
            os.kill(child, signal.SIGKILL)
        killed += sum(os.WIFSIGNALED(wait(child)) for child in children)
    return killed


def past_its_lease(trial: Trial) -> int:
    """A poller stopped between claiming a job and doing it; another does it; the first goes on."""
    points = Points(trial.rng.randint(1, 20), signal.SIGSTOP, only="after commit")
    stopped = trial.send(round=2, points=points)
    _, status = os.waitpid(stopped, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        return 0
    trial.finish(name="två", round=3)
    os.kill(stopped, signal.SIGCONT)
    wait(stopped)
    return 1
