"""Who sees, does and is told of a position's tasks."""

from datetime import UTC, date, datetime

import pytest

from engine import history, identity
from engine.actor import Actor
from engine.clock import SystemClock
from engine.errors import AlreadyExists, InvalidInput, NotFound
from engine.store.database import Database
from engine.store.tables import metadata

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
BY = Actor("hr", "Hanna")
ROLES = {
    "chef": {"sv": "chef", "en": "manager", "reports_to": "chef"},
    "strateg": {"sv": "strateg", "en": "strategist", "reports_to": "chef"},
    "omradeschef": {"sv": "områdeschef", "en": "head of area", "scope": "area"},
    "hr_strateg": {"sv": "HR-strateg", "en": "HR strategist", "scope": "region", "grants": ["cockpit", "operate"]},
    "revisor": {"sv": "revisor", "en": "auditor", "scope": "region", "grants": ["history"]},
    "sekreterare": {"sv": "sekreterare", "en": "secretary", "scope": "area"},
    "grupp": {"sv": "grupp", "en": "group", "kind": "body", "registrars": ["hr_strateg", "sekreterare"]},
}
UNITS = [
    ("region", "region", None),
    ("norr", "area", "region"),
    ("soder", "area", "region"),
    ("kirurgi", "operations", "norr"),
    ("avd1", "unit", "kirurgi"),
]
POSITIONS = {
    "chef-norr": ("omradeschef", "norr"),
    "chef-kirurgi": ("chef", "kirurgi"),
    "chef-avd1": ("chef", "avd1"),
    "strateg-avd1": ("strateg", "avd1"),
    "hr": ("hr_strateg", "region"),
    "sekr-norr": ("sekreterare", "norr"),
    "sekr-soder": ("sekreterare", "soder"),
    "grupp-norr": ("grupp", "norr"),
}


@pytest.fixture
def tx():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        identity.save_roles(tx, ROLES, by=BY, now=NOW)
        for unit_id, kind, parent in UNITS:
            identity.add_unit(tx, unit_id, unit_id, kind, parent, by=BY, now=NOW)
        for position_id, (role, unit_id) in POSITIONS.items():
            identity.add_position(tx, position_id, role, unit_id, position_id, by=BY, now=NOW)
        for person_id in ("anna", "bo", "cia"):
            identity.add_person(tx, person_id, person_id.title(), f"{person_id}@example.org", by=BY, now=NOW)
        yield tx
    database.dispose()


def hold(tx, position_id, person_id, **more):
    return identity.add_holding(tx, position_id, person_id, by=BY, now=NOW, **more)


def load(tx, *, complete=False, **files):
    contents = {f"{name}.csv": text.encode() for name, text in files.items()}
    identity.import_csv(tx, contents, by=BY, now=NOW, complete=complete)


def test_a_holding_counts_on_its_first_and_on_its_last_day_and_on_no_other(tx):
    hold(tx, "chef-avd1", "anna", valid_from=date(2026, 11, 2), valid_to=date(2026, 11, 3))

    held = [bool(identity.holders(tx, "chef-avd1", date(2026, 11, day))) for day in (1, 2, 3, 4)]

    assert held == [False, True, True, False]


def test_an_inactive_person_holds_nothing(tx):
    hold(tx, "chef-avd1", "anna")
    load(tx, people="id,name,active\nanna,Anna,nej\n")

    assert identity.holders(tx, "chef-avd1", DAY) == []
    assert identity.effective_positions(tx, "anna", DAY) == {}
    assert identity.capabilities(tx, "anna", DAY) == set()


def test_a_position_that_ended_has_no_tasks_to_see(tx):
    hold(tx, "chef-avd1", "anna")
    load(tx, positions="id,role,unit,name,active\nchef-avd1,chef,avd1,Chef,nej\n")

    assert identity.effective_positions(tx, "anna", DAY) == {}
    assert [found.id for found in identity.positions_with_role(tx, "chef", DAY)] == ["chef-kirurgi"]


def test_the_nearest_manager_above_takes_over_a_vacant_position(tx):
    hold(tx, "chef-kirurgi", "anna")

    assert identity.superior(tx, "chef-avd1", DAY) == "chef-kirurgi"
    assert identity.effective_positions(tx, "anna", DAY) == {
        "chef-kirurgi": "holder",
        "chef-avd1": "superior",
        "strateg-avd1": "superior",
    }
    assert [holder.person_id for holder in identity.actors_for(tx, "chef-avd1", DAY)] == ["anna"]


def test_the_manager_of_the_own_unit_comes_before_those_above(tx):
    hold(tx, "chef-kirurgi", "anna")
    hold(tx, "chef-avd1", "bo")

    assert identity.superior(tx, "strateg-avd1", DAY) == "chef-avd1"
    assert identity.superior_name(tx, "strateg-avd1", DAY) == "Bo"
    assert "strateg-avd1" not in identity.effective_positions(tx, "anna", DAY)


