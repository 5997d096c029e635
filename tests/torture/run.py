"""`make torture MINUTES=n`: trials on both databases until the time is up; counts accumulate in a file.

What the fault matrix asks for and does not have yet comes first; when all has been done, everything again.
`--rows 1 3 18` are rows of the matrix. The file is ARSHJUL_TORTURE_COUNTS, by default var/torture.json; several runs
may share it. Exit 1 when an invariant broke or a trial injected no fault. `--mutation NAME` plants a fault in the
verbs, and exit 0 then means that it was caught.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import click
from support import postgres
from torture import mutations, trials
from torture.place import Place
from torture.trial import Outcome

COUNTS = Path(os.environ.get("ARSHJUL_TORTURE_COUNTS", "var/torture.json"))


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its server is stopped too
    until = time.monotonic() + 60 * given.minutes
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="arshjul-torture") as folder,
        _places(Path(folder), given.database) as places,
    ):
        for fault, place, seed in _plan(places, given):
            if time.monotonic() >= until:
                break
            began = time.monotonic()
            outcome = trials.run(place, fault, seed, given.mutation)
            failed += not outcome.ok
            _tell(place, outcome, time.monotonic() - began)
            if given.mutation is None:
                _count(place, outcome)
            elif outcome.broken:
                click.echo(f"caught: {given.mutation}, in the trial with seed {seed}")
                return 0
    if given.mutation is not None:
        click.echo(f"NOT caught: {given.mutation}")
        return 1
    click.echo(_summary())
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, help="play this one seed of every fault, as a trial printed it")
    parser.add_argument("--fault", choices=sorted(trials.FAULTS), help="only this fault")
    parser.add_argument("--rows", nargs="+", help="only these rows of the fault matrix, by their numbers")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this database")
    parser.add_argument("--mutation", choices=mutations.NAMES)
    return parser.parse_args()


@contextmanager
def _places(folder: Path, only: str | None) -> Iterator[list[Place]]:
    for name in ("sqlite", "postgresql"):
        (folder / name).mkdir()
    places = [] if only == "postgresql" else [Place(folder / "sqlite")]
    if only == "sqlite":
        places[0].prepare()
        yield places
        return
    with postgres.own_server() as server:
        places.append(Place(folder / "postgresql", server))
        for place in places:
            place.prepare()
        yield places
        places[-1].clear()


def _plan(places: list[Place], given: argparse.Namespace) -> Iterator[tuple[str, Place, int]]:
    chosen = [given.fault] if given.fault else [n for n in trials.FAULTS if _row(n) in (given.rows or [_row(n)])]
    pairs = [(name, place) for name in chosen for place in places if trials.FAULTS[name].fits(place)]
    while True:
        short = [pair for pair in pairs if _is_short(*pair)]
        for name, place in pairs if given.seed is not None or given.mutation or not short else short:
            yield name, place, given.seed if given.seed is not None else secrets.randbelow(10**9)
        if given.seed is not None:
            return


def _row(name: str) -> str:
    return name.split(maxsplit=1)[0]


def _is_short(name: str, place: Place) -> bool:
    done = _counts().get(_line(name, place), {})
    return any(done.get(what, 0) < number for what, number in trials.FAULTS[name].asked.items())


def _line(name: str, place: Place) -> str:
    return f"{name}, {place.kind}"


def _tell(place: Place, outcome: Outcome, seconds: float) -> None:
    verdict = "held" if outcome.ok else "; ".join(outcome.broken) or "NO FAULT INJECTED"
    injected = f"faults {outcome.faults:<4} {seconds:4.0f} s"
    click.echo(f"{place.kind:10} {outcome.fault:40} seed {outcome.seed:<9} {injected} {verdict}")


def _counts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    return found


def _count(place: Place, outcome: Outcome) -> None:
    COUNTS.parent.mkdir(parents=True, exist_ok=True)
    with COUNTS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        counts = _counts()
        line = counts.setdefault(
            _line(outcome.fault, place), {"trials": 0, "faults": 0, "completions": 0, "failed": []}
        )
        line["trials"] += 1
        line["faults"] += outcome.faults
        line["completions"] += outcome.completions
        if not outcome.ok:
            line["failed"].append(outcome.seed)
        whole = COUNTS.with_suffix(".new")
        whole.write_text(json.dumps(counts, indent=1, ensure_ascii=False, sort_keys=True))
        whole.replace(COUNTS)


def _summary() -> str:
    """What has been done of what the matrix asks for, by row."""
    counts = _counts()
    lines = [f"{'':62} {'trials':>16} {'faults':>16} {'completions':>18} failed"]
    for name, fault in trials.FAULTS.items():
        for kind in fault.on:
            if line := counts.get(f"{name}, {kind}"):
                cells = [_cell(line[what], fault.asked.get(what)) for what in ("trials", "faults", "completions")]
                lines.append(f"{name:50} {kind:11} {cells[0]:>16} {cells[1]:>16} {cells[2]:>18} {len(line['failed'])}")
    return "\n".join(["", f"Done so far, and asked for by the fault matrix ({COUNTS}):", *lines])


def _cell(done: int, asked: int | None) -> str:
    return f"{done:,}" if asked is None else f"{done:,} of {asked:,}"


if __name__ == "__main__":
    sys.exit(main())
