"""Effects: the changes that completing a task asks for, as values."""

from datetime import UTC, date, datetime

import pytest

from engine.feel import FeelError
from engine.rules import effects
from engine.rules.effects import CreateRecord, Departure, FollowOn, Notify, ReplaceRecords, SetVariables, UpdateRecord

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CONTEXT = {"plan_year": 2028, "items": [{"record": 7, "title": "a", "p": 1}, {"record": None, "title": "b", "p": 2}]}


def plan(*given):
    return effects.plan(list(given), CONTEXT, NOW)


def test_set_counts_for_the_effects_after_it():
    assert plan({"set": {"n": "count(items)"}}, {"set": {"m": "n + 1"}, "when": "n = 2"}) == [
        SetVariables({"n": 2}),
        SetVariables({"m": 3}),
    ]


def test_when_is_asked_for_each_row_and_null_is_no():
    given = {"update": "x", "each": "items", "when": "row.p > 1", "record": "index", "values": {"t": "row.title"}}
    assert plan(given) == [UpdateRecord(2, None, {"t": "b"})]
    assert plan({"set": {"n": "1"}, "when": "null"}) == []


def test_create_makes_one_record_for_each_row_with_links():
    given = {
        "create": "x",
        "each": "items",
        "state": "prepared",
        "values": {"t": "row.title"},
        "links": {"from": "[row.record, row.record]"},
    }
    assert plan(given) == [
        CreateRecord("x", "prepared", {"t": "a"}, {"from": [7]}),
        CreateRecord("x", "prepared", {"t": "b"}, {"from": []}),
    ]


def test_replace_gathers_its_rows_and_replaces_by_nothing_when_there_are_none():
    given = {"replace": "x", "each": "items", "state": '=if row.p = 1 then "a" else "b"', "values": {"t": "row.title"}}
    (change,) = plan(given)
    assert isinstance(change, ReplaceRecords)
    assert [(row["record"], row["state"], row["values"]) for row in change.rows] == [
        (7, "a", {"t": "a"}),
        (None, "b", {"t": "b"}),
    ]
    assert plan({**given, "each": "[]"}) == [ReplaceRecords("x", [])]


def test_values_lie_over_a_merged_context():
    given = {"update": "x", "record": "7", "merge": "{a: 1, b: 1}", "values": {"b": "2"}}
    assert plan(given) == [UpdateRecord(7, None, {"a": 1, "b": 2})]


def test_departures_tasks_and_messages():
    assert plan(
        {"depart": "late", "text": "Sent för {row.title}", "text_en": "Late", "guideline": "1.7", "each": "items"},
        {"follow_on": "decide", "record": "7", "due": "today"},
        {"notify": "notice", "to": '["p1", null, "p1"]', "values": {"n": "1"}},
    ) == [
        Departure("late", "Sent för a", "Late", "1.7"),
        Departure("late", "Sent för b", "Late", "1.7"),
        FollowOn("decide", 7, None, date(2026, 11, 2)),
        Notify("notice", ["p1"], {"n": 1}, "2.0"),
    ]


@pytest.mark.parametrize(
    "effect",
    [{"set": {"a": "missing"}}, {"set": {"a": "1"}, "when": "1"}, {"set": {"a": "1"}, "each": "1"}],
)
def test_an_expression_that_fails_stops_everything(effect):
    with pytest.raises(FeelError):
        plan({"set": {"b": "1"}}, effect)


@pytest.mark.parametrize(
    "effect",
    [
        {"sett": {"a": "1"}},
        {"set": {"a": "1"}, "create": "x"},
        {"set": {"a": "1 +"}},
        {"set": {"a": "1"}, "when": "coutn(a)"},
        {"update": "x", "values": {}},
        {"replace": "x"},
        {"create": "x", "value": {}},
        {"depart": "x", "text": "x"},
        {"notify": "x"},
        {"set": "a"},
        "set",
    ],
)
def test_a_wrong_effect_is_named_with_its_number(effect):
    (finding,) = effects.lint("complete", [{"set": {"a": "1"}}, effect])
    assert finding[0] == "complete 2"


def test_a_name_that_no_other_effect_can_use_is_refused():
    ((where, sv, _en),) = effects.lint("effekter", [{"create": "x", "id": "y", "values": {}}])
    assert where == "effekter 1"
    assert "inget som heter id" in sv
