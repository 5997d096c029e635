"""Verbs that begin while another is under way, in a fixed order and without a clock: PostgreSQL says who waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from support.world import World

from engine.errors import EngineError
from engine.store.database import Tx


def meanwhile(
    world: World, first: Callable[[Tx], Any], *others: Callable[[], Any], then: Callable[[Tx], Any] | None = None
) -> list[Any]:
    """What each of the others gives, or the refusal it raises, when it begins before `first` is committed.

    They begin one after the other: the next when the one before is done or waits for somebody. `then` is what the
    transaction of `first` does after that.
    """
    with ThreadPoolExecutor(len(others)) as pool:
        with world.database.verb() as tx:
            first(tx)
            later: list[Any] = []
            for other in others:
                later.append(pool.submit(_refusal_or_result, other))
                while not later[-1].done() and _waiting(world) < sum(not one.done() for one in later):
                    pass
            if then is not None:
                then(tx)
        return [one.result(60) for one in later]


def verb(world: World, call: Callable[[Tx], Any]) -> Callable[[], Any]:
    """The call as one of the others: in a transaction of its own."""

    def carry_out() -> Any:
        with world.database.verb() as tx:
            return call(tx)

    return carry_out


def _refusal_or_result(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except EngineError as refusal:
        return refusal


def _waiting(world: World) -> int:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with world.page() as tx:
        return int(tx.scalar(sa.text(waiting)))
