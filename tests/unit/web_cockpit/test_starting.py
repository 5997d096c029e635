"""A plan year is started by hand after a look at what that would hand out, and to whom."""

import re

import pytest
import sqlalchemy as sa
from support.browsing import Client
from support.world import WORKFLOWS, World

from engine import deployments, history
from engine.actor import SYSTEM
from engine.store.tables import instance


def test_a_cycle_is_started_by_hand_once_after_a_look_at_what_happens(browse: Client, world: World) -> None:
    browser, asked = browse("hr"), {"key": "annual_plan", "plan_year": "2029", "reason": "Vi börjar tidigare i år"}
    browser.get("/start")
    looked = browser.post("/start", **asked)
    assert "Utbildningsplan 2029 startar nu." in looked
    assert "”Lämna utbildningsbehov för 2029” öppnar 1 november 2027, med sista dag 31 december 2027." in looked
    assert "Läs det här innan du startar" not in looked
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(instance.c.plan_year == 2029)) == 0
    browser.post("/start", **asked, step="confirm")
    assert "Planåret är startat." in browser.follow()
    with world.page() as tx:
        (begun,) = history.search(tx, types=["instance_started"], narrow=history.Narrow(plan_year=2029)).events
    assert begun.body["reason"] == asked["reason"]
    browser.get("/start")
    assert "Det finns redan en för det planåret" in browser.post("/start", **asked)
    assert browser.status == 422


def test_a_start_after_the_last_day_is_told_and_confirmed_knowing_it(browse: Client) -> None:
    browser, asked = browse("hr"), {"key": "annual_plan", "plan_year": "2026", "reason": "Planen ska finnas"}
    browser.get("/start")
    looked = browser.post("/start", **asked)
    assert "delas ut genast" in looked
    assert "Sista dagen för ”Lämna utbildningsbehov för 2026” var 31 december 2024." in looked
    unseen = browser.post("/start", **asked, step="confirm")
    assert browser.status == 409
    assert "Läs det här innan du startar" in unseen
    seen = re.search(r'name="seen" value="(\w+)"', looked)
    assert seen is not None
    browser.post("/start", **asked, step="confirm", seen=seen[1])
    assert "Planåret är startat." in browser.follow()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("1 + position > 2", "går inte att räkna ut: 1 + position &gt; 2. Steget öppnar inte"),
        ("1 > 2", "ingen befattning ska svara på det. Steget hoppas över."),
    ],
)
def test_a_start_that_would_ask_nobody_says_so_and_why_before_it_is_done(
    browse: Client, world: World, rule: str, said: str
) -> None:
    deploy_asking(world, rule)
    browser, asked = browse("hr"), {"key": "annual_plan", "plan_year": "2027", "reason": "Planen ska finnas"}
    browser.get("/start")
    looked = browser.post("/start", **asked)
    assert said in looked
    assert "0 uppgifter" not in looked
    assert "”Lämna utbildningsbehov för 2027” delas ut" not in looked
    browser.post("/start", **asked, step="confirm")
    assert browser.status == 409, "only whoever has seen it starts it"
    seen = re.search(r'name="seen" value="(\w+)"', looked)
    assert seen is not None
    browser.post("/start", **asked, step="confirm", seen=seen[1])
    assert "Planåret är startat." in browser.follow()
    assert not world.open("collection", 2027)


def deploy_asking(world: World, rule: str) -> None:
    """A version whose collection asks those positions for which that rule holds."""
    files = deployments.read_folder(WORKFLOWS / world.key)
    task = b'<arshjul:task form="collection"'
    escaped = rule.replace(">", "&gt;").encode()
    asking = b'<arshjul:participants where="' + escaped + b'" />' + task
    diagram = files["annual_plan.bpmn"].replace(task, asking, 1)
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, {**files, "annual_plan.bpmn": diagram}, by=SYSTEM, now=world.now)


@pytest.mark.parametrize(
    ("key", "year", "said"),
    [
        ("annual_plan", "snart", "fyra siffror"),
        ("annual_plan", "1999", "fyra siffror"),
        ("annual_plan", "", "fyra siffror"),
        ("", "2030", "Välj ett av alternativen"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused_in_words(browse: Client, key: str, year: str, said: str) -> None:
    browser = browse("hr")
    browser.get("/start")
    assert said in browser.post("/start", key=key, plan_year=year, reason="Prov")
    assert browser.status == 422
