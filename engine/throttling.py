"""How long someone who guesses a password must wait, without making the account's owner wait with them.

Wrong passwords are counted for an account and the place they come from: from the fifth on the next attempt from
there waits, twice as long each time and a minute at most. An account that is guessed at from many places gets a
wider, gentler limit: a short wait between attempts, never for a place where its owner has signed in lately.
Nobody is locked out (OWASP ASVS 5.0, 6.3.1). All instants are wall time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from engine.errors import NotPossible
from engine.store.database import Tx
from engine.store.queries import accounts as rows

FREE_ATTEMPTS = 5
LONGEST_DELAY = timedelta(minutes=1)
FREE_ATTEMPTS_ANYWHERE = 50
DELAY_ANYWHERE = timedelta(seconds=5)
FAILURES_KEPT = timedelta(days=1)
KNOWN_FOR = timedelta(days=90)
NOWHERE = "-"


def place(address: str | None) -> str:
    """The network address attempts are counted by; of IPv6 the /64, since one household has as many as it likes."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return NOWHERE
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), 64), strict=False))
    return str(found)


def refuse_throttled(tx: Tx, account: Any, where: str, at: datetime) -> None:
    """Raises NotPossible with reason `throttled` and retry_after (UTC) when the next attempt from there must wait."""
    here = rows.at_place(tx, account.person_id, where)
    waits = [here.retry_after] if here is not None else []
    if here is None or here.signed_in_at is None or here.signed_in_at < at - KNOWN_FOR:
        waits.append(account.retry_after)
    until = max((wait for wait in waits if wait is not None), default=at)
    if at < until:
        raise NotPossible(reason="throttled", retry_after=until)


def count_failure(tx: Tx, account: Any, where: str, at: datetime) -> None:
    """One wrong password more, for the place and for the account."""
    here = rows.at_place(tx, account.person_id, where)
    failed = (here.failed_attempts if here is not None else 0) + 1
    wait = None
    if failed >= FREE_ATTEMPTS:
        wait = at + min(timedelta(seconds=2 ** min(failed - FREE_ATTEMPTS, 10)), LONGEST_DELAY)
    rows.keep_at_place(tx, account.person_id, where, failed_attempts=failed, retry_after=wait, last_at=at)
    anywhere = account.failed_attempts + 1
    slower = at + DELAY_ANYWHERE if anywhere >= FREE_ATTEMPTS_ANYWHERE else None
    rows.change(tx, account.person_id, failed_attempts=anywhere, retry_after=slower)
    rows.forget_places(tx, account.person_id, failed_before=at - FAILURES_KEPT, signed_in_before=at - KNOWN_FOR)


def note_success(tx: Tx, account: Any, where: str, at: datetime) -> None:
    """The owner has signed in from there; the count begins anew."""
    rows.keep_at_place(tx, account.person_id, where, failed_attempts=0, retry_after=None, signed_in_at=at, last_at=at)
    if account.failed_attempts:
        rows.change(tx, account.person_id, failed_attempts=0, retry_after=None)
