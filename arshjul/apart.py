"""A rehearsal in a process of its own: `python -m arshjul.apart` reads what to play and tells how far it has come.

Pages stay quick beside it, and it can be ended at any moment. One JSON document comes in; lines of JSON go out:
{"percent": 12} as it goes, then {"result": …} or {"stuck": "…"}.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from dataclasses import asdict
from typing import Any

from arshjul import assuming
from arshjul.peopling import as_csv
from arshjul.player import Stuck
from arshjul.region import invent
from arshjul.rehearsal import Stage, played
from arshjul.rehearsal_calendar import Mailbag, told
from engine import deployments, rehearsing
from engine.rehearsing import Wanted
from engine.rules.packages import parse_package

NICENESS = 10


def order(wanted: Wanted, stage: rehearsing.Stage) -> bytes:
    """What to play, as the process reads it."""
    document = {
        "wanted": asdict(wanted),
        "package": base64.b64encode(stage.package).decode(),
        "organisation": {name: content.decode() for name, content in stage.organisation.items()},
        "rhythms": stage.rhythms,
    }
    return json.dumps(document).encode()


def main() -> None:
    os.nice(NICENESS)
    given = json.loads(sys.stdin.buffer.read())
    try:
        result = _play(given)
    except Stuck as stuck:
        _say({"stuck": str(stuck)})
    else:
        _say({"result": result})


def _play(given: dict[str, Any]) -> dict[str, Any]:
    wanted = Wanted(**{**given["wanted"], "assumed": tuple(given["wanted"]["assumed"])})
    files = deployments.unpack(base64.b64decode(given["package"]))
    package = parse_package(wanted.key, files)
    organisation = {name: text.encode() for name, text in given["organisation"].items()}
    if wanted.managers is not None:
        organisation = as_csv(invent(wanted.managers))
    bag, shown = Mailbag(), -1

    def progress(share: float) -> None:
        nonlocal shown
        if int(share * 100) > shown:
            shown = int(share * 100)
            _say({"percent": shown})

    with (
        played(
            Stage(wanted.key, files, organisation, given["rhythms"]),
            wanted.plan_year,
            years=wanted.years,
            behaviour=assuming.behaviour(wanted, package),
            script=assuming.script(wanted, package),
            mailed=bag.collect,
            progress=progress,
        ) as (database, now),
        database.page() as tx,
    ):
        return told(tx, wanted.key, bag, now)


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
