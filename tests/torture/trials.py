"""Trials: a fresh database, workers, a fault, a clean worker that recovers, and the invariants checked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from uuid import uuid4

from torture import checking
from torture.faults import (
    clocks,
    contention,
    corrupting,
    diagrams,
    disks,
    killing,
    mailing,
    migrations,
    outages,
    pairs,
    points,
    poisoning,
    racing,
    restoring,
    sleeping,
)
from torture.place import Place
from torture.trial import Fault, Outcome, Trial, wait
from torture.worker import Journal, Orders, forked

FAULTS: dict[str, Fault] = {
    "1 killed at every point": Fault(points.at_every_point, {"trials": 20}),
    "1 killed at a numbered point": Fault(killing.at_a_point),
    "1 killed after a commit": Fault(killing.after_a_commit),
    "2 killed at any time": Fault(killing.at_any_time, {"faults": 3_000, "completions": 100_000}),
    "3 stopped past their leases, two pollers": Fault(killing.past_their_leases, {"faults": 3_000}),
    "4 the database stops": Fault(outages.stopped, {"completions": 20_000}, on=("postgresql",)),
    "4 the database is away for long": Fault(outages.long_away, on=("postgresql",)),
    "5 the pages wait in vain": Fault(contention.at_the_pages, {"faults": 4_000}),
    "6 the reply to COMMIT is lost": Fault(outages.reply_lost),
    "6 many replies are lost": Fault(outages.many_replies_lost, {"faults": 3_000}),
    "7 the disk is full": Fault(disks.full, needs=disks.can_be_full),
    "7 the disk is full again and again": Fault(disks.again_and_again, {"faults": 200}, needs=disks.can_be_full),
    "8 the mail server fails": Fault(mailing.server_fails),
    **{f"8 {kind}": Fault(partial(mailing.one_kind, kind=kind), {"faults": 500}) for kind in mailing.KINDS},
    "9 civil times": Fault(clocks.civil_times, {"trials": 1}, on=("sqlite",), worked=False),
    "9 the wall clock jumps": Fault(clocks.wall_clock_jumps, {"trials": 1}),
    "10 nobody polls for three weeks": Fault(sleeping.for_three_weeks, {"faults": 300}),
    "11 a migrator is killed": Fault(migrations.killed, worked=False),
    "11 killed at every statement": Fault(migrations.at_every_statement, {"trials": 10}, worked=False),
    "11 two migrators at once": Fault(migrations.two_at_once, {"trials": 50}, worked=False),
    "13 many clients": Fault(racing.many_clients),
    "13 a crowd": Fault(racing.a_crowd),
    "13 a throng": Fault(racing.a_throng, {"trials": 10, "completions": 100_000}),
    "14 sent twice": Fault(racing.sent_twice, {"faults": 3_000}),
    "15 two approvers": Fault(pairs.two_approvers, {"faults": 2_000}),
    "15 two claims": Fault(pairs.two_claims, {"faults": 1_500}),
    "15 an answer and a cancelling": Fault(pairs.complete_and_cancel, {"faults": 1_500}),
    "15 a change and a taking back": Fault(pairs.change_and_take_back, {"faults": 1_000}),
    "16 an instance's row is damaged": Fault(corrupting.one_row),
    "16 many rows are damaged": Fault(corrupting.many_rows, {"faults": 2_000}),
    "17 timers that raise": Fault(poisoning.by_error, {"faults": 170}),
    "17 timers that kill": Fault(poisoning.to_death, {"faults": 170}),
    "17 timers that hang": Fault(poisoning.without_end, {"faults": 160}),
    "18 random diagrams": Fault(diagrams.reloaded_at_every_step, {"trials": 1_000}, on=("sqlite",), worked=False),
    "19 a backup is restored": Fault(restoring.at_a_random_moment, {"trials": 50}),
}


def run(place: Place, name: str, seed: int, mutation: str | None = None) -> Outcome:
    """One trial. The seed decides all that the trial itself decides."""
    fault = FAULTS[name]
    with _database(place, fault) as url:
        orders = Orders(url, place.folder / f"{uuid4().hex}.journal", "ett", seed, 1, mutation=mutation)
        trial = Trial(place, orders, random.Random(seed))
        injected = fault.inject(trial)
        recovered = _recover(orders) if fault.worked else True
        lines = Journal(orders.journal).lines()
        found = checking.broken(url, lines) if fault.worked else checking.by_itself(lines)
        if not recovered:
            found.append("the worker that recovers did not end well")
        orders.journal.unlink(missing_ok=True)
    return Outcome(name, seed, injected, sum(line["what"] == "answered" for line in lines), found)


@contextmanager
def _database(place: Place, fault: Fault) -> Iterator[str]:
    if fault.worked:
        with place.fresh() as url:
            yield url
    else:
        yield ""


def _recover(orders: Orders) -> bool:
    """Time passes: timers come due, leases have run out."""
    for round_ in range(400, 402):  # later than any worker of a fault
        ended = wait(forked(replace(orders, round=round_, seed=orders.seed + round_)))
    return ended == 0
