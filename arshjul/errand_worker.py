"""Does the errands that people have asked for, one of a kind at a time, each in a process of its own with a limit."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from arshjul.apart import rehearsal, verification
from engine import errands, rehearsing, verifying
from engine.errands import Claimed
from engine.rules.calendar import civil_date
from engine.store.database import Database, Tx


@dataclass(frozen=True)
class Kind:
    """`module` reads what `order` gives and does it. `longest`: wall time."""

    name: str
    module: str
    order: Callable[[Tx, Claimed, date], bytes]
    longest: timedelta


REHEARSAL = Kind(rehearsing.KIND, "arshjul.apart.rehearsal", rehearsal.order, timedelta(minutes=10))
"""A region of two thousand managers and three plan years takes less."""

VERIFICATION = Kind(verifying.KIND, "arshjul.apart.verification", verification.order, timedelta(hours=6))
"""It does some twenty thousand events a second."""

log = logging.getLogger(__name__)


@dataclass
class ErrandWorker:
    """`stop` ends what is being done and gives it back; nothing is begun after it."""

    database: Database
    kind: Kind
    longest: timedelta | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _child: subprocess.Popen[bytes] | None = None

    def work(self) -> bool:
        """Do the oldest that waits, if any; whether there was one."""
        with self.database.page() as tx:
            if self._stopped.is_set() or not errands.waiting(tx, self.kind.name):
                return False
        with self.database.verb() as tx:
            claimed = errands.claim(tx, self.kind.name)
        if claimed is None:
            return False
        try:
            self._do(claimed)
        except Exception:
            log.exception("%s %d could not be done", self.kind.name, claimed.id)
            self._fail(claimed, "fault")
        return True

    def stop(self) -> None:
        self._stopped.set()
        if (child := self._child) is not None:
            child.kill()

    def _do(self, claimed: Claimed) -> None:
        with self.database.page() as tx:
            given = self.kind.order(tx, claimed, civil_date(self.database.clock.now()))
        command = [sys.executable, "-m", self.kind.module]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
            self._child = child
            if self._stopped.is_set():  # it was about to begin when `stop` looked for it
                child.kill()
            limit = threading.Timer((self.longest or self.kind.longest).total_seconds(), child.kill)
            limit.start()
            try:
                last = self._listen(child, claimed, given)
            finally:
                in_time = limit.is_alive()
                limit.cancel()
                child.kill()
                self._child = None
        self._record(claimed, last, in_time=in_time)

    def _listen(self, child: subprocess.Popen[bytes], claimed: Claimed, given: bytes) -> dict[str, object]:
        """What the process said last; it is ended when nobody wants it done any more."""
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
                    wanted_still = errands.report(tx, claimed, percent)
                if not wanted_still:
                    child.kill()
        return last

    def _record(self, claimed: Claimed, last: dict[str, object], *, in_time: bool) -> None:
        result, stuck = last.get("result"), last.get("stuck")
        if isinstance(result, dict):
            with self.database.verb() as tx:
                errands.finish(tx, claimed, result)
        elif self._stopped.is_set():
            with self.database.verb() as tx:
                errands.give_back(tx, claimed)
        elif stuck is not None:
            self._fail(claimed, "stuck", str(stuck))
        else:
            self._fail(claimed, "fault" if in_time else "too_long")

    def _fail(self, claimed: Claimed, problem: str, detail: str | None = None) -> None:
        with self.database.verb() as tx:
            errands.fail(tx, claimed, problem, detail)
