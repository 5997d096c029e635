"""Every field of every form that a plan meets is refused on the server when it is wrong, by its name and a code."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import World

from engine import identity, jobs
from engine.actor import Actor
from engine.rules import forms
from engine.rules.calendar import civil_date
from engine.store.tables import user_task
from engine.task_form import task_form

STEPS_AT_MOST = 300
WRONG = {
    "number": ("many", "not_a_number"),
    "datetime": ("31 februari", "not_a_date"),
    "radio": ("another", "not_a_choice"),
    "select": ("another", "not_a_choice"),
    "checklist": (["another"], "not_a_choice"),
    "textfield": ("x" * 501, "too_long"),
    "textarea": ("x" * 10_001, "too_long"),
}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, today="2025-10-31")
    yield world
    world.close()


def test_every_field_of_a_whole_plan_is_refused_by_name_when_it_is_wrong(world: World) -> None:
    """Wrong kind or size, a control character, a required field left out, a field that the form does not have."""
    world.start(2027)
    tried: dict[str, int] = {}
    for _ in range(STEPS_AT_MOST):
        if world.instance(2027).state == "completed":
            break
        _answer_everything(world, tried)
        with world.page() as tx:
            due = jobs.next_due(tx)
        if due is not None:
            world.clock.move_to(max(due, world.now))
            world.run_jobs()
    assert world.instance(2027).state == "completed"
    assert len(tried) >= 15
    assert sum(tried.values()) > 150, tried


def _answer_everything(world: World, tried: dict[str, int]) -> None:
    with world.page() as tx:
        tasks = tx.rows(sa.select(user_task).where(user_task.c.state == "open").order_by(user_task.c.id))
    for task in tasks:
        with world.page() as tx:
            who = identity.actors_for(tx, task.position_id, civil_date(world.now))[0].person_id
        if task.form not in tried or task.form == "collection":
            tried[task.form] = max(tried.get(task.form, 0), _try_wrongly(world, task, who))
        world.answer(task, who)


def _try_wrongly(world: World, task: Any, who: str) -> int:
    """How many fields of the task's form were tried, each refused as it should be."""
    valid = world.sample(task, who)
    with world.page() as tx:
        asked = task_form(tx, task.id, Actor(who, identity.person(tx, who).name), world.now)
    form, context = asked.form, asked.names

    def codes(data: dict[str, Any], path: str) -> set[str]:
        return {e.code for e in forms.validate(form, data, context, now=world.now).errors if e.path == path}

    assert codes({**valid, "stranger": 1}, "stranger") == {"unknown_field"}
    view = forms.view(form, context, valid, now=world.now)
    count = 0
    for place in _fields(view.components):
        if place.kind in WRONG:
            wrong, code = WRONG[place.kind]
            assert code in codes(_put(valid, place.path, wrong), place.path), (task.form, place.path, code)
            count += 1
        if place.kind in ("textfield", "textarea"):
            assert "control_character" in codes(_put(valid, place.path, "a\x00b"), place.path), (task.form, place.path)
        if place.required and place.kind != "checkbox":
            assert "required" in codes(_put(valid, place.path, None), place.path), (task.form, place.path)
    return count


def _fields(components: list[forms.ComponentView]) -> Iterator[forms.ComponentView]:
    """Those that a person can fill in now, rows' fields included."""
    for component in components:
        if component.hidden:
            continue
        if component.path and not component.readonly and component.kind not in ("dynamiclist", "records", "group"):
            yield component
        yield from _fields(component.components)
        for row in component.rows[:2]:
            yield from _fields(row.components)


def _put(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The data with one field changed; a row of records is found by its record's id."""
    changed = copy.deepcopy(data)
    *way, last = path.split(".")
    place: Any = changed
    for part in way:
        if isinstance(place, list):
            rows = [row for row in place if str(row.get("record")) == part]
            place = rows[0] if rows else place[int(part)]
        else:
            place = place[part]
    place[last] = value
    return changed
