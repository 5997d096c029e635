"""Plays the rehearsals that people have asked for, one at a time, each in a process of its own with a limit of time."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from arshjul.apart import order
from engine import rehearsing
from engine.contexts import local_day
from engine.rehearsing import Claimed
from engine.store.database import Database

LONGEST = timedelta(minutes=10)
"""Wall time. A region of two thousand managers and three plan years takes less."""

log = logging.getLogger(__name__)


@dataclass
class Rehearser:
    """`stop` ends what is being played and gives it back; nothing is begun after it."""

    database: Database
    longest: timedelta = LONGEST
    _stopped: threading.Event = field(default_factory=threading.Event)
    _child: subprocess.Popen[bytes] | None = None

    def work(self) -> bool:
        """Play the oldest that waits, if any; whether there was one."""
        with self.database.page() as tx:
            if self._stopped.is_set() or not rehearsing.waiting(tx):
                return False
        with self.database.verb() as tx:
            claimed = rehearsing.claim(tx)
        if claimed is None:
            return False
        try:
            self._play(claimed)
        except Exception:
            log.exception("rehearsal %d could not be played", claimed.id)
            self._fail(claimed, "fault")
        return True

    def stop(self) -> None:
        self._stopped.set()
        if (child := self._child) is not None:
            child.kill()

    def _play(self, claimed: Claimed) -> None:
        with self.database.page() as tx:
            stage = rehearsing.stage(tx, claimed.wanted, local_day(self.database.clock.now()))
        command = [sys.executable, "-m", "arshjul.apart"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
            self._child = child
            if self._stopped.is_set():  # it was about to begin when `stop` looked for it
                child.kill()
            limit = threading.Timer(self.longest.total_seconds(), child.kill)
            limit.start()
            try:
                last = self._listen(child, claimed, order(claimed.wanted, stage))
            finally:
                in_time = limit.is_alive()
                limit.cancel()
                child.kill()
                self._child = None
        self._record(claimed, last, in_time=in_time)

    def _listen(self, child: subprocess.Popen[bytes], claimed: Claimed, given: bytes) -> dict[str, object]:
        """What the process said last; it is ended when nobody wants the rehearsal any more."""
        assert child.stdin is not None
        assert child.stdout is not None
        last: dict[str, object] = {}
        try:
            child.stdin.write(given)
            child.stdin.close()
        except BrokenPipeError:
            return last
        for line in child.stdout:
            if not line.endswith(b"\n"):  # it was ended while it spoke
                break
            last = json.loads(line)
            if isinstance(percent := last.get("percent"), int):
                with self.database.verb() as tx:
                    wanted_still = rehearsing.report(tx, claimed, percent)
                if not wanted_still:
                    child.kill()
        return last

    def _record(self, claimed: Claimed, last: dict[str, object], *, in_time: bool) -> None:
        result, stuck = last.get("result"), last.get("stuck")
        if isinstance(result, dict):
            with self.database.verb() as tx:
                rehearsing.finish(tx, claimed, result)
        elif self._stopped.is_set():
            with self.database.verb() as tx:
                rehearsing.give_back(tx, claimed)
        elif stuck is not None:
            self._fail(claimed, "stuck", str(stuck))
        else:
            self._fail(claimed, "fault" if in_time else "too_long")

    def _fail(self, claimed: Claimed, problem: str, detail: str | None = None) -> None:
        with self.database.verb() as tx:
            rehearsing.fail(tx, claimed, problem, detail)
