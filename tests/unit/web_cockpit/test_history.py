"""The auditor reads the history in sentences; who reads is noted."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from support.browsing import Client
from support.world import World

from engine import access_log
from engine.history import Event
from web.audit import kinds
from web.audit.naming import Names
from web.audit.reading import line, lines
from web.audit.sentences import SENTENCES, sentence

ENGINE = Path(__file__).parents[3] / "engine"
WRITERS = {"append", "Alike", "note", "note_about", "_note", "_note_record", "_carry_out", "_assign"}
NOT_TYPES = {"no_answer"}


def written_types() -> Iterator[str]:
    """Every event type that stands in the engine's code as an argument of what writes events."""
    for source in ENGINE.rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or name_of(call.func) not in WRITERS:
                continue
            for keyword in call.keywords:
                if keyword.arg == "type":
                    yield from constants(keyword.value)
            if name_of(call.func) not in ("append", "Alike"):
                for argument in call.args:
                    yield from constants(argument)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield from ("element_entered", "element_left", "element_cancelled")


def test_every_event_that_the_engine_writes_has_a_sentence_and_a_kind() -> None:
    written = set(written_types()) - NOT_TYPES
    assert {"task_completed", "window_moved", "record_withdrawn", "holding_added", "element_left"} <= written
    assert written <= SENTENCES.keys()
    assert set(kinds.types_of([kind.id for kind in kinds.KINDS])) == SENTENCES.keys()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_sentence_can_be_read_whatever_the_event_holds(app: Flask, world: World, language: str) -> None:
    with app.test_request_context(headers={"Cookie": f"language={language}"}), world.page() as tx:
        app.preprocess_request()
        for type_ in SENTENCES:
            event = Event(1, "i:1", 1, type_, None, None, None, None, None, None, world.now, world.now, {})
            assert sentence(event, Names(tx)).strip(), type_


def answer_as_tora(world: World) -> None:
    task = next(task for task in world.open("collection") if task.position_id == "chef-hs-1")
    world.answer(task, "tora")


def test_a_body_decides_and_a_person_registers(app: Flask, world: World) -> None:
    body = {
        "role": "rd_ledningsgrupp",
        "position": "rd_ledningsgrupp",
        "decided_by": "ledningsgruppen",
        "title": "Beslut",
    }
    event = Event(1, "i:1", 1, "task_completed", None, 1, None, "hr", "Hr Påhitt", None, world.now, world.now, body)
    with app.test_request_context(), world.page() as tx:
        app.preprocess_request()
        assert sentence(event, Names(tx)) == "Beslut av rd_ledningsgrupp, registrerat av Hr Påhitt: ”Beslut”."


def test_an_escalation_names_five_units_and_all_in_its_details(app: Flask, world: World) -> None:
    units = [f"Avdelning {number}, Kirurgi" for number in range(1, 8)]
    body = {"to": ["hr"], "missing": 7, "units": units}
    event = Event(1, "i:1", 1, "escalated", None, 1, None, None, None, None, world.now, world.now, body)
    with app.test_request_context(), world.page() as tx:
        app.preprocess_request()
        read = line(event, Names(tx))
    assert read.said.endswith("; Avdelning 5, Kirurgi och 2 till).")
    assert [change.new for change in read.changes] == ["; ".join(units)]


def test_a_reminder_and_a_step_are_told_with_the_name_of_the_task_marked_off(app: Flask, world: World) -> None:
    def said(kind: str, **body: object) -> str:
        event = Event(
            1, "i:1", 1, kind, world.instance(2028).id, None, "collection", None, None, None, world.now, world.now, body
        )
        with app.test_request_context(), world.page() as tx:
            app.preprocess_request()
            return lines(tx, [event])[0].said

    title = "”Lämna utbildningsbehov för 2028”"
    assert said("reminded", people=3).endswith(f" påminde 3 personer som inte har svarat på {title}.")
    assert said("escalated", to=["hr"], missing=1, units=["A"]).endswith(f"att 1 svar saknas på {title} (A).")
    assert said("activity_ended", state="closed") == "”Insamling behov” stängdes när svarstiden var slut."


def test_the_search_is_folded_until_something_is_asked(browse: Client, world: World) -> None:
    reader = browse("revi")
    for address in ("/history", f"/history/{world.instance(2028).id}"):
        assert '<details class="govuk-details filters">' in reader.get(address)
        for asked in ("person=Tora", "kind=steps", "about=Brandskydd"):
            assert '<details class="govuk-details filters" open>' in reader.get(f"{address}?{asked}"), asked


def test_the_auditor_reads_an_answer_as_a_sentence_with_its_details(browse: Client, world: World) -> None:
    answer_as_tora(world)
    page = browse("revi").get("/history/1")
    assert "Tora Påhitt svarade på ”Lämna utbildningsbehov för 2028" in page
    assert "Utbildningsplan 2028 startade, efter version 1 av processen." in page


def test_the_history_is_filtered_by_kind_and_by_person(browse: Client, world: World) -> None:
    answer_as_tora(world)
    browser = browse("revi")
    assert "Tora Påhitt svarade" not in browser.get("/history/1?kind=steps")
    assert "Tora Påhitt svarade" in browser.get("/history/1?kind=tasks&person=tora")
    assert "Inget finns som stämmer" in browser.get("/history/1?kind=tasks&person=ingen alls")


def test_older_events_are_a_page_away_and_none_is_shown_twice(browse: Client) -> None:
    browser = browse("revi")
    query, seen = "kind=steps&kind=tasks&kind=handed_out&kind=technical&kind=notices&kind=records", []
    before = ""
    while True:
        page = browser.get(f"/history?{query}{before}")
        seen += [part.partition('"')[0] for part in page.split('aria-label="Händelse ')[1:]]
        if "before=" not in page:
            break
        before = "&before=" + page.partition("before=")[2].partition('"')[0]
    assert len(seen) == len(set(seen)) > 10


def test_who_reads_the_history_is_noted(browse: Client, world: World) -> None:
    browse("revi").get("/history/1")
    with world.page() as tx:
        noted = access_log.search(tx).entries
    assert ("revi", "read_history", "instance 1") in {(row.person_id, row.action, row.target) for row in noted}


def test_a_manager_does_not_read_the_history(browse: Client) -> None:
    browser = browse("tora")
    for path in ("/history", "/history/1", "/history/1.csv", "/history/export.ndjson"):
        browser.get(path)
        assert browser.status == 403, path


def test_the_whole_history_is_taken_away_as_the_verifier_reads_it(browse: Client, world: World) -> None:
    from engine.history import verifier

    lines = browse("revi").get("/history/export.ndjson").splitlines(keepends=True)
    assert len(lines) > 20
    assert verifier.check(lines, None).ok


def test_one_history_as_csv_holds_sentences_and_no_formulas(browse: Client) -> None:
    browser = browse("revi")
    page = browser.get("/history/1.csv?kind=steps")
    assert page.startswith("\ufeffNummer;Tid (UTC);")
    assert "Utbildningsplan 2028 startade" in page
    assert "attachment" in browser.headers["Content-Disposition"]


def test_instants_of_the_history_are_civil_time_in_sweden(browse: Client) -> None:
    assert "2 november 2026 kl. 09.00" in browse("revi").get("/history/1")
