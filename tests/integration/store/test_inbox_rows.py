"""Which rows an inbox's statements find, term by term: beside each row that fits lie those that fail in one thing."""

from __future__ import annotations

from datetime import date
from typing import Any

from support.rows import HOUR, NOW, Rows

from engine.store.queries import inbox, task_page
from engine.store.tables import draft, follow_up, saved_filter, task_comment

TODAY = date(2026, 11, 23)
HANDED = {"position_id": "theirs", "assignee_id": "ann", "handed_by": "bo"}


def test_a_row_is_shown_with_its_own_instance_step_and_draft(rows: Rows) -> None:
    tx = rows.tx
    first, second = rows.instance("k1", 2028), rows.instance("k2", 2029, "suspended")
    step = rows.step(first)
    rows.step(second, state="closed")
    later, twin, alone = rows.task(first, step), rows.task(second, None), rows.task(second, None, due_at=NOW)
    rows.task(first, None)
    for task, person, saved in ((later, "ann", NOW), (later, "bo", NOW + HOUR), (alone, "bo", NOW)):
        tx.insert(draft, task_id=task, person_id=person, data={}, version=1, saved_at=saved)
    assert [
        (row.id, row.key, row.sha256, row.instance_state, row.step_state, row.step_closes_at, row.saved_at)
        for row in inbox.show(tx, [twin, later, alone], "ann")
    ] == [
        (alone, "k2", "k2", "suspended", None, None, None),
        (later, "k1", "k1", "active", "open", NOW + HOUR, NOW),
        (twin, "k2", "k2", "suspended", None, None, None),
    ]


def test_a_steps_rows_are_those_of_the_positions_and_those_handed_over(rows: Rows) -> None:
    first, second = rows.instance("k1", 2028), rows.instance("k2", 2028)
    step, other, elsewhere = rows.step(first), rows.step(first, "tell"), rows.step(second)
    fits = {
        rows.task(first, step, state="closed"), rows.task(first, None), rows.task(first, step, **HANDED),
    }  # fmt: skip
    for wrong in ({"element_id": "tell"}, {"position_id": "theirs"}, {"position_id": "theirs", "assignee_id": "ann"}):
        rows.task(first, None, **wrong)
    rows.task(first, other, element_id="tell")
    rows.task(first, None, **HANDED | {"element_id": "tell"})
    rows.task(first, None, **HANDED | {"assignee_id": "bo"})
    rows.task(second, elsewhere)
    rows.task(second, None)
    rows.task(second, None, **HANDED)
    assert set(inbox.of_step(rows.tx, first, "ask", ["mine", "also_mine"], ["ann"])) == fits


