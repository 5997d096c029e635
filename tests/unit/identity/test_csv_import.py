"""An organisation comes in from CSV as a whole, or every reason why not is told."""

from datetime import UTC, date, datetime

import pytest

from engine import history, identity
from engine.actor import Actor
from engine.clock import SystemClock
from engine.errors import InvalidForm
from engine.store.database import Database
from engine.store.tables import metadata

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
BY = Actor("hr", "Hanna")
FILES = {
    "units.csv": "id,name,kind,parent\nu1,Enhet Ett,unit,a1\na1,Område Ett,area,r\nr,Regionen,region,\n",
    "people.csv": "id,name,email,locale\np1,Åsa Öberg,asa@example.org,sv\np2,Bo Ek,,en\n",
    "positions.csv": "id,role,unit,name,active\nc1,chef,u1,Chef Enhet Ett,ja\ng1,grupp,a1,Ledningsgruppen,\n",
    "holdings.csv": "position,person,function,from,to\nc1,p1,holder,2026-01-01,\ng1,p2,chair,,\n",
}


@pytest.fixture
def tx():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        roles = {"chef": {"sv": "chef", "en": "manager"}, "grupp": {"sv": "grupp", "en": "group", "kind": "body"}}
        identity.save_roles(tx, roles, by=BY, now=NOW)
        yield tx
    database.dispose()


def load(tx, encoding="utf-8", files=FILES, **more):
    contents = {name: text.encode(encoding) for name, text in files.items()}
    return identity.import_csv(tx, contents, by=BY, now=NOW, **more)


def errors_of(tx, **changed):
    files = {**FILES, **{f"{name}.csv": text for name, text in changed.items()}}
    with pytest.raises(InvalidForm) as refused:
        load(tx, files=files)
    assert all(identity.csv_fault(error).en for error in refused.value.errors)
    return [(error.file, error.line, error.column, error.reason) for error in refused.value.errors]


def test_everything_is_there_whatever_the_order_of_the_units(tx):
    report = load(tx)

    assert report.added == {"unit": 3, "person": 2, "position": 2, "holding": 2}
    assert identity.person(tx, "p1") == identity.Person("p1", "Åsa Öberg", "asa@example.org", "sv", True)
    assert identity.superior(tx, "c1", NOW.date()) is None
    assert [holder.name for holder in identity.holders(tx, "c1", NOW.date())] == ["Åsa Öberg"]


