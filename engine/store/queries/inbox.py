"""The rows that a person's inbox and pages of tasks show: which they are, and what is shown of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.sql import Sql, among
from engine.store.tables import activity, draft, saved_filter, user_task

_SHOWN = ", ".join(
    f"t.{name}"
    for name in (
        *("id", "instance_id", "element_id", "follow_on", "step", "form", "title_sv", "title_en", "plan_year"),
        *("role", "position_id", "unit_name", "vacant", "assignee_id", "handed_by", "state"),
        *("opened_at", "due_at", "closes_at", "answered_at"),
    )
)
_STEP = sa.select(activity.c.closes_at.label("step_closes_at")).subquery()
_SHOW = among(
    f"select {_SHOWN}, i.key, i.state as instance_state, i.definition_id,"  # noqa: S608 - columns of ours
    " (select sha256 from definition where definition.id = i.definition_id) as sha256,"
    " a.state as step_state, a.closes_at as step_closes_at, d.saved_at"
    " from user_task t join instance i on i.id = t.instance_id left join activity a on a.id = t.activity_id"
    " left join draft d on d.task_id = t.id and d.person_id = :person_id"
    " where t.id among :ids order by t.due_at, t.id",
    *(user_task, draft, _STEP),
)
# From the positions or the people, each a few tasks of the step: it may have been asked of thousands, and the plus
# keeps both databases from reading all of them.
_OF_STEP = among(
    "select t.id from activity a join user_task t on t.activity_id = a.id and t.position_id among :positions"
    " where a.instance_id = :instance_id and a.element_id = :element_id"
    " union select id from user_task where position_id among :positions and activity_id is null"
    " and +instance_id = :instance_id and element_id = :element_id"
    " union select id from user_task where assignee_id among :people and handed_by is not null"
    " and +instance_id = :instance_id and element_id = :element_id"
)
# By the positions' own tasks, in the index alone, to their steps: the open steps of all others are many more.
_ANSWERED = Sql(
    # In this order, whatever the tables' sizes: SQLite would read all tasks to have the steps sorted.
    "select t.id from json_each(:positions) p cross join user_task own on own.position_id = p.value"
    " cross join user_task t on t.id = own.id where (select state from activity where id = own.activity_id) = 'open'"
    " and t.state = 'completed' order by t.due_at, t.id limit :most",
    postgresql="select t.id from user_task t join activity a on a.id = t.activity_id where a.state = 'open'"
    " and t.position_id = any(:positions) and t.state = 'completed' order by t.due_at, t.id limit :most",
)
_MISSED = among(
    "select id from user_task where position_id among :positions and outcome = 'no_answer' and ended_at >= :since"
    " order by due_at, id limit :most"
)
_RESTING = among(
    "select t.id from follow_up f join user_task t on t.id = f.task_id"
    " where f.person_id = :person_id and f.until > :day and t.state = 'open' and t.due_at >= :now"
    " and (t.position_id among :positions or (t.assignee_id among :people and t.handed_by is not null))"
    " order by t.due_at, t.id limit :most"
)
_DONE = among(
    "select id from user_task where answered_by = :person_id and state = 'completed' and not id among :shown"
    " and (position_id among :positions or (handed_by is not null and assignee_id = :person_id) or :all)"
    " order by answered_at desc, id desc limit :most"
)
# From the instances known by the plan year, which are few: of the others thousands of steps may wait for their windows.
_COMING_OF = (
    "select a.instance_id, a.element_id, a.multi, a.opens_at, a.due_at, i.definition_id,"
    " (select sha256 from definition where definition.id = i.definition_id) as sha256"
    " from instance i cross join activity a where {known_by_year} and i.state = 'active' and a.instance_id = i.id"
    " and a.state = 'coming' and a.opens_at <= :until order by a.opens_at"
)
_COMING = Sql(
    _COMING_OF.format(known_by_year="i.many = 0"),
    activity,
    postgresql=_COMING_OF.format(known_by_year="not i.many"),
)
_FILTERS = Sql("select name, filters from saved_filter where person_id = :person_id order by name", saved_filter)
# From one year to the next in the index: there are few years, and as many instances as people.
_YEARS = Sql(
    "with recursive years(plan_year) as (select max(plan_year) from instance union all"
    " select (select max(plan_year) from instance where plan_year < years.plan_year) from years"
    " where years.plan_year is not null) select plan_year from years where plan_year is not null"
)


def show(tx: Tx, ids: Sequence[int], person_id: str | None) -> list[Any]:
    """These tasks with their instance, activity and the person's draft, in the order (due_at, id)."""
    return tx.find(_SHOW, ids=tx.array(list(ids)), person_id=person_id) if ids else []


def of_step(tx: Tx, instance_id: int, element_id: str, positions: Sequence[str], people: Sequence[str]) -> list[int]:
    """The step's tasks of these positions, and those handed over to these people, whatever their state."""
    places = {"positions": tx.array(list(positions)), "people": tx.array(list(people))}
    return _ids(tx, _OF_STEP, instance_id=instance_id, element_id=element_id, **places)


def answered(tx: Tx, positions: Sequence[str], most: int) -> list[int]:
    """The positions' answered tasks of activities that are open."""
    return _ids(tx, _ANSWERED, positions=tx.array(list(positions)), most=most)


def missed(tx: Tx, positions: Sequence[str], since: datetime, most: int) -> list[int]:
    """The positions' tasks that closed without an answer from then on."""
    return _ids(tx, _MISSED, positions=tx.array(list(positions)), since=since, most=most)


def resting(
    tx: Tx, person_id: str, positions: Sequence[str], people: Sequence[str], day: date, now: datetime, most: int
) -> list[int]:
    """The open tasks that the person has put away until after that day."""
    places = {"positions": tx.array(list(positions)), "people": tx.array(list(people))}
    return _ids(tx, _RESTING, person_id=person_id, day=day, now=now, most=most, **places)


def done(
    tx: Tx, person_id: str, positions: Sequence[str], everywhere: bool, shown: Sequence[int], most: int
) -> list[int]:
    """What the person has answered last, without what is `shown`: at these positions, or `everywhere`."""
    lists = {"positions": tx.array(list(positions)), "shown": tx.array(list(shown))}
    return _ids(tx, _DONE, person_id=person_id, all=everywhere, most=most, **lists)


def coming(tx: Tx, until: datetime) -> list[Any]:
    """The activities that open by then, of live instances known by the plan year, with what names their definition."""
    return tx.find(_COMING, until=until)


def saved_filters(tx: Tx, person_id: str | None) -> list[Any]:
    return tx.find(_FILTERS, person_id=person_id)


def plan_years(tx: Tx) -> list[int]:
    """Those that instances have, the latest first."""
    return [row.plan_year for row in tx.find(_YEARS)]


def _ids(tx: Tx, statement: Sql, **parameters: Any) -> list[int]:
    return [row.id for row in tx.find(statement, **parameters)]
