"""HR rehearses a plan year from the page: nothing live is touched, and each sees only what they asked for."""

import re

import pytest
import sqlalchemy as sa
from support.browsing import Browser, Client
from support.world import World

from arshjul.errand_worker import REHEARSAL, ErrandWorker
from engine import errands, rehearsing
from engine.store.tables import errand, instance, mail, outbox_message, user_task

FORM = {
    "key": "annual_plan", "plan_year": "2030", "years": "1", "organisation": "invented", "managers": "12",
    "in_time": "75",
}  # fmt: skip


def asked(browser: Browser, **changes: object) -> str:
    browser.get("/rehearsals")
    return browser.post("/rehearsals", **{**FORM, **changes})


def play(world: World) -> None:
    assert ErrandWorker(world.database, REHEARSAL).work()


def live_rows(world: World) -> list[int]:
    with world.page() as tx:
        return [
            tx.scalar(sa.select(sa.func.count()).select_from(t)) for t in (instance, user_task, outbox_message, mail)
        ]


def test_a_rehearsal_is_played_apart_and_its_calendar_read(browse: Client, world: World) -> None:
    browser, before = browse("hr"), live_rows(world)
    asked(browser, assumed="annual_plan/review_sent_back")
    address = browser.location
    waiting = browser.follow()
    assert "väntar på sin tur" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    play(world)
    page = browser.get(address)
    assert live_rows(world) == before
    assert "Utbildningsplan 2030" in page
    assert "2 omgångar" in page.partition("Se över förslaget")[2].partition("</tr>")[0]
    assert "En ledningsgrupp lämnar tillbaka förslaget" in page
    assert "november 2028" in page
    assert "(Nyårsafton)" in page
    assert 'class="chart__bar' in page
    assert re.search(r"vecka 44 2028", browser.get(address + "?by=week&role=chef"))
    rows = browser.get(address + "/calendar.csv").splitlines()
    assert rows[0].lstrip("\ufeff") == "Dag;Vecka;Vad;Roll;Planår;Uppgift;Antal"
    assert any(row.startswith("2028-11-01;2028-44;Uppgift öppnar;Chef;2030;Lämna utbildningsbehov") for row in rows)
    assert any(";Mejl;" in row for row in rows)


def test_the_real_organisation_is_played_without_anybodys_name(browse: Client, world: World) -> None:
    browser = browse("hr")
    asked(browser, organisation="real")
    address = browser.location
    play(world)
    page = browser.get(address)
    assert "Toppar" in page
    with world.page() as tx:
        kept = str(tx.scalar(sa.select(errand.c.result)))
    assert "Påhitt" not in kept
    assert "Chef, Medicinkliniken" in kept


def test_nobody_else_sees_it(browse: Client) -> None:
    asker, other, manager = browse("hr"), browse("hrchef"), browse("tora")
    asked(asker)
    for path in (asker.location, asker.location + "/calendar.csv"):
        other.get(path)
        assert other.status == 404
        manager.get(path)
        assert manager.status == 403
    manager.get("/rehearsals")
    assert manager.status == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": "nothing"}, "Välj vad som ska repeteras"),
        ({"plan_year": "snart"}, "Skriv planåret med fyra siffror"),
        ({"plan_year": "1999"}, "Skriv planåret med fyra siffror"),
        ({"years": "4"}, "Välj ett till 3 planår"),
        ({"managers": "11"}, "från 12 till 2000"),
        ({"managers": "2001"}, "från 12 till 2000"),
        ({"organisation": "another"}, "Välj vilken organisation"),
        ({"in_time": "80"}, "Välj hur många som svarar i tid"),
        ({"assumed": "annual_plan/nothing"}, "Välj bland antagandena"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_by_field_and_kept(
    browse: Client, changes: dict[str, str], said: str
) -> None:
    browser = browse("hr")
    page = asked(browser, **changes)
    assert browser.status == 422
    assert said in page
    assert 'value="12"' in page or "managers" in changes


def test_one_at_a_time_and_another_when_it_is_thrown_away(browse: Client, world: World) -> None:
    browser = browse("hr")
    asked(browser)
    first = browser.location
    assert "Du har redan en repetition på gång" in asked(browser)
    browser.get(first)
    browser.post(first + "/discard")
    assert "borttagen" in browser.follow()
    browser.get(first)
    assert browser.status == 404
    asked(browser)
    assert browser.status == 302


def test_who_waits_is_told_to_load_the_page_when_it_is_over(browse: Client, world: World) -> None:
    browser = browse("hr")
    asked(browser)
    path = browser.location
    polled = browser.client.get(path, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in polled.headers
    with world.database.verb() as tx:
        claimed = errands.claim(tx, rehearsing.KIND)
        assert claimed is not None
        errands.fail(tx, claimed, "too_long")
    assert browser.client.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "tog för lång tid" in browser.get(path)