def test_where_no_manager_is_left_the_head_of_the_area_takes_over(tx):
    hold(tx, "chef-norr", "cia")

    assert identity.superior(tx, "chef-avd1", DAY) == "chef-norr"
    assert identity.effective_positions(tx, "cia", DAY)["chef-avd1"] == "superior"


def test_nobody_is_above_the_top(tx):
    hold(tx, "chef-norr", "cia")

    assert identity.superior(tx, "chef-norr", DAY) is None
    assert identity.superior(tx, "hr", DAY) is None
    assert identity.actors_for(tx, "hr", DAY) == []


def test_a_held_position_is_its_holders_alone(tx):
    hold(tx, "chef-kirurgi", "anna")
    hold(tx, "chef-avd1", "bo")

    assert "chef-avd1" not in identity.effective_positions(tx, "anna", DAY)


def test_members_of_a_body_read_its_chair_and_secretary_register(tx):
    hold(tx, "grupp-norr", "anna", function="chair")
    hold(tx, "grupp-norr", "bo", function="secretary")
    hold(tx, "grupp-norr", "cia", function="member")

    how = [identity.effective_positions(tx, person, DAY)["grupp-norr"] for person in ("anna", "bo", "cia")]

    assert how == ["registrar", "registrar", "member"]
    assert [holder.person_id for holder in identity.actors_for(tx, "grupp-norr", DAY)] == ["anna", "bo"]


def test_a_body_without_chair_and_secretary_is_told_through_its_registrars(tx):
    hold(tx, "grupp-norr", "cia", function="member")
    hold(tx, "hr", "anna")

    assert [holder.person_id for holder in identity.actors_for(tx, "grupp-norr", DAY)] == ["anna"]


def test_a_registrar_of_an_area_registers_for_the_bodies_of_that_area_only(tx):
    hold(tx, "sekr-norr", "anna")
    hold(tx, "sekr-soder", "bo")
    hold(tx, "hr", "cia")

    seen = {person: identity.effective_positions(tx, person, DAY).get("grupp-norr") for person in ("anna", "bo", "cia")}

    assert seen == {"anna": "registrar", "bo": None, "cia": "registrar"}


def test_roles_grant_what_their_holders_may_open(tx):
    hold(tx, "hr", "anna")

    assert identity.capabilities(tx, "anna", DAY) == {"cockpit", "operate"}
    assert identity.roles_of(tx, "anna", DAY) == {"hr_strateg"}
    assert identity.capabilities(tx, "bo", DAY) == set()


def test_an_ended_holding_bites_at_once_though_the_organisation_is_kept_in_memory(tx):
    hold(tx, "chef-avd1", "anna")
    assert identity.holders(tx, "chef-avd1", DAY)

    load(tx, holdings="position,person,to\nchef-avd1,anna,2026-11-01\n")

    assert identity.holders(tx, "chef-avd1", DAY) == []


def test_a_holding_ended_before_it_began_never_holds(tx):
    hold(tx, "chef-avd1", "anna", valid_from=DAY)
    load(tx, complete=True, holdings="position,person\n")

    assert identity.holders(tx, "chef-avd1", DAY) == []


def test_a_unit_lies_in_the_area_above_it(tx):
    area = identity.area_of(tx, "avd1")

    assert area is not None
    assert area.id == "norr"
    assert identity.area_of(tx, "region") is None


def test_the_same_person_does_not_hold_a_position_twice_on_one_day(tx):
    hold(tx, "chef-avd1", "anna", valid_to=DAY)

    with pytest.raises(AlreadyExists):
        hold(tx, "chef-avd1", "anna", valid_from=DAY)


@pytest.mark.parametrize(("position", "function"), [("chef-avd1", "chair"), ("grupp-norr", "holder")])
def test_a_function_must_fit_the_kind_of_role(tx, position, function):
    with pytest.raises(InvalidInput):
        hold(tx, position, "anna", function=function)


@pytest.mark.parametrize(
    "email", ["a", "a@b", "a b@example.org", "a@example.org\r\nBcc: b@example.org", "a,b@example.org"]
)
def test_what_is_no_mail_address_is_refused(tx, email):
    with pytest.raises(InvalidInput):
        identity.add_person(tx, "x", "X", email, by=BY, now=NOW)


def test_what_is_not_there_is_not_found(tx):
    for ask in (identity.person, identity.position):
        with pytest.raises(NotFound):
            ask(tx, "missing")
    assert identity.person_name(tx, "missing") is None


def test_names_stand_beside_the_chain_of_the_organisation_and_not_in_it(tx):
    exported = "".join(history.export_ndjson(tx))

    assert "person_added" in exported
    assert "Anna" not in exported
    assert history.verify(tx).ok


def test_a_change_that_was_rolled_back_is_forgotten():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)

    def add_and_fail():
        with database.verb() as tx:
            identity.add_person(tx, "anna", "Anna", by=BY, now=NOW)
            assert identity.person_name(tx, "anna") == "Anna"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()

    with database.page() as tx:
        assert identity.person_name(tx, "anna") is None
    database.dispose()
