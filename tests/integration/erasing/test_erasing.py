"""A text erased under a decision on disposal is gone from every table, export and page; the chain still verifies."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from support import files
from support.browsing import Browser, hidden_fields, signed_in
from support.stages import in_november, needs
from support.world import World

from arshjul.cli import arshjul
from arshjul.errand_worker import VERIFICATION, ErrandWorker
from engine import attachments, comments, erasing, handovers, history
from engine.attachments import File, Limits
from engine.erasing.places import IDENTIFIERS, NOT_LOOKED_THROUGH, PLACES
from engine.errors import Forbidden, NotPossible
from engine.history import bundle, exports
from engine.operations import pausing
from engine.running import lock, save
from engine.store import migrate
from engine.store.tables import instance, metadata, personal_value
from engine.store.types import Json
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch

SECRET = "Åsa Hemlighet-Öberg"
"""As it is written first; elsewhere it has other capitals, two blanks, a genitive s."""
LEFT = re.compile(r"hemlighet-\s*öberg", re.IGNORECASE)
DECISION = "RS/584/2027"
RUT = ("Rut Påhitt", "rut@region.example")
MARK = f"[gallrat enligt {DECISION}]"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = in_november(database_url)
    spread(made)
    yield made
    made.close()


def spread(world: World) -> None:
    """The text wherever people can write: twice answered, half written, said, attached, given as a reason, sent."""
    task = world.open_of("collection", "chef-hs-1")
    tora, hr = world.person("tora"), world.person("hr")
    data = needs("Palliativ vård", reason=f"Gäller {SECRET}s schema", contact_person="Åsa  hemlighet-öberg")
    world.answer(task, "tora", data)
    world.answer(task, "tora", {"proposals": [*data["proposals"], *needs("Hygien")["proposals"]]})
    world.draft(world.open_of("collection", "chef-hs-2"), "tora", needs(f"Samtal med {SECRET}"))
    other = world.open_of("collection", "chef-hs-3")
    with world.database.verb() as tx:
        comments.add(tx, task.id, f"Ring {SECRET} & fråga", by=hr, now=world.now)
        added = [File("Åsa Hemlighet-Öberg.txt", b"Namnet"), File("lista.csv", f"namn\n{SECRET}\n".encode())]
        attachments.add(tx, task.id, [*added, File("bild.pdf", files.pdf())], limits=Limits(), by=tora, now=world.now)
        handovers.hand_over(tx, other.id, "rut", reason=f"{SECRET} är sjuk", by=tora, now=world.now)
        pausing.suspend(tx, task.instance_id, reason=f"Väntar på {SECRET}", by=hr, now=world.now)
        pausing.resume(tx, task.instance_id, reason="Klart", by=hr, now=world.now)
        run = lock(tx, task.instance_id, by=hr, now=world.now)
        run.execution.variables["note"] = {"who": [SECRET]}
        save(tx, run)
    world.go_to("2026-11-24")
    dispatch(
        world.database, MailboxChannel(), now=world.now, wall=world.clock.wall(), public_url="http://arshjul.example"
    )


def everything(world: World) -> Iterator[tuple[str, str]]:
    """Every value of every row of every table, as text; an execution unpacked, an attached file as it is."""
    with world.page() as tx:
        for table in metadata.sorted_tables:
            for row in tx.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    if table is instance and name == "execution":
                        run = lock(tx, row["id"], by=world.person("hr"), now=world.now)
                        yield "instance.execution", json.dumps(dict(run.variables), ensure_ascii=False)
                    elif isinstance(value, bytes):
                        yield f"{table.name}.{name}", value.decode("utf-8", "replace")
                    else:
                        told = isinstance(value, dict | list)
                        yield f"{table.name}.{name}", json.dumps(value, ensure_ascii=False) if told else str(value)


def places_with(world: World) -> set[str]:
    return {place for place, text in everything(world) if LEFT.search(unescape(text))}


def erase(world: World, by: str = "hr", files: tuple[int, ...] = (), text: str = SECRET) -> erasing.Done:
    actor = world.person(by)
    with world.database.verb() as tx:
        found = erasing.preview(tx, text, DECISION, by=actor, now=world.now)
        return erasing.erase(tx, text, DECISION, seen=found.seen, files=files, by=actor, now=world.now)


def exported(world: World) -> dict[str, str]:
    with world.database.verb() as tx:
        document = history.checkpoint(tx, world.now).document
    with world.page() as tx:
        return {
            "ndjson": "".join(history.export_ndjson(tx)),
            "csv": "".join(exports.as_csv(tx)),
            "xes": "".join(exports.as_xes(tx)),
            "checkpoint": document,
        }


def test_the_text_is_gone_from_every_table_and_every_export_and_the_chain_verifies(world: World) -> None:
    before = places_with(world)
    assert {
        "record.values", "record_version.values", "user_task.answer", "draft.data", "task_comment.text",
        "attachment.name", "attachment_content.content", "user_task.handed_reason", "personal_value.value",
        "outbox_message.content", "mail.text", "mail.html", "instance.variables", "instance.execution",
    } <= before  # fmt: skip
    assert not {place for place in before if place.startswith("audit_")}

    done = erase(world)

    assert places_with(world) == set()
    assert done.count >= 14
    for name, text in exported(world).items():
        assert not LEFT.search(text), name
    with world.page() as tx:
        verdict = history.verify(tx)
    assert verdict.ok
    assert verdict.erased[DECISION] >= 6
    with world.page() as tx:
        assert [(one.decision, one.by, one.count) for one in erasing.done(tx)] == [(DECISION, "Hr Påhitt", done.count)]


def test_what_was_written_around_it_stays_and_says_under_which_decision(world: World) -> None:
    erase(world)
    (first, _second) = world.records("proposal", 2028)
    assert first.values["reason"] == f"Gäller {MARK}s schema"
    assert first.values["training_type"] == "Palliativ vård"
    assert [version.values["contact_person"] for version in world.versions(first)] == [MARK] * len(
        world.versions(first)
    )
    (answered, _again) = world.events("task_completed", 2028)
    assert answered.erased == (DECISION,)
    assert answered.body["answer"]["proposals"][0]["reason"] == f"Gäller {MARK}s schema"
    (paused,) = world.events("instance_suspended", 2028)
    assert paused.body["reason"] == f"Väntar på {MARK}"
    task = world.task("collection", "chef-hs-1")
    names = [file.name for file in world.page_of(task, "tora").attachments]
    assert names == [None, None, "bild.pdf"]
    assert [comment.text for comment in world.page_of(task, "tora").comments] == [f"Ring {MARK} & fråga"]


def test_the_exports_and_the_verifier_alone_say_that_it_was_erased(world: World, tmp_path: Path) -> None:
    erase(world)
    told = exported(world)
    assert f"erased under decision {DECISION}" in told["csv"]
    assert f'<string key="erased" value="erased under decision {DECISION}"/>' in told["xes"]
    (tmp_path / "history.ndjson").write_text(told["ndjson"], encoding="utf-8")
    (tmp_path / "verifier.py").write_text(bundle.the_verifier(), encoding="utf-8")
    run = [sys.executable, "-I", "verifier.py", "history.ndjson"]
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"erased under decision {DECISION}: \d+ personal values", said)


def test_files_that_cannot_be_searched_are_offered_and_go_when_they_are_chosen(world: World) -> None:
    with world.page() as tx:
        found = erasing.preview(tx, SECRET, DECISION, by=world.person("hr"), now=world.now)
    (pdf,) = found.files
    assert pdf.name == "bild.pdf"
    erase(world, files=(pdf.id,))
    task = world.task("collection", "chef-hs-1")
    assert [file.name for file in world.page_of(task, "tora").attachments] == [None, None, None]


def test_a_second_decision_erases_more_of_the_same_and_both_are_named(world: World) -> None:
    erase(world)
    with world.database.verb() as tx:
        actor = world.person("hr")
        found = erasing.preview(tx, "Palliativ vård", "RS/9/2028", by=actor, now=world.now)
        erasing.erase(tx, "Palliativ vård", "RS/9/2028", seen=found.seen, by=actor, now=world.now)
    (answered, _again) = world.events("task_completed", 2028)
    assert answered.erased == (DECISION, "RS/9/2028")
    assert answered.body["answer"]["proposals"][0]["training_type"] == "[gallrat enligt RS/9/2028]"
    with world.page() as tx:
        assert history.verify(tx).ok


def test_only_who_may_erases_and_only_what_was_seen(world: World) -> None:
    with world.page() as tx:
        found = erasing.preview(tx, SECRET, DECISION, by=world.person("hr"), now=world.now)
    for stranger in ("tora", "revi", "hrchef", "sysa"):
        with pytest.raises(Forbidden):
            erase(world, by=stranger)
    world.draft(world.open_of("collection", "chef-st-1"), "sten", needs(f"Nytt om {SECRET}"))
    with world.database.verb() as tx, pytest.raises(NotPossible) as refused:
        erasing.erase(tx, SECRET, DECISION, seen=found.seen, by=world.person("hr"), now=world.now)
    assert refused.value.params["reason"] == "changed_since_seen"
    assert places_with(world)


@pytest.mark.parametrize(
    ("text", "decision", "fields"),
    [("", "", ["text", "decision"]), ("Åsa", DECISION, ["text"]), ("x" * 2001, "y" * 101, ["text", "decision"]),
     ("Hem\u202elighet", "RS\n1", ["text", "decision"])],
)  # fmt: skip
def test_every_mistake_is_named_at_once(text: str, decision: str, fields: list[str]) -> None:
    assert [refused.params["field"] for refused in erasing.wrong(text, decision)] == fields


def test_names_of_people_who_work_here_and_choices_of_a_form_stay_and_say_why(world: World) -> None:
    actor = world.person("hr")
    with world.page() as tx:
        colleague = erasing.preview(tx, "Rut Påhitt", DECISION, by=actor, now=world.now)
        choice = erasing.preview(tx, "all_employees", DECISION, by=actor, now=world.now)
    assert {hit.stays for hit in colleague.stays} == {"active"}
    assert "choice" in {hit.stays for hit in choice.stays}
    assert "record" not in {hit.kind for hit in choice.hits}
    world.deactivate("rut")
    with world.database.verb() as tx:
        found = erasing.preview(tx, "Rut Påhitt", DECISION, by=actor, now=world.now)
        assert "person" in {hit.kind for hit in found.hits}
        erasing.erase(tx, "Rut Påhitt", DECISION, seen=found.seen, by=actor, now=world.now)
    told = {who: [place for place, text in everything(world) if who in unescape(text)] for who in RUT}
    assert told == {who: [] for who in RUT}, "the mails that she was sent have no address either"


def test_every_column_with_text_is_looked_through_or_said_not_to_be() -> None:
    looked = {(place.table.name, name) for place in PLACES for name in place.columns}
    forgotten = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.String | sa.Text | Json)
        and column.name not in IDENTIFIERS
        and (table.name, column.name) not in looked
        and table.name not in NOT_LOOKED_THROUGH
        and not column.name.endswith("_name")
    ]
    assert forgotten == []


def test_no_free_text_stands_in_the_chain_itself(world: World) -> None:
    """Reasons, notices, departures and faults are kept beside it too, so that they can be erased."""
    with world.page() as tx:
        bodies = [json.loads(json.loads(line)["body"])["body"] for line in history.export_ndjson(tx)]
        kept = {row.field for row in tx.rows(sa.select(personal_value.c.field))}
    assert not [body for body in bodies if isinstance(body.get("reason"), str)]
    assert {"reason", "comment", "answer", "record"} <= kept


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'arshjul.db'}"
    migrate.upgrade(url)
    made = in_november(url)
    spread(made)
    yield made
    made.close()


def reached(browser: Browser, most: int = 400) -> Iterator[tuple[str, str]]:
    """Every page that links lead to, each address once."""
    seen, waiting = {"/"}, ["/", "/history", "/absence"]
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        page = browser.client.get(address).get_data().decode("utf-8", "replace")
        yield address, page
        for link in map(unescape, re.findall(r'href="(/[^"#]*)', page)):
            if link not in seen and not re.match(r"/(static|language|sign|demo|calendar)", link):
                seen.add(link)
                waiting.append(link)


def test_from_the_page_it_is_looked_at_confirmed_and_then_on_no_page(on_sqlite: World) -> None:
    hr = signed_in(on_sqlite, "hr")
    assert [address for address, page in reached(hr) if LEFT.search(unescape(page))]

    assert "Gallra personuppgifter" in hr.get("/history")
    hr.get("/erasures")
    page = hr.post("/erasures/preview", text="", decision="")
    assert hr.status == 422
    assert "Skriv den text som ska gallras" in page
    assert "Skriv gallringsbeslutets nummer" in page
    page = hr.post("/erasures/preview", text=SECRET, decision=DECISION)
    assert "Texten står på" in page
    assert "Svar på en uppgift" in page
    fields = dict(re.findall(r'type="hidden" name="(text|decision|seen)" value="([^"]*)"', page))
    page = hr.post("/erasures", **fields)
    assert hr.status == 422
    assert "Kryssa i att du har läst listan" in page
    assert places_with(on_sqlite)
    hr.post("/erasures", **fields, sure="1")
    page = hr.follow()
    assert f"enligt beslut {DECISION}" in page

    assert [address for address, page in reached(hr) if LEFT.search(unescape(page))] == []
    revi = signed_in(on_sqlite, "revi")
    assert [address for address, page in reached(revi) if LEFT.search(unescape(page))] == []
    task = on_sqlite.task("collection", "chef-hs-1")
    assert f"Filen är gallrad enligt beslut {DECISION}" in revi.get(f"/tasks/{task.id}/attachments")
    assert f"Något av det här är gallrat enligt beslut {DECISION}" in revi.get("/history?kind=tasks")
    assert "Inget finns som stämmer" in revi.get("/history?about=Hemlighet-Öberg")
    revi.get("/history")
    revi.post("/history/verify")
    assert ErrandWorker(on_sqlite.database, VERIFICATION).work()
    assert f"gallrade enligt beslut {DECISION}" in revi.follow()
    token = hidden_fields(revi.get("/history"))["csrf_token"]
    with revi.client.post("/history/bundle.zip", data={"csrf_token": token}) as taken:
        content = taken.get_data()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not LEFT.search(archive.read(name).decode()), name


def test_the_command_asks_for_the_decision_again(
    on_sqlite: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", on_sqlite.url)
    monkeypatch.setenv("ARSHJUL_DATA", str(tmp_path))
    asked = ["history", "erase", "hr", "--decision", DECISION]
    kept = CliRunner().invoke(arshjul, asked, input=f"{SECRET}\nRS/1\n")
    assert kept.exit_code == 1
    assert "Inget har gallrats" in kept.output
    assert places_with(on_sqlite)
    done = CliRunner().invoke(arshjul, asked, input=f"{SECRET}\n{DECISION}\n")
    assert done.exit_code == 0, done.output
    assert "Gallrat på" in done.output
    assert places_with(on_sqlite) == set()
