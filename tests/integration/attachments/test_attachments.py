"""Files of a task on both databases: who may, until when, what history tells, what is erased and restored."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support import files
from support.stages import in_november
from support.world import World

from engine import attachments, handovers, history
from engine.attachments import File, Limits
from engine.errors import Forbidden, InvalidFiles, InvalidInput, KeyReused, NotFound, TakenBySomeoneElse, TaskNotOpen
from engine.store.copies import copy
from engine.store.tables import attachment, attachment_content, audit_event


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = in_november(database_url)
    yield made
    made.close()


def row(world: World, unit: str = "hs-1") -> Any:
    (task,) = [t for t in world.tasks("collection") if t.unit_id == unit]
    return task


def add(
    world: World, *given: File, by: str = "tora", task: Any = None, limits: Limits | None = None, **more: Any
) -> list[int]:
    actor = world.person(by)
    with world.database.verb() as tx:
        return attachments.add(
            tx, (task or row(world)).id, given, limits=limits or Limits(), by=actor, now=world.now, **more
        )


def remove(world: World, number: int, by: str = "tora", reason: str = "") -> None:
    actor = world.person(by)
    with world.database.verb() as tx:
        attachments.remove(tx, number, reason=reason, by=actor, now=world.now)


def read(world: World, number: int, by: str) -> bytes:
    actor = world.person(by)
    with world.page() as tx:
        return attachments.read(tx, number, actor, world.now)[2]


def kept(world: World) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).select_from(attachment_content)))


PDF = File("Underlag.pdf", files.pdf())


def test_a_file_is_read_by_those_who_may_read_the_task_and_by_no_one_else(world: World) -> None:
    (number,) = add(world, PDF)
    for reader in ("tora", "hr", "hrchef", "revi"):
        assert read(world, number, reader) == PDF.content
    for stranger in ("rut", "hilda", "ovid", "sysa"):
        with pytest.raises(NotFound):
            read(world, number, stranger)


def test_only_who_may_answer_adds_files_and_only_while_it_can_be_answered(world: World) -> None:
    for stranger, refusal in (("rut", NotFound), ("hr", NotFound), ("revi", NotFound)):
        with pytest.raises(refusal):
            add(world, PDF, by=stranger)
    world.answer(row(world), "tora", {"no_needs": True})
    add(world, PDF)  # the answer can still be changed, and so can its files
    world.go_to("2027-01-02")
    with pytest.raises(TaskNotOpen):
        add(world, PDF)


def test_a_task_that_another_has_taken_is_read_with_its_files_and_gets_no_more_from_oneself(world: World) -> None:
    task = row(world, "hs-2")
    add(world, PDF, task=task)
    with world.database.verb() as tx:
        handovers.hand_over(tx, task.id, "rut", reason="Semester", by=world.person("tora"), now=world.now)
    assert not world.page_of(task, "tora").can_attach
    assert [file.can_remove for file in world.page_of(task, "tora").attachments] == [False]
    with pytest.raises(TakenBySomeoneElse):
        add(world, PDF, task=task)
    add(world, PDF, task=task, by="rut")


def test_history_tells_of_each_file_and_the_chain_holds_a_commitment_to_its_check_sum(world: World) -> None:
    (number,) = add(world, PDF)
    remove(world, number)
    with world.page() as tx:
        added, removed = [e for e in history.of_task(tx, row(world)) if e.type.startswith("attachment")]
        written = tx.scalar(sa.select(audit_event.c.body).where(audit_event.c.id == added.id))
        assert history.verify(tx).ok
    assert (added.type, removed.type) == ("attachment_added", "attachment_removed")
    assert added.actor == "tora"
    assert added.body["file"] == {"name": "Underlag.pdf", "sha256": attachments.hashlib.sha256(PDF.content).hexdigest()}
    assert (added.body["size"], added.body["kind"]) == (len(PDF.content), "pdf")
    assert "Underlag" not in written


def test_before_the_answer_a_file_is_deleted_and_after_it_only_taken_away_with_a_reason(world: World) -> None:
    first, second = add(world, PDF, File("tabell.csv", b"a;b"))
    remove(world, first)
    remove(world, first)  # once more: no harm
    assert kept(world) == 1
    with pytest.raises(NotFound):
        read(world, first, "revi")
    world.answer(row(world), "tora", {"no_needs": True})
    with pytest.raises(InvalidInput):
        remove(world, second)
    remove(world, second, reason="Fel tabell")
    with pytest.raises(NotFound):
        read(world, second, "tora")
    assert read(world, second, "revi") == b"a;b"
    removed = [e for e in world.events("attachment_removed", 2028) if e.body["attachment"] == second]
    assert [e.body["reason"] for e in removed] == ["Fel tabell"]


def test_an_answer_taken_back_does_not_make_its_files_disappear_without_a_reason(world: World) -> None:
    (number,) = add(world, PDF)
    world.answer(row(world), "tora", {"no_needs": True})
    world.take_back(row(world), "tora")
    with pytest.raises(InvalidInput):
        remove(world, number)


def test_while_the_task_is_open_nobody_takes_away_what_another_has_attached(world: World) -> None:
    (number,) = add(world, PDF)
    for stranger in ("hr", "revi"):
        with pytest.raises(Forbidden):
            remove(world, number, by=stranger, reason="x")
    world.answer(row(world), "tora", {"no_needs": True})
    world.take_back(row(world), "tora")
    with pytest.raises(Forbidden):
        remove(world, number, by="hr", reason="x")
    assert kept(world) == 1


def test_after_the_close_only_operators_take_a_file_away(world: World) -> None:
    (number,) = add(world, PDF)
    world.answer(row(world), "tora", {"no_needs": True})
    world.go_to("2027-01-02")
    with pytest.raises(TaskNotOpen):
        remove(world, number, reason="Ångrar mig")
    with pytest.raises(Forbidden):
        remove(world, number, by="revi", reason="x")
    remove(world, number, by="hr", reason="Hörde till en annan enhet")


def test_limits_are_of_the_file_of_the_task_and_of_how_many_and_nothing_is_kept_of_what_is_refused(
    world: World,
) -> None:
    small = Limits(file_bytes=100, task_bytes=150, count=3)
    text = File("a.txt", b"x" * 90)
    for given, reasons in (
        ([File("stor.txt", b"x" * 101)], ["too_large"]),
        ([text, text], ["too_large_together"]),
        ([File("1.txt", b"1")] * 4, ["too_many"]),
        ([text, File("b.exe", b"y"), File("c.pdf", b"z")], ["not_a_kind", "other_ending"]),
    ):
        with pytest.raises(InvalidFiles) as refused:
            add(world, *given, limits=small)
        assert [each.reason for each in refused.value.files] == reasons
    assert kept(world) == 0


def test_the_same_request_twice_attaches_once(world: World) -> None:
    first = add(world, PDF, key="a")
    assert add(world, PDF, key="a") == first
    assert kept(world) == 1
    with pytest.raises(KeyReused):
        add(world, File("annan.txt", b"annan"), key="a")


def test_files_sent_at_once_do_not_pass_the_limit_together(world: World) -> None:
    def one(number: int) -> bool:
        try:
            add(world, File(f"{number}.txt", b"x" * 60), limits=Limits(100, 100, 20))
        except InvalidFiles:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 1


def test_no_file_slips_in_beside_the_answer_that_is_being_given(world: World) -> None:
    """Whichever comes first: what was there at the answer is part of it, what comes after is refused or changes it."""
    world.answer(row(world, "hs-2"), "tora", {"no_needs": True})
    for unit in ("hs-1", "hs-3"):
        task = row(world, unit)
        with ThreadPoolExecutor(2) as pool:
            adding = pool.submit(add, world, PDF, task=task)
            answering = pool.submit(world.answer, task, "tora", {"no_needs": True})
            answering.result()
            (number,) = adding.result()
        with world.page() as tx:
            kinds = [e.type for e in history.of_task(tx, task)]
            assert history.verify(tx).ok
        assert kinds.count("task_completed") == kinds.count("attachment_added") == 1
        if kinds.index("attachment_added") < kinds.index("task_completed"):
            with pytest.raises(InvalidInput):
                remove(world, number)


def test_hr_takes_away_a_file_of_a_task_that_closed_without_an_answer_and_says_why(world: World) -> None:
    (number,) = add(world, PDF)
    world.go_to("2027-01-04")
    with world.page() as tx:
        offered = attachments.one(tx, number, world.person("hr"), world.now)
        others = attachments.one(tx, number, world.person("tora"), world.now)
    assert (offered.can_remove, offered.needs_reason, offered.kept) == (True, True, False)
    assert not others.can_remove
    with pytest.raises(InvalidInput):
        remove(world, number, by="hr")
    remove(world, number, by="hr", reason="Fel fil")
    with pytest.raises(NotFound):
        read(world, number, "revi")
    with world.page() as tx:
        (event,) = [e for e in history.of_task(tx, row(world)) if e.type == "attachment_removed"]
    assert (event.body["reason"], event.body["kept"]) == ("Fel fil", False)


def test_a_draft_and_its_files_go_on_together_when_the_draft_is_harvested(world: World) -> None:
    task = row(world, "hs-2")
    world.draft(task, "tora", {"no_needs": True, "proposals": []})
    (number,) = add(world, PDF, task=task)
    world.go_to("2027-01-02")
    assert row(world, "hs-2").outcome == "harvested"
    assert read(world, number, "tora") == PDF.content
    assert [file.name for file in world.page_of(task, "tora").attachments] == ["Underlag.pdf"]


def test_a_decision_on_disposal_erases_name_check_sum_and_content_and_the_chain_still_verifies(world: World) -> None:
    (number,) = add(world, PDF)
    (other,) = add(world, PDF)
    actor = world.person("hr")
    with world.database.verb() as tx:
        commitment = tx.scalar(sa.select(attachment.c.commitment).where(attachment.c.id == number))
        history.erase(tx, commitment, "Gallringsbeslut 12/2027", by=actor, now=world.now)
    with pytest.raises(NotFound):
        read(world, number, "revi")
    assert read(world, other, "revi") == PDF.content
    with world.page() as tx:
        assert history.verify(tx).ok
        gone = tx.one(sa.select(attachment).where(attachment.c.id == number))
        told = [e for e in history.of_task(tx, row(world)) if e.type == "attachment_added"]
    assert (gone.name, gone.sha256) == (None, None)
    assert [event.body["file"] is None for event in told] == [True, False]


def test_content_that_is_not_what_was_handed_in_is_not_given_out(world: World) -> None:
    (number,) = add(world, PDF)
    with world.database.verb() as tx:
        tx.execute(attachment_content.update().values(content=b"something else"))
    with pytest.raises(NotFound):
        read(world, number, "tora")


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[World]:
    made = in_november(f"sqlite:///{tmp_path / 'arshjul.db'}")
    yield made
    made.close()


def test_a_backup_carries_the_files(on_sqlite: World, tmp_path: Path) -> None:
    (number,) = add(on_sqlite, PDF)
    copy(tmp_path / "arshjul.db", tmp_path / "backup.db")
    copy(tmp_path / "backup.db", tmp_path / "restored.db")
    restored = World(f"sqlite:///{tmp_path / 'restored.db'}", today="2026-11-22")
    assert read(restored, number, "tora") == PDF.content
    restored.close()
