"""Away, with a deputy who answers: without JavaScript, as the people in those roles."""

import re

from support.browsing import Client
from support.world import World

ASKED = {"first": "2026-11-22", "last": "2026-11-25"}


def test_a_manager_enters_an_absence_and_the_deputy_answers_in_the_managers_place(
    browse: Client, collecting: World
) -> None:
    tora, rut = browse("tora"), browse("rut")
    page = tora.get("/absence/of/tora")
    assert "Hans Påhitt" in page  # the manager above is named at once
    page = tora.post("/absence/of/tora", **ASKED, deputy_text="rut", _search="1")
    assert tora.status == 200
    assert 'value="2026-11-25"' in page
    assert 'value="rut"' in page
    tora.post("/absence/of/tora", **ASKED, deputy_text="rut", deputy="rut")
    assert "ersättare: Rut Påhitt" in tora.follow()

    assert "Ersättare för Tora Påhitt" in rut.get(f"/steps/{collecting.instance(2028).id}/collection")
    (task,) = [t for t in collecting.open("collection") if t.unit_id == "hs-1"]
    rut.get(f"/tasks/{task.id}/quick")
    rut.post(f"/tasks/{task.id}/quick")
    assert "inlämnat" in rut.follow()

    (event,) = collecting.events("task_completed", 2028)
    assert (event.actor, event.body["on_behalf_of"]) == ("rut", "tora")
    history = browse("hr").get(f"/history/{collecting.instance(2028).id}?kind=tasks")
    assert "Rut Påhitt (ersättare för Tora Påhitt) svarade" in history
    assert {m.person_id for m in collecting.told("notice", about="är ersättare för")} == {"rut"}


def test_every_mistake_is_said_at_once_and_nothing_typed_is_lost(browse: Client) -> None:
    tora = browse("tora")
    tora.get("/absence/of/tora")
    page = tora.post("/absence/of/tora", first="2040-01-01", last="2026-01-01", deputy_text="tora", deputy="tora")
    assert tora.status == 422
    listed = re.findall(r'<a href="#([a-z_]+)">', page.partition("govuk-error-summary__list")[2].partition("</ul>")[0])
    assert [name.removesuffix("_text") for name in listed] == ["first", "last", "deputy"]
    assert 'value="2040-01-01"' in page
    page = tora.post("/absence/of/tora", first="i morgon", last="2026-01-01", deputy_text="rut")
    assert "Ange en första dag som finns" in page
    assert "Ange en sista dag som inte har varit" in page


def test_when_the_days_have_passed_the_tasks_are_gone_from_the_deputys_inbox(browse: Client, collecting: World) -> None:
    collecting.go_to("2026-11-26")

    (task,) = [t for t in collecting.open("collection") if t.unit_id == "hs-2"]
    rut = browse("rut")
    rut.get(f"/tasks/{task.id}")
    assert rut.status == 404
    assert "ersättare för Tora" not in rut.get("/absence")


def test_a_manager_enters_it_for_somebody_below_and_ends_it(browse: Client) -> None:
    hans = browse("hans")
    page = hans.get("/absence/other")
    assert "Tora Påhitt" in page
    hans.post("/absence/other", person="tora")
    page = hans.follow()
    assert "Lägg in frånvaro för Tora Påhitt" in page
    hans.post("/absence/of/tora", first="2026-12-01", last="2026-12-04", deputy_text="Hilda")
    page = hans.follow()
    (end,) = re.findall(r'action="(/absence/\d+/end)"', page)
    hans.post(end)
    assert "Ingen som du ansvarar för har frånvaro" in hans.follow()


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(browse: Client) -> None:
    tora = browse("tora")
    tora.get("/absence/of/tora")
    page = tora.post("/absence/of/tora", first="2026-12-05", last="i dag")
    assert tora.status == 422
    for said in ("Välj vem som är ersättare", "Ange en sista dag som finns", 'value="2026-12-05"', 'href="#last"'):
        assert said in page
    page = tora.post("/absence/of/tora", first="2026-12-05", last="2026-12-01", deputy_text="hilda")
    assert "inte ligger före den första" in page


def test_nobody_enters_an_absence_for_their_manager_or_a_stranger(browse: Client) -> None:
    tora = browse("tora")
    tora.get("/absence/of/hans")
    assert tora.status == 403
    tora.get("/absence/of/nobody")
    assert tora.status == 404
    assert "Andras frånvaro" not in tora.get("/absence")
