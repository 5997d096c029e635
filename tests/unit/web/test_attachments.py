"""Attaching, fetching and removing files on the pages, without JavaScript, as the people in those roles."""

import re
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from support import files, stages
from support.browsing import Browser, Client, pages, sign_in
from support.world import World

from engine import access_log, attachments
from engine.attachments import MEGABYTE
from engine.store.tables import attachment


def task_of(world: World, unit: str) -> int:
    (task,) = [t for t in world.tasks("collection") if t.unit_id == unit]
    return int(task.id)


def send(browser: Browser, path: str, *given: tuple[str, bytes]) -> str:
    return browser.send_files(path, "files", *given)


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/attachments/(\d+)"', page)


@pytest.fixture
def path(collecting: World) -> Iterator[str]:
    """The page of a task's files; none is left afterwards."""
    number = task_of(collecting, "hs-1")
    yield f"/tasks/{number}/attachments"
    with collecting.database.verb() as tx:
        left = tx.rows(sa.select(attachment).where(attachment.c.task_id == number, attachment.c.removed_at.is_(None)))
    for row in left:
        with collecting.database.verb() as tx:
            attachments.remove(tx, row.id, reason="städning", by=collecting.person("tora"), now=collecting.now)


def test_files_are_attached_shown_fetched_and_removed(browse: Client, path: str, collecting: World) -> None:
    tora = browse("tora")
    tora.get(path)
    send(tora, path, ("Plan ”A” åäö.docx", files.office()), ("data.csv", b"a;b"))
    page = tora.follow()
    assert "2 filer är bifogade." in page
    assert "Plan ”A” åäö.docx" in page
    assert "Bifogad av Tora Påhitt" in page
    assert "Plan ”A” åäö.docx" in tora.get(path.removesuffix("/attachments"))
    document, table = numbers(page)
    tora.get(f"/attachments/{table}")
    assert tora.page == "a;b"
    tora.get(f"/attachments/{document}/remove")
    assert "går inte att få tillbaka" in tora.page
    tora.post(f"/attachments/{document}/remove")
    page = tora.follow()
    assert "Filen är borttagen." in page
    assert "Plan" not in page.partition("<h1")[2]
    assert numbers(page) == [table]
    history = browse("revi").get(f"/history/{collecting.instance(2028).id}?kind=tasks")
    assert "Tora Påhitt bifogade filen ”Plan ”A” åäö.docx”" in history
    assert "Tora Påhitt tog bort filen ”Plan ”A” åäö.docx”" in history
    assert f'href="{path}"' in history


def test_a_file_is_only_ever_saved_and_who_fetches_it_is_noted(browse: Client, path: str, collecting: World) -> None:
    tora, auditor = browse("tora"), browse("revi")
    tora.get(path)
    send(tora, path, ("föredragning.txt", files.EICAR))
    (number,) = numbers(tora.follow())
    auditor.get(f"/attachments/{number}")
    assert auditor.status == 200
    assert auditor.headers["Content-Disposition"].startswith("attachment; filename")
    assert "filename*=UTF-8''f%C3%B6redragning.txt" in auditor.headers["Content-Disposition"]
    assert auditor.headers["X-Content-Type-Options"] == "nosniff"
    assert auditor.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert auditor.headers["Cache-Control"] == "no-store"
    assert auditor.headers["Content-Type"] == "text/plain"
    with collecting.page() as tx:
        noted = [(e.person_id, e.action, e.target) for e in access_log.search(tx, limit=20).entries]
    assert ("revi", "read_attachment", f"attachment {number}") in noted
    stranger = browse("rut")
    for address in (f"/attachments/{number}", f"/attachments/{number}/remove", path):
        stranger.get(address)
        assert stranger.status == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"", "filen är tom"),
        ("a.exe", b"MZ\0\0", "filer av det slaget tas inte emot"),
        ("a.pdf", files.png(), "innehållet är av ett annat slag än filnamnet säger"),
        ("a.docx", files.bomb(), "filen packar upp till för mycket"),
        ("a.docx", files.office(files.MACRO_WORD), "filen innehåller makron"),
        ("a.png", files.png() + files.pdf(), "filen innehåller mer än det den ser ut att vara"),
        ("<script>.txt", b"\0", "_script_.txt: filen är tom"),
        ("../../" + "å" * 300 + ".txt", b"#!/bin/sh", "å" * 116 + ".txt: filer av det slaget"),
    ],
)  # fmt: skip
def test_a_file_that_is_refused_is_named_with_the_reason_and_nothing_is_kept(
    browse: Client, path: str, name: str, content: bytes, said: str
) -> None:
    tora = browse("tora")
    tora.get(path)
    page = send(tora, path, ("bra.txt", b"bra"), (name, content))
    assert tora.status == 422
    assert "Inget är bifogat" in page
    assert said in page
    assert "Inga filer är bifogade." in page
    tora.get(path)
    send(tora, path)
    assert tora.status == 422
    assert "Välj en fil" in tora.page


