"""The child process that reads an upload: `python -m engine.uploads.child`, a request as JSON in, findings out.

First it loads everything that reading may need, then it gives up what it will not need: files, network, time, memory.
From there on the kernel holds the limits, whatever the bytes do to lxml or to V8.
"""

from __future__ import annotations

import base64
import json
import math
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine import bpmn, deployments
from engine.rules.packages import Problem
from engine.uploads import limits, warming


def main() -> int:
    warming.warm()
    request = json.load(sys.stdin.buffer)
    _give_up(warming.data_bytes())
    try:
        key, findings = answer(request)
        said = {
            "key": key,
            "findings": [asdict(finding) for finding in findings[: limits.SHOWN]],
            "more": max(len(findings) - limits.SHOWN, 0),
        }
        sys.stdout.write(json.dumps(_shortened(said)))
        sys.stdout.flush()
    except MemoryError:
        return limits.OUT_OF_MEMORY
    return 0


def answer(request: Mapping[str, Any]) -> tuple[str | None, list[Problem]]:
    """The process that the request is about, and everything found."""
    if "diagram" not in request:
        return request["key"], _package(request["key"], _files(request["files"]))
    xml = base64.b64decode(request["diagram"])
    _time_for_diagram()
    if "bases" not in request:
        return None, deployments.check_diagram("", xml)
    processes = bpmn.process_ids(xml)
    key = next((each for each in processes if each in request["bases"]), None)
    if key is not None:
        return key, _package(key, {**_files(request["bases"][key]), f"{key}.bpmn": xml})
    return None, deployments.check_diagram("", xml) or [_of_none(processes, sorted(request["bases"]))]


def _package(key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """The diagram under its own limit, then the rest."""
    xml = files.get(f"{key}.bpmn")
    _time_for_diagram()
    found = [] if xml is None else deployments.check_diagram(key, xml)
    _time_for_package()
    try:
        return deployments.check_package(key, files, found)
    except (TypeError, AttributeError, ValueError, LookupError, ArithmeticError, RecursionError) as fault:
        return [*found, _unreadable(fault)]


def _files(written: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in written.items()}


def _of_none(processes: list[str], deployed: list[str]) -> Problem:
    named, known = ", ".join(processes), ", ".join(deployed) or "–"
    return Problem(
        "",
        f"Diagrammets process heter {named}, och någon sådan är inte driftsatt ({known}). Ladda upp hela paketet som "
        "zip, eller rätta processens id.",
        f"The diagram's process is called {named}, and none of that name is deployed ({known}). Upload the whole "
        "package as a zip, or correct the id of the process.",
    )


def _unreadable(fault: Exception) -> Problem:
    said = f"{type(fault).__name__}: {fault}"
    return Problem(
        "",
        f"Något i paketet är av fel slag, så det går inte att kontrollera ({said}). Jämför med workflows/README.md.",
        f"Something in the package is of the wrong kind, so it cannot be checked ({said}). Compare "
        "workflows/README.md.",
    )


def _shortened(value: Any) -> Any:
    """The same with no text longer than a page shows: a name can be as long as the file."""
    if isinstance(value, dict):
        return {name: _shortened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shortened(part) for part in value]
    return value[: limits.LONGEST_SENTENCE + 1] if isinstance(value, str) else value


def _give_up(taken: int) -> None:
    """No file, socket or core dump can be opened from here on, and memory and output are bounded. For good."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.OUTPUT_BYTES, limits.OUTPUT_BYTES))
    # Not RLIMIT_AS: V8 reserves over a terabyte of addresses that it never touches. Data is what can be written to.
    memory = taken + limits.MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    _, hard = _processor_limit(limits.DIAGRAM_SECONDS + limits.PACKAGE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def _time_for_diagram() -> None:
    """SIGPROF ends the process to the hundredth of a second: RLIMIT_CPU counts whole ones."""
    signal.setitimer(signal.ITIMER_PROF, limits.DIAGRAM_SECONDS)


def _time_for_package() -> None:
    """SIGXCPU ends the process."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    soft, _ = _processor_limit(limits.PACKAGE_SECONDS)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def _processor_limit(seconds: int) -> tuple[int, int]:
    """So much more than what has been used, and one second beyond."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    return until, until + 1


if __name__ == "__main__":
    sys.exit(main())
