"""Who else is concerned by a comment or a handed-over task learns of it, and is named where work is waited for."""

from support.browsing import Client
from support.world import World

from engine import campaigns, comments, handovers, mail_settings


def test_the_other_party_is_told_of_a_comment_as_often_as_they_wish(collecting: World) -> None:
    task = collecting.open_of("collection", "chef-ru-1")
    with collecting.database.verb() as tx:
        comments.add(tx, task.id, "Hur mycket får det kosta?", by=collecting.person("rune"), now=collecting.now)
    assert {m.person_id for m in collecting.told("comment") if m.task_id == task.id} == {"hr"}, (
        "nobody else has it: who leads the process"
    )
    with collecting.database.verb() as tx:
        mail_settings.change(tx, locale="sv", rhythm="weekly", by=collecting.person("rune"), now=collecting.now)
        comments.add(tx, task.id, "Högst det som förra året.", by=collecting.person("hr"), now=collecting.now)
    (to_rune,) = [m for m in collecting.told("comment") if (m.person_id, m.task_id) == ("rune", task.id)]
    assert to_rune.send_at.isoweekday() == 1
    assert "förra året" not in str(to_rune.content), "a comment can be taken back, a mail cannot"
    assert to_rune.content["url_path"] == f"/tasks/{task.id}/comments"


def test_a_task_handed_over_stands_among_the_receivers_units_of_that_step_and_is_waited_for_there(
    browse: Client, collecting: World
) -> None:
    task = collecting.open_of("collection", "chef-st-1")
    with collecting.database.verb() as tx:
        handovers.hand_over(tx, task.id, "rut", reason="Semester", by=collecting.person("sten"), now=collecting.now)
    browser = browse("rut")
    page = browser.get(f"/steps/{task.instance_id}/{task.element_id}")
    assert browser.status == 200
    assert task.unit_name in page
    with collecting.page() as tx:
        found = campaigns.campaign(tx, task.activity_id, collecting.now)
    (row,) = [row for area in found.areas for row in area.rows if row.task_id == task.id]
    assert row.holders == ["Rut Påhitt"]
    (step,) = [s for s in collecting.cycle(2028).steps if s.id == "collection"]
    assert not any("Sten" in name for each in step.activities for name in each.waiting_for)
