"""The whole history is verified beside the pages: asked for, waited for, and told to whoever may read it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.browsing import Browser, signed_in
from support.world import World

from arshjul.errand_worker import VERIFICATION, ErrandWorker
from engine import access_log, errands, history, verifying
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.errors import Forbidden
from engine.store import migrate
from engine.store.database import Database
from engine.store.tables import audit_event, errand

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path / 'verifying.db'}", today="2026-11-02")
    made.start(2028)
    yield made
    made.close()


@pytest.fixture
def auditor(world: World) -> Browser:
    return signed_in(world, "revi")


def asked(browser: Browser) -> str:
    """The address of the verification that the page leads to."""
    browser.get("/history")
    browser.post("/history/verify")
    assert browser.status == 302, browser.page
    return browser.location


def work(world: World) -> None:
    assert ErrandWorker(world.database, VERIFICATION).work()


def newest_event(world: World) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(sa.func.max(audit_event.c.id))))


def tamper(world: World, statement: str) -> None:
    with world.database.verb() as tx:
        for name in ("audit_event_no_update", "audit_event_no_delete"):
            tx.execute(sa.text(f"drop trigger if exists {name}"))
        tx.execute(sa.text(statement))


def test_it_waits_is_done_and_tells_how_far_by_whom_and_against_what(world: World, auditor: Browser) -> None:
    with world.database.verb() as tx:
        taken = history.checkpoint(tx, world.now)
    address = asked(auditor)
    waiting = auditor.get(address)
    assert "väntar på sin tur" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "Kanske är det som arbetar i bakgrunden inte igång" not in waiting
    last = newest_event(world)
    work(world)
    page = auditor.get(address)
    assert "Historiken stämmer" in page
    assert f"händelse {last}, skriven" in page
    assert f"nummer {taken.id}, tagen" in page
    assert f"efter {taken.events} händelser" in page
    assert "Revi Påhitt" in page
    listed = auditor.get("/history")
    assert address in listed
    assert "Stämmer</span>" in listed


def test_while_nobody_works_the_page_says_that_it_waits_and_whom_to_ask(world: World, auditor: Browser) -> None:
    address = asked(auditor)
    with world.database.verb() as tx:
        tx.execute(errand.update().values(asked_at=world.clock.wall() - timedelta(minutes=2)))
    page = auditor.get(address)
    assert "väntar på sin tur" in page
    assert "Kanske är det som arbetar i bakgrunden inte igång" in page
    assert "Väntar på sin tur" in auditor.get("/history")


def test_with_htmx_the_page_is_loaded_whole_when_it_is_over(world: World, auditor: Browser) -> None:
    address = asked(auditor)
    assert "HX-Refresh" not in auditor.client.get(address, headers={"HX-Request": "true"}).headers
    work(world)
    assert auditor.client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("tampering", "said", "event"),
    [
        ("update audit_event set body = body || ' ' where id = 5",
         "Innehållet är inte det som skrevs.", 5),
        ("update audit_event set actor = 'bo' where id = 4", "Det som står bredvid innehållet", 4),
        ("delete from audit_event where chain = 'i:1' and seq = 2", "Här skulle händelse 2 i kedjan komma.", None),
        ("delete from audit_event where chain = 'i:1' and seq = (select max(seq) from audit_event where chain = 'i:1')",
         "Kedjan slutar inte där den ska sluta.", None),
        ("delete from chain_head where chain = 'i:1'", "Kedjan slutar inte där den ska sluta.", None),
        ("delete from audit_event where chain = 'i:1'", "Kedjan slutar inte där den ska sluta.", None),
    ],
)  # fmt: skip
def test_a_broken_chain_is_told_with_the_record_that_breaks_it(
    world: World, auditor: Browser, tampering: str, said: str, event: int | None
) -> None:
    with world.page() as tx:
        chained = tx.scalar(sa.select(audit_event.c.chain).where(audit_event.c.id == event)) if event else "i:1"
    tamper(world, tampering)
    address = asked(auditor)
    work(world)
    page = auditor.get(address)
    assert "Historiken stämmer inte" in page
    assert said in page
    assert f"i kedjan {chained}" in page
    assert event is None or f"nummer {event}, skriven" in page
    assert "Stämmer inte</span>" in auditor.get("/history")


def test_all_who_read_the_history_see_it_and_asking_again_meanwhile_gives_the_same(world: World) -> None:
    first, second = signed_in(world, "revi"), signed_in(world, "hr")
    address = asked(first)
    assert asked(second) == address
    work(world)
    assert "Revi Påhitt" in second.get(address)
    assert asked(second) != address


def test_who_may_not_read_the_history_asks_for_nothing_and_the_asking_is_noted(world: World, auditor: Browser) -> None:
    with pytest.raises(Forbidden), world.database.verb() as tx:
        verifying.ask(tx, by=world.person("tora"), now=world.now)
    with pytest.raises(Forbidden), world.database.verb() as tx:
        verifying.ask(tx, by=SYSTEM, now=world.now)
    asked(auditor)
    with world.page() as tx:
        noted = {(row.person_id, row.action, row.target) for row in access_log.search(tx).entries}
    assert ("revi", "read_history", "verify") in noted


def test_what_fails_says_that_it_is_no_verdict(world: World, auditor: Browser) -> None:
    address = asked(auditor)
    with world.database.verb() as tx:
        claimed = errands.claim(tx, verifying.KIND)
        assert claimed is not None
        errands.fail(tx, claimed, "fault")
    page = auditor.get(address)
    assert "Det säger inget om historiken" in page
    assert "Blev inte klar" in auditor.get("/history")


@pytest.mark.parametrize("begun", [False, True])
def test_it_is_cancelled_by_whoever_may_ask_with_a_reason_that_stays(
    world: World, auditor: Browser, begun: bool
) -> None:
    address = asked(auditor)
    with world.database.verb() as tx:
        claimed = errands.claim(tx, verifying.KIND) if begun else None
    other = signed_in(world, "hr")
    assert f"{address}/cancel" in other.get(address)
    assert "Kontrollen som Revi Påhitt begärde slutar utan svar" in other.get(f"{address}/cancel")
    assert "Skriv varför" in other.post(f"{address}/cancel", reason=" ")
    other.post(f"{address}/cancel", reason="Servern behövs till annat")
    page = other.follow()
    assert "Hr Påhitt avbröt kontrollen" in page
    assert "Servern behövs till annat" in page
    assert "Avbruten</span>" in other.get("/history")
    with world.database.verb() as tx:
        assert errands.claim(tx, verifying.KIND) is None
        if claimed is not None:
            assert not errands.report(tx, claimed, 50), "whoever does it stops"
            errands.finish(tx, claimed, {})
            assert verifying.find(tx, claimed.id)[0].problem == "cancelled"
    auditor.get(f"{address}/cancel")
    assert auditor.status == 302
    assert "Det är redan klart" in auditor.follow()
    assert asked(auditor) != address


def test_only_the_newest_are_kept(world: World) -> None:
    with world.database.verb() as tx:
        for _ in range(verifying.MOST_KEPT + 2):
            verifying.ask(tx, by=world.person("revi"), now=world.now)
            claimed = errands.claim(tx, verifying.KIND)
            assert claimed is not None
            errands.fail(tx, claimed, "fault")
        assert len(errands.newest(tx, verifying.KIND, limit=1000)) == verifying.MOST_KEPT


def test_others_write_while_it_reads_one_moment(database_url: str) -> None:
    """On PostgreSQL each statement would else see what came since, and the heads might have run ahead."""
    migrate.upgrade(database_url)
    database = Database(database_url, SystemClock())

    def write(number: int) -> None:
        with database.verb() as tx:
            for chain in ("i:1", f"t:{number}"):
                history.append(tx, type="made", chain=chain, occurred_at=NOW, by=SYSTEM, body={"number": number})

    write(1)
    with database.snapshot() as tx:
        before = verifying.carry_out(tx, write)
        assert verifying.carry_out(tx, lambda _percent: None) == before
    with database.snapshot() as tx:
        after = verifying.carry_out(tx, lambda _percent: None)
    database.dispose()
    assert (before["broken"], before["events"]) == (None, 2)
    assert after["broken"] is None
    assert after["events"] > 2


def test_a_process_of_its_own_does_it_and_counts_up(world: World) -> None:
    command = [sys.executable, "-m", VERIFICATION.module]
    given = json.dumps({"url": world.url}).encode()
    lines = subprocess.run(command, input=given, capture_output=True, check=True).stdout.splitlines()
    *percents, last = [json.loads(line) for line in lines]
    counted = [each["percent"] for each in percents]
    assert counted == sorted(set(counted))
    assert counted[-1] > 50
    assert last["result"]["broken"] is None
    assert date.fromisoformat(last["result"]["newest"]["recorded_at"][:10])
