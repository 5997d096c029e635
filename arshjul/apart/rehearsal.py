"""A rehearsal in a process of its own: `python -m arshjul.apart.rehearsal`."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from arshjul import assuming
from arshjul.apart import begin, say
from arshjul.peopling import as_csv
from arshjul.player import Stuck
from arshjul.region import invent
from arshjul.rehearsal import Stage, played
from arshjul.rehearsal_calendar import Mailbag, told
from engine import deployments, rehearsing
from engine.errands import Claimed
from engine.rules.packages import parse_package
from engine.store.database import Tx


def order(tx: Tx, claimed: Claimed, today: date) -> bytes:
    """What to play, as the process reads it: it touches no database but its own."""
    wanted = rehearsing.wanted_of(claimed.wanted)
    stage = rehearsing.stage(tx, wanted, today)
    document = {
        "wanted": asdict(wanted),
        "package": base64.b64encode(stage.package).decode(),
        "organisation": {name: content.decode() for name, content in stage.organisation.items()},
        "rhythms": stage.rhythms,
    }
    return json.dumps(document).encode()


def main() -> None:
    given = begin()
    try:
        result = _play(given)
    except Stuck as stuck:
        say({"stuck": str(stuck)})
    else:
        say({"result": result})


def _play(given: dict[str, Any]) -> dict[str, Any]:
    wanted = rehearsing.wanted_of(given["wanted"])
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
            say({"percent": shown})

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


if __name__ == "__main__":
    main()
