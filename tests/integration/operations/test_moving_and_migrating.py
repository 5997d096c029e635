"""The process is moved to another task, or goes on under a newer version, and nothing that people did is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import WORKFLOWS, World

from engine import deployments
from engine.actor import SYSTEM
from engine.batches import making, reading
from engine.batches import migrating as batch_migrating
from engine.errors import Forbidden, InvalidInput, NotPossible
from engine.operations import migrating, moving
from engine.rules.calendar import civil_date
from engine.store.tables import draft, instance, user_task

Verb = Callable[..., Any]
Look = Callable[..., list[str]]


def step_id(world: World, element: str) -> int:
    return int(world.visits(element, 2028)[-1].id)


def deploy(world: World, *changes: tuple[str, str]) -> None:
    """A newer version of the package, its diagram changed."""
    files = deployments.read_folder(WORKFLOWS / world.key)
    xml = files["annual_plan.bpmn"].decode()
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new)
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, {**files, "annual_plan.bpmn": xml.encode()}, by=SYSTEM, now=world.now)


def version(world: World) -> int:
    return int(world.cycle(2028).definition_version)


RENAMED = ('name="Sammanställ förslagen"', 'name="Sammanställ alla förslag"')


def test_the_process_moves_to_another_task_with_a_new_last_day(world: World, hr: Verb, before: Look) -> None:
    world.answer(world.open_of("collection", "chef-hs-1"), "tora")
    step = step_id(world, "collection")
    said = " ".join(before(moving.preview_move, step, "compilation", date(2027, 1, 31)))
    assert "14 öppna uppgifter stängs utan svar" in said
    assert "Tora Påhitt" in said
    hr(moving.move, step, "compilation", date(2027, 1, 29), reason="Alla svar finns på annat håll")
    assert not world.open("collection")
    assert world.task("collection", "chef-hs-1").state == "completed"
    assert civil_date(world.visits("compilation", 2028)[-1].due_at) == date(2027, 1, 29)
    assert world.events("token_moved", 2028)[0].body["new"] == "compilation"
    world.go_to("2027-01-10")
    world.answer("compilation", "hr")
    with pytest.raises(NotPossible):
        hr(moving.move, step, "compilation", date(2027, 1, 29), reason="En gång till")


def test_a_task_may_be_moved_back_for_another_round(world: World, hr: Verb) -> None:
    world.go_to("2027-01-10")
    hr(moving.move, step_id(world, "compilation"), "collection", date(2027, 1, 25), reason="Fel underlag")
    assert len(world.open("collection")) == 15
    assert world.visits("collection", 2028)[-1].round == 2
    world.go_to("2027-01-27")
    assert not world.open("collection")
    assert len(world.open("compilation")) == 1


@pytest.mark.parametrize(
    ("element", "day"), [("nothing", date(2027, 1, 31)), ("change_describe", date(2027, 1, 31)),
                         ("collection", date(2027, 1, 31)), ("compilation", date(2026, 11, 20))],
)  # fmt: skip
def test_a_place_or_day_that_does_not_do_is_refused(world: World, hr: Verb, element: str, day: date) -> None:
    with pytest.raises(InvalidInput):
        hr(moving.move, step_id(world, "collection"), element, day, reason="Dit")
    assert len(world.open("collection")) == 15


def test_an_instance_goes_on_under_a_newer_version(world: World, hr: Verb, before: Look) -> None:
    task = world.open_of("collection", "chef-hs-1")
    world.draft(task, "tora", {"has_needs": "yes"})
    due = task.due_at
    deploy(world, RENAMED)
    said = " ".join(before(migrating.preview_migrate, 1))
    assert "från version 1 till version 2" in said
    assert "15 öppna uppgifter följer med, och sista dagen 31 december 2026 ligger kvar" in said
    assert version(world) == 1
    for _ in range(2):
        hr(migrating.migrate, 1, reason="Rättat namn")
    assert version(world) == 2
    assert len(world.events("instance_migrated", 2028)) == 1
    assert {row.due_at for row in world.open("collection")} == {due}
    with world.page() as tx:
        assert tx.scalar(sa.select(draft.c.data)) == {"has_needs": "yes"}
    world.answer(world.open_of("collection", "chef-hs-2"), "tora")
    world.go_to("2027-01-10")
    world.answer("compilation", "hr")
    world.go_to("2027-02-10")
    assert len(world.open("preparation")) == 1


def test_a_step_that_all_have_answered_is_left_when_its_newer_version_waits_for_no_more(
    world: World, hr: Verb, before: Look
) -> None:
    mine = world.open_of("collection", "chef-hs-1")
    others = [task for task in world.open("collection") if task.id != mine.id]
    with world.database.verb() as tx:
        answered = user_task.update().where(user_task.c.id.in_([task.id for task in others]))
        tx.execute(answered.values(state="completed", outcome="answered", answered_at=world.now))
    world.answer(mine, "tora")
    assert world.visits("collection", 2028)[-1].state == "open"
    deploy(world, ('completes="at-close" at-close="harvest"', 'completes="when-all"'))
    assert "alla har svarat, så processen går vidare" in " ".join(before(migrating.preview_migrate, 1))
    hr(migrating.migrate, 1, reason="Väntar inte på dagen")
    assert world.visits("collection", 2028)[-1].state == "completed"


def test_dates_stay_and_the_report_names_those_that_differ(world: World, hr: Verb, before: Look) -> None:
    deploy(world, ('closes="Y-2-12-31" due="Y-2-12-31"', 'closes="Y-2-12-30" due="Y-2-12-30"'))
    said = " ".join(before(migrating.preview_migrate, 1))
    assert "ligger kvar, 31 december 2026. Den nya versionen säger 30 december 2026" in said
    hr(migrating.migrate, 1, reason="Ny dag nästa år")
    assert civil_date(world.open("collection")[0].due_at) == date(2026, 12, 31)
    assert civil_date(world.windows(2028)["collection"].closes) == date(2026, 12, 31)


def test_what_cannot_be_mapped_is_refused_and_says_what(world: World, hr: Verb) -> None:
    references = ('id="{}" name', ">{}<", 'attachedToRef="{}"', 'targetRef="{}"', 'sourceRef="{}"',
                  'bpmnElement="{}"', "{}.closes")  # fmt: skip
    deploy(world, *((text.format("collection"), text.format("gathering")) for text in references))
    with world.page() as tx:
        seen = migrating.preview_migrate(tx, 1, by=SYSTEM, now=world.now)
    assert "Lämna utbildningsbehov" in seen.obstacles[0].sv
    with pytest.raises(NotPossible) as refused:
        hr(migrating.migrate, 1, reason="Nytt")
    assert refused.value.params["reason"] == "cannot_migrate"
    assert version(world) == 1
    made = hr(batch_migrating.prepare, "annual_plan", reason="Nytt")
    with world.page() as tx:
        assert reading.progress(tx, made).failed == 1
        assert "Lämna utbildningsbehov" in reading.items(tx, made)[0].error["sentences"][0]["sv"]


def test_all_running_instances_move_at_once(world: World, hr: Verb) -> None:
    world.start(2029)
    deploy(world, RENAMED)
    with pytest.raises(Forbidden):
        hr(batch_migrating.prepare, "annual_plan", reason="Jag vill", by="tora")
    made = hr(batch_migrating.prepare, "annual_plan", reason="Rättat namn")
    with world.page() as tx:
        assert "15 öppna uppgifter följer med" in reading.items(tx, made)[0].report[1].sv
        assert {row.definition_id for row in tx.rows(sa.select(instance.c.definition_id))} == {1}
    hr(making.begin, made)
    with world.page() as tx:
        assert (reading.progress(tx, made).state, reading.progress(tx, made).done) == ("completed", 2)
        assert {row.definition_id for row in tx.rows(sa.select(instance.c.definition_id))} == {2}
        assert migrating.behind(tx, "annual_plan") == []
    with pytest.raises(NotPossible):
        hr(batch_migrating.prepare, "annual_plan", reason="Rättat namn")