@pytest.fixture
def small(collecting: World) -> Flask:
    """Limits of one and two megabytes."""
    limits = attachments.Limits(MEGABYTE, 2 * MEGABYTE, 3)
    return pages(collecting, attachments=limits)


def test_the_limits_are_named_also_when_the_whole_request_is_too_large(small: Flask, path: str) -> None:
    tora = sign_in(small, "tora")
    tora.get(path)
    assert "Högst 1 MB per fil, 3 filer och 2 MB tillsammans" in tora.page
    page = send(tora, path, ("stor.txt", b"x" * 1_100_000))
    assert (tora.status, "filen är för stor. Högst 1 MB går att bifoga." in page) == (422, True)
    tora.get(path)
    page = send(tora, path, ("enorm.txt", b"x" * 4_000_000))
    assert tora.status == 413
    assert "Filerna är för stora. Välj filer på högst 2 MB tillsammans." in page
    assert '<input class="govuk-file-upload' in page


def test_other_requests_are_as_small_as_before_and_strangers_send_nothing_large(small: Flask, path: str) -> None:
    tora = sign_in(small, "tora")
    tora.get(path)
    tora.post("/filters", name="x" * 2_200_000)
    assert tora.status == 413
    assert "Det är för stort" in tora.page
    nobody = Browser(small.test_client())
    nobody.get("/sign-in")
    send(nobody, path, ("stor.txt", b"x" * 2_500_000))
    assert nobody.status == 413
    other = sign_in(small, "rut")
    other.get("/")
    send(other, path, ("enorm.txt", b"x" * 4_000_000))
    assert other.status == 404


def test_typed_text_is_a_draft_when_one_goes_on_to_the_files(browse: Client, path: str) -> None:
    tora = browse("tora")
    task = path.removesuffix("/attachments")
    tora.get(task)
    assert 'form="task-form" name="_attach"' in tora.page
    tora.post(task, **{"proposals.0.training_type": "Skrivet före bilagan", "_shown": "proposals", "_attach": "1"})
    assert (tora.status, tora.location) == (302, path)
    assert "Skrivet före bilagan" in tora.get(task)


def test_the_same_form_sent_twice_attaches_once(browse: Client, path: str) -> None:
    tora = browse("tora")
    tora.get(path)
    shown = tora.page
    for _ in range(2):
        tora.page = shown
        send(tora, path, ("a.txt", b"a"))
        assert tora.status == 302
    assert len(numbers(tora.follow())) == 1


def test_after_the_answer_removing_asks_why_and_auditors_still_read_it(browse: Client, collecting: World) -> None:
    number = task_of(collecting, "hs-3")
    tora, auditor = browse("tora"), browse("revi")
    path = f"/tasks/{number}/attachments"
    tora.get(path)
    send(tora, path, ("a.txt", b"a"))
    (file,) = numbers(tora.follow())
    tora.get(f"/tasks/{number}/quick")
    tora.post(f"/tasks/{number}/quick")
    tora.get(f"/attachments/{file}/remove")
    page = tora.post(f"/attachments/{file}/remove", reason=" ")
    assert tora.status == 422
    assert "Skriv varför filen tas bort" in page
    tora.post(f"/attachments/{file}/remove", reason="Fel fil")
    page = tora.follow()
    assert numbers(page) == []
    assert "Borttagen av Tora Påhitt" in page
    tora.get(f"/attachments/{file}")
    assert tora.status == 404
    assert numbers(auditor.get(path)) == [file]
    assert auditor.get(f"/attachments/{file}") == "a"


def test_the_files_of_its_tasks_stand_on_the_record_of_the_auditor(browse: Client, collecting: World) -> None:
    task: Any = next(t for t in collecting.tasks("collection") if t.unit_id == "hs-2")
    given = attachments.File("underlag.pdf", files.pdf())
    with collecting.database.verb() as tx:
        attachments.add(
            tx, task.id, [given], limits=attachments.Limits(), by=collecting.person("tora"), now=collecting.now
        )
    collecting.answer(task, "tora", stages.needs("Palliativ vård"))
    record = next(r for r in collecting.records("proposal", 2028) if r.task_id == task.id)
    page = browse("revi").get(f"/plan-items/{record.id}")
    assert "underlag.pdf" in page


def test_a_file_for_which_the_disk_has_no_room_is_asked_for_again_and_nothing_is_attached(
    browse: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large ones lie on the disk for temporary files until the form has been read."""
    tora = browse("tora")
    tora.get(path)
    with open("/dev/full", "w+b", buffering=0) as full, monkeypatch.context() as disk:
        disk.setattr(tempfile, "TemporaryFile", lambda **_how: full)
        send(tora, path, ("stor.csv", b"a;b\n" * 400_000))
    assert (tora.status, tora.headers["Retry-After"]) == (503, "10")
    assert "Det du nyss skickade kom inte fram." in tora.page
    tora.get(path)
    assert "stor.csv" not in tora.page
