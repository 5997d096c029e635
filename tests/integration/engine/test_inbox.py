"""The inbox reads the same on both databases."""

from datetime import date

from support.stages import in_november

from engine import comments, follow_ups, handovers, inbox, receipts, saved_filters, task_page
from engine.inbox_rows import Cursor, Filters
from engine.task_form import task_form


def test_filters_pages_resting_and_handed_over_tasks_on_both_databases(database_url: str) -> None:
    world = in_november(database_url)
    hans, tora = world.person("hans"), world.person("tora")
    tasks = {task.unit_id: task.id for task in world.open("collection")}
    with world.database.verb() as tx:
        handovers.hand_over(tx, tasks["hs-1"], "hans", reason="Semester", by=tora, now=world.now)
        follow_ups.rest(tx, tasks["hs"], date(2026, 12, 1), by=hans, now=world.now)
        comments.add(tx, tasks["hs"], "Väntar på underlag", by=hans, now=world.now)
        saved_filters.save(tx, "Sena", Filters(late=True), by=hans)
        saved_filters.save(tx, "Sena", Filters(late=True, text="å"), by=hans)
    with world.page() as tx:
        found = inbox.inbox(tx, hans, world.now, Filters(plan_year=2028, text="medicin"))
        assert [row.task_id for entry in found.open for row in entry.rows] == [tasks["hs-1"]]
        assert [row.task_id for entry in found.resting for row in entry.rows] == [tasks["hs"]]
        assert [each.filters.text for each in saved_filters.of_person(tx, hans)] == ["å"]
        last = found.open[0]
        beyond = inbox.inbox(tx, hans, world.now, after=Cursor(last.due_at, last.rows[0].task_id))
        assert beyond.open == []
        assert inbox.plan_years(tx) == [2028]
    (handed,) = [task for task in world.open("collection") if task.id == tasks["hs-1"]]
    world.answer(handed, "hans")
    with world.page() as tx:
        now = inbox.inbox(tx, hans, world.now)
        units = inbox.group_page(tx, world.instance(2028).id, "collection", hans, world.now).rows
        page = task_page.task_page(tx, tasks["hs"], hans, world.now)
        receipt = receipts.of_answer(tx, task_form(tx, tasks["hs-1"], hans, world.now))
    assert [row.task_id for entry in now.done for row in entry.rows] == [tasks["hs-1"]]
    assert {row.task_id: row.state for row in units} == {tasks["hs"]: "open", tasks["hs-1"]: "completed"}
    assert (page.resting_until, [comment.text for comment in page.comments]) == (
        date(2026, 12, 1),
        ["Väntar på underlag"],
    )
    assert [row.task_id for row in page.siblings] == [tasks["hs-1"]]
    assert [row.task_id for row in receipt.left] == [tasks["hs"]]
    assert receipt.units == [next(row.unit_name for row in units if row.task_id == tasks["hs-1"])]
    assert receipt.ahead.waits_for == len(world.open("collection"))
    world.verify_history()
    world.close()
