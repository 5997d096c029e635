"""Handing over, commenting and letting a task rest: without JavaScript, as the people in those roles."""

import re

import pytest
from support.browsing import Client
from support.world import World

from engine import comments, handovers, identity, reach, user_tasks
from engine.actor import Actor
from engine.errors import Forbidden, InvalidInput, NotFound, TakenBySomeoneElse
from engine.rules.calendar import civil_date


def row(world: World, unit: str) -> int:
    (task,) = [t for t in world.tasks("collection") if t.unit_id == unit]
    return int(task.id)


def test_a_task_is_handed_to_a_colleague_who_is_told_answers_and_reads_no_other(
    browse: Client, collecting: World
) -> None:
    number = row(collecting, "hs-1")
    tora, rut = browse("tora"), browse("rut")
    tora.get(f"/tasks/{number}/hand-over")
    page = tora.post(f"/tasks/{number}/hand-over", person_text="rut", reason="")
    assert tora.status == 422
    assert "Skriv varför du lämnar över uppgiften" in page
    tora.post(f"/tasks/{number}/hand-over", person_text="rut", person="rut", reason="Rut känner enheten")
    page = tora.follow()
    assert "Tora Påhitt har lämnat över uppgiften till Rut Påhitt." in page
    assert "Rut känner enheten" in page
    assert {m.person_id for m in collecting.told("take_over") if m.task_id == number} == {"rut"}

    assert "Medicinkliniken" in rut.get("/")
    rut.get(f"/tasks/{row(collecting, 'hs-2')}")
    assert rut.status == 404
    rut.get(f"/tasks/{number}/quick")
    rut.post(f"/tasks/{number}/quick")
    assert "inlämnat" in rut.follow()
    history = browse("hr").get(f"/history/{collecting.instance(2028).id}?kind=tasks")
    assert "Tora Påhitt lämnade över uppgiften" in history
    assert "Rut känner enheten" in history


def test_the_giver_takes_the_task_back_until_it_is_done(browse: Client, collecting: World) -> None:
    number = row(collecting, "hs-2")
    tora, rut = browse("tora"), browse("rut")
    tora.get(f"/tasks/{number}/hand-over")
    tora.post(f"/tasks/{number}/hand-over", person_text="Rut P", reason="Semester")
    tora.follow()
    rut.get(f"/tasks/{number}")
    assert rut.status == 200
    rut.get(f"/tasks/{number}/hand-over")
    assert rut.status == 302  # handed over once: given back, not handed on
    tora.get(f"/tasks/{number}")
    tora.post(f"/tasks/{number}/recall")
    assert "Du har tagit tillbaka uppgiften" in tora.follow()
    rut.get(f"/tasks/{number}")
    assert rut.status == 404


def test_only_who_holds_the_task_hands_it_over_and_not_while_another_has_it(collecting: World) -> None:
    number = row(collecting, "hs-3")
    with collecting.database.verb() as tx:
        with pytest.raises(NotFound):
            handovers.hand_over(tx, number, "rut", reason="x", by=Actor("hilda", "Hilda"), now=collecting.now)
        handovers.hand_over(tx, number, "rut", reason="x", by=Actor("tora", "Tora"), now=collecting.now)
        with pytest.raises(TakenBySomeoneElse):
            handovers.hand_over(tx, number, "hilda", reason="x", by=Actor("tora", "Tora"), now=collecting.now)
        with pytest.raises(Forbidden):
            handovers.recall(tx, number, by=Actor("rut", "Rut"), now=collecting.now)
        with pytest.raises(Forbidden):
            handovers.hand_over(tx, number, "sten", reason="x", by=Actor("rut", "Rut"), now=collecting.now)
        handovers.recall(tx, number, by=Actor("tora", "Tora"), now=collecting.now)
        with pytest.raises(Forbidden):
            handovers.recall(tx, number, by=Actor("tora", "Tora"), now=collecting.now)


def test_who_stands_in_for_the_receiver_acts_and_who_stands_in_for_the_giver_takes_it_back(collecting: World) -> None:
    """A task can be handed to nobody who has left, and not to oneself."""
    number, now = row(collecting, "hs-3"), collecting.now
    tora, rut, sten, hilda = (collecting.person(name) for name in ("tora", "rut", "sten", "hilda"))
    collecting.deactivate("fred")
    with collecting.database.verb() as tx:
        for wrong in ("tora", "fred"):
            with pytest.raises(InvalidInput):
                handovers.hand_over(tx, number, wrong, reason="x", by=tora, now=now)
        for away, deputy in ((rut, "sten"), (tora, "hilda")):
            days = {"first_day": civil_date(now), "last_day": civil_date(now)}
            identity.set_absence(tx, away.person_id, **days, deputy_id=deputy, by=away, now=now)
        before = user_tasks.get(tx, number)
        handovers.hand_over(tx, number, "rut", reason="x", by=tora, now=now)
        with pytest.raises(TakenBySomeoneElse):  # as one who had read it just before
            handovers._change(tx, before, tora, now, assignee_id="hilda", handed_by="tora")
        task = user_tasks.get(tx, number)
        assert handovers.may_recall(tx, task, tora, now)
        assert not handovers.may_recall(tx, task._replace(state="completed"), tora, now)
        assert reach.ensure_may_act(tx, task, sten, now) == "handed"
        assert reach.absent(tx, task, sten, now) == "rut"
        handovers.recall(tx, number, by=hilda, now=now)
        with pytest.raises(NotFound):
            reach.ensure_may_act(tx, user_tasks.get(tx, number), sten, now)


