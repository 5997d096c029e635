"""What was written stays written, can be read back with names, and verifies."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine import history, identity
from engine.actor import SYSTEM, Actor
from engine.clock import SystemClock
from engine.errors import NotFound
from engine.history import checks
from engine.history.canonical import canonical, with_places
from engine.store.database import Database
from engine.store.tables import audit_event, metadata

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ANNA = Actor("anna", "Anna")


@pytest.fixture
def database():
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    yield database
    database.dispose()


@pytest.fixture
def tx(database):
    with database.verb() as tx:
        yield tx


def note(tx, kind="answered", chain="i:1", **body):
    history.append(tx, type=kind, chain=chain, occurred_at=NOW, by=ANNA, instance_id=1, body=body)


def test_events_of_one_chain_are_numbered_without_gaps_and_linked(tx):
    for _ in range(3):
        note(tx)
    note(tx, chain="t:7")

    events = [json.loads(line) for line in history.export_ndjson(tx)]

    assert [(event["chain"], event["seq"]) for event in events] == [("i:1", 1), ("i:1", 2), ("i:1", 3), ("t:7", 1)]
    assert [event["prev"] for event in events[1:3]] == [event["hash"] for event in events[:2]]


def test_the_timeline_is_oldest_first_and_can_be_paged_and_filtered(tx):
    for kind in ("opened", "answered", "closed"):
        note(tx, kind)

    ids = [event.id for event in history.timeline(tx, 1)]
    assert ids == sorted(ids)
    assert [event.id for event in history.timeline(tx, 1, limit=2)] == ids[1:]
    assert [event.type for event in history.timeline(tx, 1, types=["closed", "opened"])] == ["opened", "closed"]
    assert history.timeline(tx, 2) == []


def test_an_event_tells_who_when_and_why(tx):
    identity.add_person(tx, "anna", "Anna Ek")
    note(tx, old=1, new=2, reason="räknade fel", role="chef")
    history.append(tx, type="closed", chain="i:1", occurred_at=NOW, by=SYSTEM, instance_id=1)

    by_person, by_system = history.timeline(tx, 1)

    assert (by_person.actor, by_person.actor_name, by_person.role) == ("anna", "Anna Ek", "chef")
    assert by_person.body == {"old": 1, "new": 2, "reason": "räknade fel", "role": "chef"}
    assert (by_person.occurred_at, by_person.recorded_at) == (NOW, tx.recorded_at)
    assert (by_system.actor, by_system.actor_name) == (None, None)


def test_a_campaign_begins_thousands_of_chains_at_once(tx):
    created = history.Alike("task_created", NOW, SYSTEM, "ask")
    history.append_alike(tx, created, [(f"t:{i}", 1, i, ()) for i in range(5000)])
    note(tx, chain="t:17")

    verdict = history.verify(tx)
    assert (verdict.ok, verdict.events, verdict.chains) == (True, 5001, 5000)


TEXTS = st.text('aÖ%s_" \n', max_size=5)
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
BODIES = st.dictionaries(st.text("abz%s_", min_size=1, max_size=4), VALUES, max_size=4)


@given(BODIES, BODIES)
def test_a_text_with_places_filled_in_is_the_text_of_the_whole(shared, own):
    text, order = with_places(shared, list(own))
    assert text % tuple(canonical(own[name]) for name in order) == canonical({**shared, **own})


def test_events_alike_are_the_events_that_would_have_been_appended_one_by_one(tx):
    alike = history.Alike("made", NOW, ANNA, "ask", {"title": "100 % Ö", "due": 1}, ("vacant", "role"))
    history.append_alike(tx, alike, [(f"t:{n}", 7, n, (n % 2 == 0, "chef")) for n in range(40)])
    for n in range(40):
        note = {"title": "100 % Ö", "due": 1, "vacant": n % 2 == 0, "role": "chef"}
        history.append(tx, type="made", chain=f"u:{n}", occurred_at=NOW, by=ANNA, instance_id=7, task_id=n,
                       element_id="ask", body=note)  # fmt: skip
    tx.flush()
    first, second = (
        {
            row.task_id: (row.seq, row.prev, row.type, row.actor, row.occurred_at, row.body.replace(kind, "x:"))
            for row in tx.rows(sa.select(audit_event).where(audit_event.c.chain.like(f"{kind}%")))
        }
        for kind in ("t:", "u:")
    )
    assert first == second
    assert len(first) == 40
    assert history.verify(tx).ok


def test_erasing_a_personal_value_leaves_a_chain_that_verifies(tx):
    kept = history.personal(tx, "answer", {"name": "Anna"})
    note(tx, answer=kept)
    assert history.timeline(tx, 1)[0].body == {"answer": {"name": "Anna"}}

    history.erase(tx, kept["personal"], "Gallringsbeslut 2026:3", by=ANNA, now=NOW)

    assert history.timeline(tx, 1)[0].body == {"answer": None}
    assert history.verify(tx).ok
    exported = "".join(history.export_ndjson(tx))
    assert "Gallringsbeslut 2026:3" in exported
    with pytest.raises(NotFound):
        history.erase(tx, kept["personal"], "again", by=ANNA, now=NOW)


def test_the_same_value_twice_has_two_commitments_so_that_none_can_be_guessed(tx):
    assert history.personal(tx, "name", "Anna") != history.personal(tx, "name", "Anna")


def without_triggers(tx):
    tx.flush()
    for name in ("audit_event_no_update", "audit_event_no_delete"):
        tx.execute(sa.text(f"drop trigger {name}"))


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("update audit_event set body = replace(body, 'first', 'other') where seq = 1", "does not match its hash"),
        ("delete from audit_event where seq = 2", "should follow here"),
        ("delete from audit_event where seq = 3", "ended later|does not end where its head says"),
        ("update audit_event set actor = 'bo' where seq = 2", "its columns"),
        ("update chain_head set seq = 2", "head"),
        ("delete from chain_head", "head"),
    ],
)
def test_whoever_gets_past_the_triggers_is_found_out(tx, tampering, why):
    for word in ("first", "second", "third"):
        note(tx, word=word)
    without_triggers(tx)

    tx.execute(sa.text(tampering))

    problem = history.verify(tx).problem
    assert problem is not None
    assert any(part in str(problem) for part in why.split("|"))


def test_an_end_cut_off_together_with_its_head_is_found_by_the_checkpoint(tx):
    note(tx)
    note(tx)
    first_hash = json.loads(next(history.export_ndjson(tx)))["hash"]
    history.checkpoint(tx, NOW)
    without_triggers(tx)

    tx.execute(sa.text("delete from audit_event where seq = 2"))
    tx.execute(sa.text(f"update chain_head set seq = 1, hash = '{first_hash}'"))

    problem = history.verify(tx).problem
    assert problem is not None
    assert (problem.chain, problem.seq) == ("i:1", 2)


def test_a_checkpoint_counts_and_later_events_are_not_yet_anchored(tx):
    note(tx)
    taken = history.checkpoint(tx, NOW)
    assert (taken.events, history.verify(tx).not_anchored) == (1, 0)
    assert history.checkpoint(tx, NOW) == taken

    note(tx)

    assert history.verify(tx).not_anchored == 1
    assert json.loads(history.checkpoint(tx, NOW).document)["previous"] == taken.root


def test_of_two_checkpoints_folded_at_once_the_first_is_kept(tx):
    note(tx)
    first, second = checks.fold(tx, NOW), checks.fold(tx, NOW)
    note(tx)
    third = checks.fold(tx, NOW)
    kept = checks.keep(tx, first)
    assert (kept.events, kept.root) == (1, first.root)
    assert checks.keep(tx, second) == checks.keep(tx, third) == kept


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"\U0001f600": 1, "\ufffd": 2}, '{"\U0001f600":1,"\ufffd":2}'),
        ('e\u0301\n\x1f"', '"é\\n\\u001f\\""'),
        (1.0, "1"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (0.000001, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (-12.5, "-12.5"),
        (datetime(2026, 11, 1, 8, tzinfo=UTC), '"2026-11-01T08:00:00.000000Z"'),
    ],
)
def test_every_value_has_one_spelling(value, text):
    """RFC 8785: keys by UTF-16, numbers as ECMAScript writes them, the fewest escapes."""
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), b"x", {1: 2}, "\ud800", datetime(2026, 11, 1), {"é": 1, "e\u0301": 2}],  # noqa: DTZ001
)
def test_what_has_no_spelling_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011 (the promise is the type)
        canonical(value)
