"""Finding one's way in a long inbox: filters in the address, filters by name, pages by last day."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine import inbox, inbox_rows
from engine.store.tables import user_task

MANY = 60


@pytest.fixture(scope="module")
def crowded(collecting: World) -> World:
    """Sixty follow-on tasks more for Hans, every second one for 2029, due day by day."""
    (task,) = [t for t in collecting.tasks("collection") if t.unit_id == "hs"]
    values = {**task._mapping, "activity_id": None}
    del values["id"]
    rows = [
        {
            **values,
            "follow_on": f"invented_{number}",
            "title_sv": f"Påhittad uppgift {number}",
            "plan_year": 2028 + number % 2,
            "due_at": collecting.now + timedelta(days=number - 3, hours=1),
        }
        for number in range(MANY)
    ]
    with collecting.database.verb() as tx:
        tx.execute(user_task.insert(), rows)
    return collecting


def test_pages_show_every_task_once_by_last_day(browse: Client, crowded: World) -> None:
    hans, address, seen = browse("hans"), "/", []
    for _ in range(5):
        page = hans.get(address)
        main = page.partition("<main")[2].partition('id="answered"')[0]
        seen.append(re.findall(r"Påhittad uppgift (\d+), senast", main))
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        address = following[0].replace("&amp;", "&")
    assert [int(n) for page in seen for n in page] == list(range(MANY))
    assert len(seen) == 3


def test_the_first_page_says_how_many_there_are(browse: Client, crowded: World) -> None:
    page = browse("hans").get("/")
    assert re.search(rf"{MANY + 1} saker att göra\. Här är de 25 som ska vara klara först\.", " ".join(page.split()))
    assert f"<title>Min inkorg ({MANY + 1})" in page


def test_filters_narrow_the_inbox_and_the_next_page_keeps_them(browse: Client, crowded: World) -> None:
    hans = browse("hans")
    page = hans.get("/?year=2029&q=Påhittad+HÄLSO")
    assert len(re.findall(r"Påhittad uppgift \d+, senast", page)) == 25
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "year=2029" in following
    assert len(re.findall(r"Påhittad uppgift \d+, senast", hans.get(following.replace("&amp;", "&")))) == 5
    late = hans.get("/?late=1")
    assert re.findall(r"Påhittad uppgift (\d+), senast", late) == ["0", "1", "2"]
    assert "Inget att göra stämmer med filtret" in hans.get("/?q=100%25")
    assert "Inget att göra stämmer med filtret" in hans.get("/?whose=bodies")
    assert "Inget att göra stämmer med filtret" in hans.get("/?unit=ru")
    assert "Inget att göra stämmer med filtret" in hans.get("/?process=guideline_revision")


def test_of_many_words_the_first_dozen_are_looked_for_and_shown(browse: Client, crowded: World) -> None:
    page = browse("hans").get("/?q=" + "+".join([*"åhitdpåhitdp", "finns", "inte"]))
    assert 'value="å h i t d p å h i t d p"' in page
    assert "Påhittad uppgift" in page


@pytest.mark.parametrize(
    "address",
    [
        "/?year=99999999999",
        "/?after=x.1",
        "/?after=99999999999999999.1",
        "/?after=1",
        "/?q=%00",
        "/?year=٣",
        "/?whose=x",
    ],
)
def test_an_address_that_makes_no_sense_is_no_fault(browse: Client, crowded: World, address: str) -> None:
    hans = browse("hans")
    hans.get(address)
    assert hans.status == 200


def test_a_filter_is_saved_used_and_removed_by_its_owner(browse: Client, crowded: World) -> None:
    hans = browse("hans")
    hans.get("/?late=1")
    hans.post("/filters", name=" Bara  det sena ", late="1")
    page = hans.follow()
    assert "Bara det sena</a>" in page
    assert 'aria-current="page"' in page
    assert "Bara det sena" not in browse("tora").get("/")
    hans.post("/filters/remove", name="Bara det sena")
    assert "Bara det sena" not in hans.follow()
    for number in range(11):
        hans.get("/?late=1")
        hans.post("/filters", name=f"Nr {number}", late="1")
    assert "Du har redan tio sparade filter" in hans.follow()


def test_bodies_tasks_are_apart_from_ones_own(crowded: World) -> None:
    hr = crowded.person("hr")
    with crowded.page() as tx:
        held = inbox._acting(tx, hr, crowded.now)
    assert set(held.values()) >= {"holder", "registrar"}
    assert set(inbox._those(held, "bodies").values()) == {"registrar"}
    assert "registrar" not in inbox._those(held, "mine").values()


def test_a_page_is_read_from_the_partial_indexes(crowded: World) -> None:
    """What is scanned is what a person's positions hold open; never the table of all tasks."""
    given = {"person_id": "hans", "people": '["hans"]', "at0": "foc-hs", "at1": "chef-hs", "limit": 26}
    statement = sa.text(f"EXPLAIN QUERY PLAN {inbox_rows.open_ids(2, ()).sqlite}")
    with crowded.page() as tx:
        told = [str(row[-1]) for row in tx.rows(statement, {**given, "now": "2027-01-01", "day": "2027-01-01"})]
    read = [line for line in told if " user_task" in line]
    assert len(read) == 3, told
    assert re.search("ix_user_task_(open_assignee|handed) ", read[0]), told
    assert all("ix_user_task_open_position" in line for line in read[1:]), told
    assert not [line for line in told if line.startswith("SCAN user_task")], told