def test_importing_the_same_again_changes_nothing(tx):
    load(tx)

    report = load(tx, complete=True)

    nothing = {"unit": 0, "person": 0, "position": 0, "holding": 0}
    assert (report.added, report.changed, report.ended) == (nothing, nothing, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_files_come_as_excel_and_staff_systems_write_them(tx, encoding, separator, newline):
    files = {name: text.replace(",", separator).replace("\n", newline) for name, text in FILES.items()}

    load(tx, encoding, files)

    assert identity.person_name(tx, "p1") == "Åsa Öberg"


def test_a_dry_run_tells_and_writes_nothing(tx):
    assert load(tx, dry_run=True).added["person"] == 2
    assert identity.people(tx) == []


def test_what_differs_is_changed(tx):
    load(tx)
    people = FILES["people.csv"].replace("Bo Ek", "Bo Ekman")
    holdings = FILES["holdings.csv"].replace("2026-01-01,", "2026-01-01,2026-11-30")

    report = load(tx, files={"people.csv": people, "holdings.csv": holdings})

    assert (report.changed["person"], report.ended) == (1, 1)
    assert identity.person_name(tx, "p2") == "Bo Ekman"
    assert identity.holders(tx, "c1", date(2026, 12, 1)) == []


def test_columns_that_a_file_does_not_have_keep_their_values(tx):
    load(tx)

    load(tx, files={"positions.csv": FILES["positions.csv"].replace("ja", "nej")})

    load(tx, files={"people.csv": "id,name\np1,Åsa Öberg\n", "positions.csv": "id,role,unit,name\nc1,chef,u1,Chef\n"})

    assert identity.person(tx, "p1").email == "asa@example.org"
    assert identity.position(tx, "c1").active is False


def test_whoever_has_left_is_shut_out_and_may_come_back(tx):
    load(tx)
    for word, shut, noted in (("nej", 1, "person_deactivated"), ("ja", 0, "person_activated")):
        report = load(tx, files={"people.csv": f"id,name,email,active\np1,Åsa Öberg,asa@example.org,{word}\n"})

        assert (report.changed["person"], report.shut) == (1, shut)
        assert identity.person(tx, "p1").active is (word == "ja")
        assert bool(identity.holders(tx, "c1", NOW.date())) is (word == "ja")
        assert history.search(tx, types=[noted]).events[0].body == {"person": "p1"}


def test_nobody_shuts_themselves_out(tx):
    load(tx)
    files = {"people.csv": b"id,name,active\np1,Asa,nej\n"}

    with pytest.raises(InvalidForm) as refused:
        identity.import_csv(tx, files, by=Actor("p1", "Åsa Öberg"), now=NOW)

    assert [identity.csv_fault(error).sv for error in refused.value.errors] == [
        "people.csv, rad 2, kolumn active: du kan inte stänga ditt eget konto (nej)"
    ]


def test_a_complete_list_of_holdings_ends_those_it_does_not_name_yesterday(tx):
    load(tx)

    report = load(tx, files={"holdings.csv": "position,person,function\ng1,p2,chair\n"}, complete=True)

    assert report.ended == 1
    assert identity.holders(tx, "c1", date(2026, 11, 1))
    assert identity.holders(tx, "c1", date(2026, 11, 2)) == []
    assert identity.holders(tx, "g1", date(2026, 11, 2))


def test_every_error_of_every_file_is_told_with_file_line_and_column(tx):
    found = errors_of(
        tx,
        units="id,name,kind,parent\nr,Regionen,kingdom,\na1,,area,nowhere\n",
        people="id,name,email\np1,Åsa,not an address\np1,Åsa,\n",
        holdings="position,person,from,to\nc1,p9,yesterday,\nc1,p1,2026-02-01,2026-01-01\n",
    )

    assert ("units.csv", 2, "kind", "unknown") in found
    assert ("units.csv", 3, "name", "text") in found
    assert ("units.csv", 3, "parent", "unknown") in found
    assert ("people.csv", 2, "email", "address") in found
    assert ("people.csv", 3, "id", "repeated") in found
    assert ("positions.csv", 2, "unit", "unknown") in found
    assert ("holdings.csv", 2, "from", "date") in found
    assert ("holdings.csv", 2, "person", "unknown") in found
    assert identity.units(tx) == []


@pytest.mark.parametrize(
    ("file", "text", "error"),
    [
        ("units", "id,kind\n", ("units.csv", 1, "name", "missing_column")),
        ("units", "id,name,kind,colour\n", ("units.csv", 1, "colour", "unknown_column")),
        ("units", "id,name,kind,kind\n", ("units.csv", 1, "kind", "repeated_column")),
        ("units", "", ("units.csv", 1, "id", "missing_column")),
        ("units", "id,name,kind\nr,Regionen\n", ("units.csv", 2, None, "cells")),
        ("units", 'id,name,kind\nr,"Reg"ionen,region\n', ("units.csv", 2, None, "broken_line")),
        ("units", "id,name,kind\nr,Reg\0ionen,region\n", ("units.csv", None, None, "not_text")),
        ("units", "id,name,kind,parent\na,A,area,b\nb,B,area,a\n", ("units.csv", 2, "parent", "loop")),
        ("holdings", "position,person,function\nc1,p1,chair\n", ("holdings.csv", 2, "function", "not_of_role")),
        ("holdings", "position,person,from\nc1,p1,\nc1,p1,2026-01-01\n", ("holdings.csv", 3, "position", "repeated")),
        ("secrets", "id\n", ("secrets.csv", None, None, "unknown_file")),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tx, file, text, error):
    assert error in errors_of(tx, **{file: text})


def test_units_nested_without_end_are_refused(tx):
    chain = "".join(f"u{i},U,unit,u{i - 1}\n" for i in range(1, 3000))

    found = errors_of(tx, units=f"id,name,kind,parent\nu0,U,region,\n{chain}")

    assert ("units.csv", 3001, "parent", "too_deep") in found