def test_a_task_claimed_by_one_who_has_left_is_free_again(collecting: World) -> None:
    task = next(t for t in collecting.open("collection") if t.unit_id == "st-1")
    collecting.claim(task, "sten")
    collecting.hold("chef-st-1", "ovid", instead_of="sten")
    collecting.claim(task, "ovid")
    assert collecting.page_of(task, "ovid").can_release


NASTY = "Rad ett\nrad två <script>alert(1)</script> & åäö 😀 %(who)s"


def test_a_comment_is_shown_exactly_and_taken_back_only_by_its_author(browse: Client, collecting: World) -> None:
    number = row(collecting, "hs-2")
    tora, hr = browse("tora"), browse("hr")
    path = f"/tasks/{number}/comments"
    tora.get(path)
    tora.post(path, comment=NASTY)
    page = tora.follow()
    assert "rad två &lt;script&gt;alert(1)&lt;/script&gt; &amp; åäö 😀 %(who)s" in page
    (withdraw,) = re.findall(r'action="(/comments/\d+/withdraw)"', page)
    assert "rad två" in hr.get(f"/tasks/{number}")
    assert "withdraw" not in hr.page
    hr.get(path)
    hr.post(withdraw)
    assert hr.status == 403
    tora.post(withdraw)
    assert "Kommentaren är tillbakatagen." in tora.follow()
    assert "rad två" not in tora.page
    assert "Tora Påhitt kommenterade" in hr.get(f"/history/{collecting.instance(2028).id}?kind=tasks")


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n ", "Skriv en kommentar"), ("å" * 4003, "Korta texten med 3 tecken")],
    ids=["empty", "too long"],
)
def test_a_comment_that_is_refused_says_why_and_keeps_what_was_typed(
    browse: Client, collecting: World, text: str, said: str
) -> None:
    tora = browse("tora")
    path = f"/tasks/{row(collecting, 'hs-2')}/comments"
    tora.get(path)
    page = tora.post(path, comment=text)
    assert tora.status == 422
    assert said in page
    assert text.strip() in page


def test_a_stranger_neither_reads_nor_writes_comments_and_an_auditor_only_reads(
    browse: Client, collecting: World
) -> None:
    number = row(collecting, "hs-2")
    rut = browse("rut")
    rut.get(f"/tasks/{number}/comments")
    assert rut.status == 404
    page = browse("revi").get(f"/tasks/{number}/comments")
    assert "Kommentarer" in page
    assert "<textarea" not in page
    with collecting.database.verb() as tx, pytest.raises(Forbidden):
        comments.add(tx, number, "Hej", by=Actor("revi", "Revi"), now=collecting.now)


def test_a_resting_task_lies_apart_until_its_day_for_that_person_alone(browse: Client, collecting: World) -> None:
    number = row(collecting, "hs")
    hans = browse("hans")
    path = f"/tasks/{number}/follow-up"
    assert "Låt vila" in hans.get(f"/tasks/{number}")
    assert "till exempel 2026-12-31" in hans.get(path)
    for typed, said in (
        ("snart", "Ange ett datum som finns"),
        ("2026-11-22", "i morgon eller senare"),
        ("2027-01-01", "senast på uppgiftens sista dag, 31 december 2026"),
    ):
        assert said in hans.post(path, until=typed)
        assert hans.status == 422
    hans.post(path, until="2026-12-10")
    page = hans.follow()
    assert "Vilande" in page
    assert "Du har inget att göra just nu" in page
    assert "2026-12-10" in hans.get(path)
    hans.post(path, _wake="1")
    assert "Vilande" not in hans.follow()


def test_a_resting_task_is_back_on_its_day_and_when_it_is_late_and_rests_no_more(
    browse: Client, collecting: World
) -> None:
    from datetime import date

    from engine import follow_ups

    task = next(t for t in collecting.open("collection") if t.unit_id == "hs")
    hans = collecting.person("hans")
    with collecting.database.verb() as tx:
        follow_ups.rest(tx, task.id, date(2026, 12, 10), by=hans, now=collecting.now)
    assert [e.element_id for e in collecting.inbox("hans").resting] == ["collection"]
    collecting.move("collection", 2028, "2026-12-01", "Tidigare")
    collecting.go_to("2026-12-01")
    assert "Vilar till 10 december 2026" in browse("hans").get(f"/tasks/{task.id}")
    tora, other = browse("tora"), row(collecting, "hs-2")
    assert "Skicka in" in tora.get(f"/tasks/{other}")
    assert "Låt vila" not in tora.page
    tora.get(f"/tasks/{other}/follow-up")
    assert (tora.status, tora.location) == (302, f"/tasks/{other}")
    collecting.go_to("2026-12-09")
    found = collecting.inbox("hans")
    assert found.resting == []
