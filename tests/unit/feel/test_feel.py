"""FEEL as the packages' one language: values, dates, errors and limits."""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine import feel

NOW = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
CONTEXT = {
    "a": 1,
    "nothing": None,
    "rows": [{"x": 1, "name": "en"}, {"x": 2, "name": None}],
    "ids": [2],
    "at": NOW,
    "day": date(2026, 1, 31),
}


def value(expression):
    return feel.evaluate(expression, CONTEXT, now=NOW)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + 1", 2),
        ("10 / 4", 2.5),
        ("0.1 + 0.2", 0.3),
        ("rows[x = 2].x", [2]),
        ("rows[list contains(ids, x)].x", [2]),
        ('rows[not(name = "en")].x', [2]),
        ("for r in rows return r.x + a", [2, 3]),
        ("some r in rows satisfies r.x = 2", True),
        ('if a = 1 then "ja" else missing', "ja"),
        ("{b: a, c: b + 1}", {"b": 1, "c": 2}),
    ],
)
def test_values(expression, expected):
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("expression", ["nothing.name", "nothing + 1", "nothing > 3", "rows[x = 9][1].name"])
def test_what_is_null_gives_null_and_no_error(expression):
    assert value(expression) is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("missing = true", "missing"),
        ("rows[1].missing = true", "missing"),
        ("rows[missing = 1]", "missing"),
        ("coutn(rows) = 0", "coutn"),
        ('a + "x"', "add"),
        ("a +", "ends too early"),
        ("function(x) x", "function"),
    ],
)
def test_a_misspelt_name_is_an_error_and_never_a_silent_false(expression, reason):
    with pytest.raises(feel.FeelError, match=reason) as error:
        value(expression)
    assert error.value.expression == expression


def test_today_and_now_are_the_callers_in_swedish_civil_time():
    assert value("today") == value("today()") == date(2026, 11, 1)
    assert value("now()") == value("now") == NOW
    assert value("now").tzinfo is UTC


def test_the_day_of_an_instant_is_the_swedish_one():
    assert value("date(at)") == value("date(now)") == date(2026, 11, 1)


def test_a_time_without_offset_is_swedish_in_summer_and_winter():
    assert value('date and time("2026-07-01T00:00:00")') == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert value('date and time("2026-12-01T00:00:00")') == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_dates_are_counted_on_the_calendar():
    assert value('day + duration("P1M")') == date(2026, 2, 28)
    assert value("today - day") == "P274D"


def test_each_scope_sees_its_own_row_and_none_of_the_last_ones():
    jobs = [feel.Job("row.x", 0), feel.Job("row.x + a", 1)]
    assert feel.run(jobs, CONTEXT, [{"row": {"x": 5}}, {"row": {"x": 7}}], now=NOW) == [5, 8]
    with pytest.raises(feel.FeelError, match="extra"):
        feel.run([feel.Job("extra", 0), feel.Job("extra", 1)], CONTEXT, [{"extra": 1}, {}], now=NOW)


def test_the_same_question_at_another_time_has_another_answer():
    later = datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert feel.evaluate("today", {}, now=NOW) != feel.evaluate("today", {}, now=later)


def test_a_changed_answer_does_not_change_the_next_one():
    feel.evaluate("[1, 2]", {}, now=NOW).append(3)
    assert feel.evaluate("[1, 2]", {}, now=NOW) == [1, 2]


@pytest.mark.parametrize("expression", ["every a in 1..3000, b in 1..3000 satisfies a * b > 0"])
def test_an_endless_expression_is_stopped_and_the_next_one_works(expression):
    with pytest.raises(feel.FeelError, match="than"):
        value(expression)
    assert value("a") == 1


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="zone"):
        feel.evaluate("today", {}, now=datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)


def test_check_says_what_is_wrong():
    assert feel.check("count(rows) > 1 and some f in [1] satisfies f = 1") is None
    assert feel.check("{f: function(n) n + 1, y: f(1)}.y") is None
    assert "coutn" in (feel.check("coutn(rows)") or "")
    assert "position 3" in (feel.check("a )") or "")


@pytest.mark.parametrize("expression", ["1e3", "a > 1E3", "2.5e-1"])
def test_a_number_with_an_exponent_is_refused_and_not_cut_off(expression):
    assert "exponent" in (feel.check(expression) or "")
    with pytest.raises(feel.FeelError, match="exponent"):
        value(expression)


@pytest.mark.parametrize(
    "expression", ["for i in 1..999999999 return i", "sum(for i in 1..99999, j in 1..99999 return i)"]
)
def test_check_refuses_what_does_not_come_to_an_end(expression):
    assert "than" in (feel.check(expression) or "")


def test_names_are_never_too_few():
    expression = "records.proposal[state = wanted and unit = task.unit].title"
    assert feel.names(expression) >= {"records", "wanted", "task"}
    assert feel.free_names("for r in rows return r.x + a") == {"rows", "a"}
    assert feel.paths(expression) >= {"records.proposal", "task.unit"}


def test_a_forked_child_answers():
    value("a")
    child = os.fork()
    if child == 0:
        os._exit(0 if feel.evaluate("a + 41", CONTEXT, now=NOW) == 42 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert value("a + 1") == 2
