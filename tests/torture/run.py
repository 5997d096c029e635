"""`make torture MINUTES=n`: trials of every fault on both databases until the time is up; counts accumulate in a file.

The file is ARSHJUL_TORTURE_COUNTS, by default var/torture.json. Exit 1 when an invariant broke or a trial injected no
fault. `--mutation NAME` plants a fault in the verbs, and exit 0 then means that it was caught.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import click
from support import postgres
from torture import mutations, trials
from torture.place import Place
from torture.trial import Outcome

COUNTS = Path(os.environ.get("ARSHJUL_TORTURE_COUNTS", "var/torture.json"))


def main() -> int:
    given = _arguments()
    until = time.monotonic() + 60 * given.minutes
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="arshjul-torture") as folder,
        _places(Path(folder), given.database) as places,
    ):
        for fault, place, seed in _plan(places, given.seed, given.fault):
            if time.monotonic() >= until:
                break
            outcome = trials.run(place, fault, seed, given.mutation)
            failed += not outcome.ok
            _tell(place, outcome)
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


def _plan(places: list[Place], seed: int | None, only: str | None) -> Iterator[tuple[str, Place, int]]:
    faults = [only] if only else list(trials.FAULTS)
    while True:
        for fault in faults:
            for place in [place for place in places if trials.FAULTS[fault].fits(place)]:
                yield fault, place, seed if seed is not None else secrets.randbelow(10**9)
        if seed is not None:
            return


def _tell(place: Place, outcome: Outcome) -> None:
    verdict = "held" if outcome.ok else "; ".join(outcome.broken) or "NO FAULT INJECTED"
    click.echo(f"{place.kind:10} {outcome.fault:30} seed {outcome.seed:<10} faults {outcome.faults:<3} {verdict}")


def _count(place: Place, outcome: Outcome) -> None:
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    line = counts.setdefault(
        f"{outcome.fault}, {place.kind}", {"trials": 0, "faults": 0, "completions": 0, "failed": []}
    )
    line["trials"] += 1
    line["faults"] += outcome.faults
    line["completions"] += outcome.completions
    if not outcome.ok:
        line["failed"].append(outcome.seed)
    COUNTS.parent.mkdir(parents=True, exist_ok=True)
    COUNTS.write_text(json.dumps(counts, indent=1, ensure_ascii=False, sort_keys=True))


def _summary() -> str:
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    lines = [
        f"{name}: {line['trials']} trials, {line['faults']} faults, {line['completions']} completions, "
        f"{len(line['failed'])} failed"
        for name, line in sorted(counts.items())
    ]
    return "\n".join(["", f"So far ({COUNTS}):", *lines])


if __name__ == "__main__":
    sys.exit(main())
