"""A package checked in a child process under limits of time, memory and output; whatever happens, words come back.

The child is a fresh interpreter that gets no environment of ours: no secrets, no database address.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import structlog

from engine.rules.packages import Problem
from engine.uploads import limits

_log = structlog.get_logger(__name__)
TOO_LONG: dict[int, int] = {
    signal.SIGPROF: limits.DIAGRAM_SECONDS,
    signal.SIGXCPU: limits.PACKAGE_SECONDS,
    signal.SIGALRM: limits.WALL_SECONDS,
}
"""Which signal ended the child after how many seconds."""
_places = threading.BoundedSemaphore(limits.CHILDREN)


@dataclass(frozen=True)
class Screened:
    """What the child found: the first findings, and how many `more`. `key` is the process that they are about."""

    key: str | None
    findings: tuple[Problem, ...]
    more: int = 0

    @property
    def refused(self) -> bool:
        """Nothing may be deployed of it."""
        return self.more > 0 or any(finding.severity == "error" for finding in self.findings)


def screen(key: str, files: Mapping[str, bytes]) -> Screened:
    """Everything against deploying these files as `key`, as `deployments.check` finds it. Takes about 2 s."""
    return _ask(key, {"key": key, "files": _written(files)})


def screen_diagram(xml: bytes, deployed: Mapping[str, Mapping[str, bytes]]) -> Screened:
    """The same for a diagram alone, put in place of that of the deployed package whose process id it has.

    `key` is None when it has none of theirs.
    """
    bases = {key: _written(files) for key, files in deployed.items()}
    return _ask(None, {"diagram": base64.b64encode(xml).decode(), "bases": bases})


def screen_alone(xml: bytes) -> Screened:
    """What is against a diagram, whatever its process is called and without any package around it."""
    return _ask(None, {"diagram": base64.b64encode(xml).decode()})


def _written(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def _ask(key: str | None, request: Mapping[str, Any]) -> Screened:
    if not _places.acquire(timeout=limits.QUEUE_SECONDS):
        return Screened(key, (_busy(),))
    try:
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
            asked.write(json.dumps(request).encode())
            asked.seek(0)
            died = _run(asked, answer)
            answer.seek(0)
            return Screened(key, (died,)) if died else _understood(key, answer.read(limits.OUTPUT_BYTES + 1))
    finally:
        _places.release()


def _run(asked: IO[bytes], answer: IO[bytes]) -> Problem | None:
    """None when the child has answered, else what became of it, in words."""
    child = subprocess.Popen(
        [sys.executable, "-m", "engine.uploads.child"],
        stdin=asked,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"},
        start_new_session=True,
        close_fds=True,
    )
    try:
        code = child.wait(timeout=limits.WALL_SECONDS)
    except subprocess.TimeoutExpired:
        code = -signal.SIGALRM
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if code == 0:
        return None
    _log.warning("a file was not read to its end", exit_code=code)
    return _died(code)


def _died(code: int) -> Problem:
    seconds = TOO_LONG.get(-code)
    if seconds is not None:
        return _unread(
            f"Det tog längre än {seconds} sekunder att läsa filen, så läsningen avbröts. Rita diagrammet enklare.",
            f"The file took longer than {seconds} seconds to read, so reading was stopped. Draw the diagram simpler.",
        )
    if code in (limits.OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGTRAP, -signal.SIGABRT):
        return _unread(
            f"Det krävs mer än {limits.MEMORY_BYTES // 1_000_000} MB minne för att läsa filen, så läsningen avbröts. "
            "Dela upp den.",
            f"Reading the file takes more than {limits.MEMORY_BYTES // 1_000_000} MB of memory, so it was stopped. "
            "Split it.",
        )
    return _unread(
        "Filen går inte att läsa: läsningen stannade mitt i. Spara om den från ritverktyget.",
        "The file cannot be read: reading stopped in the middle. Save it again from the modelling tool.",
    )


def _busy() -> Problem:
    return _unread(
        "Andra filer läses just nu. Vänta en stund och försök igen.",
        "Other files are being read just now. Wait a moment and try again.",
    )


def _unread(sv: str, en: str) -> Problem:
    return Problem("", sv, en)


def _understood(key: str | None, written: bytes) -> Screened:
    """The child's answer, of which nothing is taken for granted: not even that it is the child's."""
    try:
        answer = json.loads(written)
        named = answer["key"]
        found = tuple(_problem(each) for each in answer["findings"][: limits.SHOWN])
        more = int(answer["more"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Screened(key, (_died(0),))
    return Screened(key or (named if isinstance(named, str) else None), found, max(more, 0))


def _problem(each: Mapping[str, Any]) -> Problem:
    line = each["line"]
    return Problem(
        where=_text(each["where"], 200),
        sv=_text(each["sv"], limits.LONGEST_SENTENCE),
        en=_text(each["en"], limits.LONGEST_SENTENCE),
        element_id=_text(each["element_id"], 120) or None,
        element_name=_text(each["element_name"], 120) or None,
        line=line if isinstance(line, int) else None,
        severity="warning" if each["severity"] == "warning" else "error",
    )


def _text(value: Any, longest: int) -> str:
    """What a page can show: no control characters, no half characters, not without end."""
    whole = "" if value is None else str(value)
    shown = "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in whole[:longest])
    return shown + ("…" if len(whole) > longest else "")