def test_an_answer_can_be_changed_while_its_step_is_open(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    step, second, closed = rows.step(first), rows.step(first, round_=2), rows.step(first, round_=3, state="closed")
    later, twin = rows.answered(first, step), rows.answered(first, step, position_id="also_mine")
    sooner = rows.answered(first, second, due_at=NOW)
    rows.answered(first, closed)
    rows.answered(first, None)
    rows.answered(first, step, position_id="theirs")
    rows.task(first, second, position_id="also_mine")
    asked = (rows.tx, ["mine", "also_mine"])
    assert inbox.answered(*asked, 9) == [sooner, later, twin]
    assert inbox.answered(*asked, 2) == [sooner, later]


def test_what_closed_without_an_answer_is_missed_for_a_while(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    missed = {"state": "closed", "outcome": "no_answer", "ended_at": NOW}
    later, twin = rows.task(first, None, **missed), rows.task(first, None, **missed)
    sooner = rows.task(first, None, **missed, due_at=NOW)
    rows.task(first, None, **missed | {"ended_at": NOW - HOUR})
    rows.task(first, None, **missed | {"state": "cancelled", "outcome": "cancelled"})
    rows.task(first, None, **missed, position_id="theirs")
    assert inbox.missed(rows.tx, ["mine"], NOW, 9) == [sooner, later, twin]
    assert inbox.missed(rows.tx, ["mine"], NOW, 1) == [sooner]


def test_what_is_put_away_rests_until_its_day_or_until_it_is_late(rows: Rows) -> None:
    first = rows.instance("k1", 2028)

    def put_away(by: str = "ann", until: date = date(2026, 11, 24), **more: Any) -> int:
        task = rows.task(first, None, **more)
        rows.tx.execute(follow_up.insert().values(person_id=by, task_id=task, until=until))
        return task

    later, twin, handed = put_away(), put_away(), put_away(**HANDED)
    sooner = put_away(due_at=NOW)
    put_away(by="bo")
    put_away(until=TODAY)
    put_away(state="closed")
    put_away(due_at=NOW - HOUR)
    put_away(position_id="theirs")
    put_away(position_id="theirs", assignee_id="ann")
    put_away(**HANDED | {"assignee_id": "bo"})
    asked = (rows.tx, "ann", ["mine"], ["ann"], TODAY, NOW)
    assert inbox.resting(*asked, 9) == [sooner, later, twin, handed]
    assert inbox.resting(*asked, 1) == [sooner]


def test_done_is_what_the_person_has_answered_and_may_read(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    earlier, latest = rows.answered(first, None), rows.answered(first, None, answered_at=NOW + HOUR)
    twin = rows.answered(first, None)
    handed = rows.answered(first, None, **HANDED, answered_at=NOW - HOUR)
    left = rows.answered(first, None, position_id="theirs", assignee_id="ann", answered_at=NOW - HOUR)
    to_another = rows.answered(first, None, **HANDED | {"assignee_id": "bo"}, answered_at=NOW - HOUR)
    shown = rows.answered(first, None)
    rows.answered(first, None, by="bo")
    rows.answered(first, None, state="cancelled")

    def done(everywhere: bool, most: int = 9) -> list[int]:
        return inbox.done(rows.tx, "ann", ["mine"], everywhere, [shown], most)

    assert done(everywhere=False) == [latest, twin, earlier, handed]
    assert done(everywhere=True) == [latest, twin, earlier, to_another, left, handed]
    assert done(everywhere=False, most=2) == [latest, twin]


def test_what_is_coming_opens_by_then_in_a_live_instance_that_is_known_by_its_year(rows: Rows) -> None:
    first, second, paused = rows.instance("k1", 2028), rows.instance("k2", 2029), rows.instance("k3", 2030, "suspended")
    coming = {"state": "coming", "opened_at": None}
    rows.step(first, "b", **coming, opens_at=NOW + HOUR)
    rows.step(second, "a", **coming, opens_at=NOW)
    rows.step(first, "c", **coming, opens_at=NOW + 2 * HOUR)
    rows.step(first, "d", opens_at=NOW)
    for instance_id in (paused, rows.instance("k4", 2028, many=True)):
        rows.step(instance_id, "e", **coming, opens_at=NOW)
    found = inbox.coming(rows.tx, NOW + HOUR)
    assert [(row.element_id, row.instance_id, row.sha256) for row in found] == [("a", second, "k2"), ("b", first, "k1")]


def test_filters_are_the_persons_own_and_years_are_told_once(rows: Rows) -> None:
    tx = rows.tx
    for person, name in (("ann", "b"), ("bo", "c"), ("ann", "a")):
        tx.execute(saved_filter.insert().values(person_id=person, name=name, filters={}))
    assert [row.name for row in inbox.saved_filters(tx, "ann")] == ["a", "b"]
    assert inbox.plan_years(tx) == []
    for key, year in (("k1", 2028), ("k2", 2030), ("k3", 2028)):
        rows.instance(key, year)
    assert inbox.plan_years(tx) == [2030, 2028]


def test_beside_a_task_stand_what_is_the_readers_and_the_tasks_own(rows: Rows) -> None:
    tx, first = rows.tx, rows.instance("k1", 2028)
    task, other = rows.task(first, None), rows.task(first, None)
    for of, person, hours in ((task, "ann", 1), (task, "bo", 2), (other, "ann", 3)):
        at = NOW + hours * HOUR
        tx.insert(draft, task_id=of, person_id=person, data={"n": hours}, version=hours, saved_at=at)
        tx.execute(follow_up.insert().values(person_id=person, task_id=of, until=date(2026, 12, hours)))
        tx.insert(task_comment, task_id=of, author_id=person, text=str(hours), written_at=at)
    own = task_page.own_draft(tx, task, "ann")
    assert own is not None
    assert (own.data, own.version, own.saved_at) == ({"n": 1}, 1, NOW + HOUR)
    assert task_page.follow_up_of(tx, task, "ann") == date(2026, 12, 1)
    assert [comment.text for comment in task_page.comments_on(tx, task, 9)] == ["1", "2"]
    assert [comment.text for comment in task_page.comments_on(tx, task, 1)] == ["2"]


def test_who_else_is_asked_and_for_whom_one_answered_at_once(rows: Rows) -> None:
    first = rows.instance("k1", 2028)
    step, other = rows.step(first), rows.step(first, round_=2)
    task = rows.task(first, step)
    rows.task(first, step, position_id="theirs")
    rows.task(first, other)
    with_it = {"unit_name": "A", "position_id": "also_mine"}
    rows.answered(first, step, **with_it)
    assert task_page.open_beside(rows.tx, step, task) == 1
    for n, (of, more) in enumerate([
        (step, {}), (other, {}), (step, {"by": "bo"}), (step, {"answered_at": NOW + HOUR}), (step, {"state": "closed"}),
    ]):  # fmt: skip
        rows.position(f"more{n}")
        rows.answered(first, of, position_id=f"more{n}", unit_name=f"B{n}", **more)
    assert task_page.answered_with(rows.tx, step, "ann", NOW, 9) == ["A", "B0"]
    assert task_page.answered_with(rows.tx, step, "ann", NOW, 1) == ["A"]
