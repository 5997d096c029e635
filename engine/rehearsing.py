"""Rehearsals that people ask for: errands (`engine.errands`) of the asker's alone, kept a week."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import deployments, errands, identity
from engine.actor import Actor
from engine.errands import Errand
from engine.errors import Forbidden, InvalidInput, NotPossible
from engine.identity.csv_export import export_csv
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import outbox as mails
from engine.store.tables import definition

KIND = "rehearsal"
KEPT = timedelta(days=7)
MOST_KEPT = 5
FEWEST_MANAGERS, MOST_MANAGERS = 12, 2000
MOST_YEARS = 3
FIRST_YEAR, LAST_YEAR = 2003, 2190
IN_TIME = (100, 95, 90, 75, 50)
"""Shares of people who answer in time, in percent, that may be asked for."""


@dataclass(frozen=True)
class Wanted:
    """What is to be played. `managers`: of an invented region; None: the organisation as it is today."""

    key: str
    plan_year: int
    years: int = 1
    managers: int | None = None
    in_time: int = 90
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """What a rehearsal is played on: the package's files, the organisation without names, wishes about mails."""

    package: bytes
    organisation: dict[str, bytes]
    rhythms: dict[str, str]


def ask(tx: Tx, wanted: Wanted, *, by: Actor, now: datetime) -> int:
    """Queue a rehearsal. Raises Forbidden, InvalidInput (the field and why), NotPossible: one is under way already."""
    if by.person_id is None or "cockpit" not in identity.capabilities(tx, by.person_id, civil_date(now)):
        raise Forbidden(action="ask", kind=KIND)
    _check(tx, wanted)
    if errands.under_way(tx, KIND, of=by) is not None:
        raise NotPossible(reason="rehearsal_under_way")
    errands.keep_newest(tx, KIND, MOST_KEPT - 1, of=by)
    return errands.queue(tx, KIND, asdict(wanted), KEPT, by=by)


def _check(tx: Tx, wanted: Wanted) -> None:
    if wanted.key not in deployments.deployed_keys(tx, by_year=True):
        raise InvalidInput(field="key", reason="unknown", value=wanted.key)
    package = deployments.latest(tx, wanted.key).package
    if package.start is None or package.start.at is None:
        raise InvalidInput(field="key", reason="starts_by_hand", value=wanted.key)
    if not FIRST_YEAR <= wanted.plan_year <= LAST_YEAR:
        raise InvalidInput(field="plan_year", reason="out_of_range", value=wanted.plan_year)
    if not 1 <= wanted.years <= MOST_YEARS:
        raise InvalidInput(field="years", reason="out_of_range", value=wanted.years)
    if wanted.managers is not None and not FEWEST_MANAGERS <= wanted.managers <= MOST_MANAGERS:
        raise InvalidInput(field="managers", reason="out_of_range", value=wanted.managers)
    if wanted.in_time not in IN_TIME:
        raise InvalidInput(field="in_time", reason="unknown", value=wanted.in_time)
    for name in wanted.assumed:
        if name not in package.assumptions:
            raise InvalidInput(field="assumed", reason="unknown", value=name)


def wanted_of(values: dict[str, Any]) -> Wanted:
    """What an errand's row says is to be played."""
    return Wanted(**{**values, "assumed": tuple(values["assumed"])})


def mine(tx: Tx, actor: Actor) -> list[Errand]:
    """The actor's own, newest first, without their results."""
    return errands.newest(tx, KIND, of=actor)


def find(tx: Tx, rehearsal_id: int, actor: Actor) -> Errand:
    """One with its result. Raises NotFound, also for somebody else's and one that has expired."""
    return errands.find(tx, KIND, rehearsal_id, of=actor)


def discard(tx: Tx, rehearsal_id: int, *, by: Actor) -> None:
    """Throw one away; if it is being played, whoever plays it stops. Raises NotFound."""
    errands.discard(tx, KIND, rehearsal_id, of=by)


def stage(tx: Tx, wanted: Wanted, today: date) -> Stage:
    """Everything that the play needs of this installation. People have no names or addresses there."""
    newest = deployments.latest(tx, wanted.key)
    package: bytes = tx.scalar(sa.select(definition.c.package).where(definition.c.id == newest.id))
    if wanted.managers is not None:
        return Stage(package, {}, {})
    exported = export_csv(tx, today)
    return Stage(package, exported.files, mails.rhythms(tx, sorted(exported.people)))
