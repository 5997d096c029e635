"""Where time goes: days by step over the years, counted in the database."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine import timings
from engine.store.days import days_from_to
from engine.store.tables import activity, instance


@pytest.mark.parametrize(
    ("days", "median", "ninetieth"),
    [([], None, None), ([7], 7, 7), ([1, 2, 3, 4], 2, 4), (list(range(1, 101)), 50, 90), ([1] * 9 + [60], 1, 1)],
)
def test_a_percentile_is_the_least_number_that_so_many_did_not_exceed(
    days: list[int], median: int | None, ninetieth: int | None
) -> None:
    counted = Counter(days)
    assert (timings.percentile(counted, 50), timings.percentile(counted, 90)) == (median, ninetieth)


@pytest.mark.parametrize(("hours", "days"), [(0, 1), (23, 1), (24, 2), (47, 2), (61 * 24 - 1, 61), (-1, 0), (-25, -1)])
def test_a_begun_day_counts(world: World, hours: int, days: int) -> None:
    first = sa.literal(world.now, activity.c.opened_at.type)
    last = sa.literal(world.now + timedelta(hours=hours), activity.c.opened_at.type)
    with world.page() as tx:
        assert tx.scalar(sa.select(days_from_to(first, last))) == days


def past(world: World, plan_year: int, days: int, *, late: bool = False) -> None:
    """An earlier cycle whose compilation took so many days."""
    with world.database.verb() as tx:
        like = tx.rows(sa.select(instance).order_by(instance.c.id))[0]
        values = {**like._mapping, "plan_year": plan_year, "business_key": str(plan_year), "state": "completed"}
        number = tx.insert(instance, **{name: value for name, value in values.items() if name != "id"})
        opened = world.now - timedelta(days=400)
        ended = opened + timedelta(days=days - 1)
        tx.insert(
            activity, instance_id=number, element_id="compilation", step="compilation", token="t", round=1, multi=False,
            state="completed", closes_at=ended, due_at=ended - timedelta(days=1) if late else ended, reached_at=opened,
            opened_at=opened, ended_at=ended,
        )  # fmt: skip


def test_steps_are_counted_over_all_years_and_what_runs_apart(world: World) -> None:
    for year, days in ((2020, 5), (2021, 10), (2022, 40)):
        past(world, year, days, late=year == 2022)
    task = world.task("collection", "chef-hs-1")
    world.answer(task, "tora")
    with world.page() as tx:
        found = {step.element_id: step for step in timings.of_process(tx, "annual_plan", world.now)}
    compilation, collection = found["compilation"], found["collection"]
    assert (compilation.rounds.count, compilation.rounds.median, compilation.rounds.ninetieth) == (3, 10, 40)
    assert (compilation.rounds.late, compilation.allowed) == (1, 31)
    assert {year: spread.median for year, spread in compilation.years.items()} == {2020: 5, 2021: 10, 2022: 40}
    assert (collection.rounds.count, collection.running, collection.running_late) == (0, 1, 0)
    assert (collection.answers.count, collection.answers.median) == (1, 21)


def test_answers_are_read_from_the_index_alone(world: World) -> None:
    """The rows of tasks are wide; a million of them are not opened for this."""
    with world.page() as tx:
        options = {"literal_binds": True}
        statement = timings._BY_ACTIVITY.compile(dialect=tx.connection.dialect, compile_kwargs=options)
        plan = " ".join(str(row) for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
    assert "COVERING INDEX ix_user_task_answer_time" in plan


def test_the_page_says_what_is_counted_and_the_file_has_the_years(browse: Client, world: World) -> None:
    past(world, 2020, 5)
    browser = browse("hr")
    page = browser.get("/timings")
    assert "Sammanställ utbildningsförslagen för …" in page
    assert "90:e percentilen talet som nio av tio inte översteg" in page
    rows = browser.get("/timings.csv?process=annual_plan").splitlines()
    assert "Sammanställning;Sammanställ utbildningsförslagen för …;2020;31;1;5;5;0;;;;;" in rows


def test_nothing_yet_says_so(browse: Client, world: World) -> None:
    with world.database.verb() as tx:
        tx.execute(activity.update().values(opened_at=None, state="coming"))
    assert "Inget steg har öppnat än" in browse("hr").get("/timings?process=nothing")
