"""Who is away and who stands in, day by day."""

from datetime import UTC, date, datetime

import pytest

from engine import identity
from engine.actor import Actor
from engine.clock import SystemClock
from engine.errors import AlreadyExists, Forbidden, InvalidInput
from engine.store.database import Database
from engine.store.tables import metadata

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 9), date(2026, 11, 13)
ROLES = {
    "chef": {"sv": "chef", "en": "manager", "reports_to": "chef"},
    "hr": {"sv": "HR", "en": "HR", "scope": "region", "grants": ["operate"]},
    "rad": {"sv": "råd", "en": "council", "kind": "body", "registrars": []},
}


@pytest.fixture
def tx():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        identity.save_roles(tx, ROLES)
        identity.add_unit(tx, "region", "Regionen", "region")
        identity.add_unit(tx, "a", "Avdelningen", "unit", "region")
        for person in ("anna", "bo", "cia", "hr", "dan"):
            identity.add_person(tx, person, person.title(), f"{person}@example.org")
        for position, role, unit in (
            ("chef-r", "chef", "region"),
            ("chef-a", "chef", "a"),
            ("hr", "hr", "region"),
            ("rad", "rad", "region"),
        ):
            identity.add_position(tx, position, role, unit, position)
        for position, person in (("chef-r", "cia"), ("chef-a", "anna"), ("hr", "hr")):
            identity.add_holding(tx, position, person)
        identity.add_holding(tx, "rad", "anna", function="member")
        yield tx
    database.dispose()


def away(tx, person="anna", deputy="bo", by="anna", first=FIRST, last=LAST):
    return identity.set_absence(tx, person, deputy, first, last, by=Actor(by, by), now=NOW)


def test_the_deputy_reaches_the_tasks_from_the_first_day_to_the_last_and_on_no_other(tx):
    away(tx)

    days = (date(2026, 11, 8), FIRST, LAST, date(2026, 11, 14))
    assert [identity.effective_positions(tx, "bo", day).get("chef-a") for day in days] == [
        None,
        "deputy",
        "deputy",
        None,
    ]
    assert identity.on_behalf_of(tx, "bo", "chef-a", FIRST) == "anna"


def test_a_seat_in_a_body_and_what_a_role_grants_are_not_passed_on(tx):
    away(tx)
    away(tx, "hr", "bo", by="hr")

    assert "rad" not in identity.effective_positions(tx, "bo", FIRST)
    assert identity.capabilities(tx, "bo", FIRST) == set()


def test_a_deputy_of_a_deputy_stands_in_for_nobody_else(tx):
    away(tx)
    with pytest.raises(InvalidInput):
        away(tx, "cia", "anna", by="cia")
    away(tx, "bo", "dan", by="bo")

    assert identity.effective_positions(tx, "dan", FIRST) == {}


def test_the_absent_and_the_deputy_are_both_told_of_tasks(tx):
    away(tx)

    told = [(h.person_id, h.function) for h in identity.actors_for(tx, "chef-a", FIRST)]

    assert told == [("anna", "holder"), ("bo", "deputy")]
    assert [h.person_id for h in identity.actors_for(tx, "chef-a", date(2026, 11, 14))] == ["anna"]


def test_a_manager_above_and_hr_may_set_it_for_another_and_nobody_else(tx):
    with pytest.raises(Forbidden):
        away(tx, by="bo")
    with pytest.raises(Forbidden):
        away(tx, "cia", "bo", by="anna")
    away(tx, by="cia")
    away(tx, "cia", "bo", by="hr")


def test_one_absence_at_a_time_and_never_backwards(tx):
    away(tx)
    with pytest.raises(AlreadyExists):
        away(tx, first=LAST, last=date(2026, 12, 1))
    for first, last, reason in (
        (LAST, FIRST, "before_from"),
        (date(2026, 10, 1), date(2026, 10, 2), "past"),
        (FIRST, date(2030, 1, 1), "absence_too_long"),
    ):
        with pytest.raises(InvalidInput) as refused:
            away(tx, "cia", "bo", by="cia", first=first, last=last)
        assert refused.value.params["reason"] == reason


def test_a_person_who_comes_back_early_has_no_deputy_from_that_day(tx):
    found = away(tx)
    back = datetime(2026, 11, 11, 9, tzinfo=UTC)

    identity.end_absence(tx, found, by=Actor("anna", "Anna"), now=back)

    assert identity.effective_positions(tx, "bo", date(2026, 11, 10)) == {"chef-a": "deputy"}
    assert identity.effective_positions(tx, "bo", date(2026, 11, 11)) == {}


def test_an_absence_taken_back_before_it_began_never_was(tx):
    identity.end_absence(tx, away(tx), by=Actor("anna", "Anna"), now=NOW)

    assert identity.absences_of(tx, "anna", date(2026, 11, 1)) == []
    away(tx)


def test_leaders_see_the_absences_below_them_and_hr_everybodys(tx):
    away(tx)

    seen = {
        person: [a.person_id for a in identity.absences_led(tx, Actor(person, person), date(2026, 11, 2))]
        for person in ("anna", "bo", "cia", "hr")
    }

    assert seen == {"anna": [], "bo": [], "cia": ["anna"], "hr": ["anna"]}


def test_people_are_found_by_any_words_of_their_name(tx):
    identity.add_person(tx, "annbo", "Ann-Sofie Bo")

    assert [p.person_id for p in identity.find(tx, "bo ann", FIRST)] == ["annbo"]
    assert identity.find(tx, "  ", FIRST) == []
    assert [p.person_id for p in identity.near(tx, "anna", FIRST)] == ["cia"]


def test_positions_of_one_name_are_said_once_and_commas_in_names_do_not_run_them_together(tx):
    for position, role, name in (("a2", "chef", "Chef, Norr"), ("a3", "hr", "Chef, Norr"), ("a4", "chef", "Chef, Syd")):
        identity.add_position(tx, position, role, "a", name)
        identity.add_holding(tx, position, "dan")

    assert [p.holds for p in identity.find(tx, "dan", FIRST)] == ["Chef, Norr; Chef, Syd"]
