"""A verification of the whole history in a process of its own: `python -m arshjul.apart.verification`."""

from __future__ import annotations

import json
from datetime import date

from arshjul.apart import begin, say
from engine import verifying
from engine.clock import SystemClock
from engine.errands import Claimed
from engine.store.database import Database, Tx


def order(tx: Tx, _claimed: Claimed, _today: date) -> bytes:
    """Where the history is. It is read from there, one moment of it, and nothing is written."""
    url = tx.connection.engine.url.render_as_string(hide_password=False)
    return json.dumps({"url": url}).encode()


def main() -> None:
    database = Database(begin()["url"], SystemClock())
    try:
        with database.snapshot() as tx:
            say({"result": verifying.carry_out(tx, lambda percent: say({"percent": percent}))})
    finally:
        database.dispose()


if __name__ == "__main__":
    main()
