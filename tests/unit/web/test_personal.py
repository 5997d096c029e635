"""One's own settings: mails and the calendar at a secret address."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from support.browsing import Client
from support.world import World

from engine import identity, outbox
from engine.store.tables import calendar_feed
from web import WebConfig, create_app


def address(page: str) -> str:
    (found,) = re.findall(r"(/calendar/[\w-]+\.ics)", page)
    return str(found)


def test_the_calendar_shows_windows_and_last_days_to_whoever_has_the_address(browse: Client, collecting: World) -> None:
    tora = browse("tora")
    tora.get("/settings")
    secret = address(tora.post("/settings/calendar"))
    assert secret not in tora.get("/settings")

    nobody = browse(None)
    file = nobody.get(secret)
    assert nobody.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert nobody.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in nobody.headers
    events = {str(e["summary"]): e for e in Calendar.from_ical(file).walk("VEVENT")}
    due = events["Sista dagen: Lämna utbildningsbehov för 2028"]
    assert due["dtstart"].dt.isoformat() == "2026-12-31"
    assert due["dtend"].dt.isoformat() == "2027-01-01"
    window = events["Lämna utbildningsbehov för 2028"]
    assert window["dtstart"].dt < due["dtstart"].dt == window["dtend"].dt - timedelta(days=1)
    assert "Medicinkliniken" in window["description"]
    assert nobody.get(secret) == file  # the same every time: calendars do not double


def test_a_new_address_ends_the_old_one_and_a_closed_one_tells_nothing(browse: Client, collecting: World) -> None:
    hans, nobody = browse("hans"), browse(None)
    hans.get("/settings")
    first = address(hans.post("/settings/calendar"))
    second = address(hans.post("/settings/calendar"))
    nobody.get(first)
    assert nobody.status == 404
    nobody.get(second)
    assert nobody.status == 200
    hans.get("/settings")
    hans.post("/settings/calendar/revoke")
    for path in (second, "/calendar/x.ics", f"/calendar/{'x' * 5000}.ics"):
        nobody.get(path)
        assert nobody.status == 404
    assert "Du har en adress sedan" not in hans.get("/settings")


def test_the_secret_itself_is_kept_nowhere(browse: Client, collecting: World) -> None:
    rut = browse("rut")
    rut.get("/settings")
    token = address(rut.post("/settings/calendar")).split("/")[-1].removesuffix(".ics")
    with collecting.page() as tx:
        kept = [row.token_hash for row in tx.rows(sa.select(calendar_feed))]
        history = tx.rows(sa.text("select body from audit_event where type like 'calendar%'"))
    assert kept
    assert token not in kept
    assert not any(token in row.body for row in history)


def test_the_calendar_of_one_who_has_left_is_closed(browse: Client, collecting: World) -> None:
    revi, nobody = browse("revi"), browse(None)
    revi.get("/settings")
    secret = address(revi.post("/settings/calendar"))
    collecting.deactivate("revi")
    nobody.get(secret)
    assert nobody.status == 404


@pytest.fixture
def strict(collecting: World) -> Flask:
    return create_app(collecting.database, collecting.clock, WebConfig("another secret"))


def test_guessing_addresses_is_slowed_down(strict: Flask) -> None:
    client = strict.test_client()
    found = [client.get(f"/calendar/{number}.ics").status_code for number in range(31)]
    assert found == [404] * 30 + [429]


def test_language_and_rhythm_of_mails_are_ones_own_and_hold_from_the_next_message(
    browse: Client, collecting: World
) -> None:
    hans = browse("hans")
    hans.get("/settings")
    hans.post("/settings", locale="en", rhythm="weekly")
    assert "My settings" in hans.follow()
    with collecting.database.verb() as tx:
        assert identity.person(tx, "hans").locale == "en"
        notice = {"subject": {"sv": "a", "en": "a"}, "body": {"sv": "b", "en": "b"}}
        outbox.announce(
            tx, event_key="k", person_ids=["hans", "tora"], kind="notice", content=notice, now=collecting.now
        )
    told = {m.person_id: m.send_at for m in collecting.told("notice", about="a") if m.event_key == "k"}
    assert told["hans"].weekday() == 0
    assert told["tora"] <= told["hans"]
    hans.get("/settings")
    hans.post("/settings", locale="en", rhythm="never")
    assert hans.status == 422
    hans.get("/settings")
    hans.post("/settings", locale="de", rhythm="daily")
    assert hans.status == 422
