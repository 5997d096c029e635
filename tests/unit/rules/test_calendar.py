"""Days of a plan year in Swedish civil time, leap years and both changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import calendar
from engine.rules.calendar import DayError, Window, add_period, civil, resolve, resolve_windows

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PLAN_YEARS = st.integers(2027, 2047)
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2045-12-31")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def test_collection_opens_and_closes_to_the_second():
    assert civil(resolve("Y-2-11-01", plan_year=2028, edge="opens")) == "2026-11-01T00:00:00+01:00"
    assert civil(resolve("Y-2-12-31", plan_year=2028)) == "2026-12-31T23:59:59+01:00"
    assert civil(resolve("Y-0-06-30", plan_year=2028)) == "2028-06-30T23:59:59+02:00"
    assert resolve("Y-06-30", plan_year=2028) == resolve("Y-0-06-30", plan_year=2028)
    assert civil(resolve("Y+1-01-31", plan_year=2028)) == "2029-01-31T23:59:59+01:00"


@pytest.mark.parametrize(("plan_year", "day"), [(2027, 28), (2029, 29), (2030, 28), (2033, 29)])
def test_february_has_29_days_when_the_year_before_the_plan_year_is_a_leap_year(plan_year, day):
    assert civil(resolve("Y-1-02-last", plan_year=plan_year)).startswith(f"{plan_year - 1}-02-{day}T23:59:59")


@given(PLAN_YEARS, st.integers(1, 12))
def test_a_month_ends_one_second_before_the_next_begins(plan_year, month):
    last = resolve(f"Y-1-{month:02d}-last", plan_year=plan_year)
    following = "Y-0-01" if month == 12 else f"Y-1-{month + 1:02d}"
    assert resolve(f"{following}-01", plan_year=plan_year, edge="opens") - last == timedelta(seconds=1)


@given(
    st.datetimes(FIRST, LAST).map(lambda d: d.replace(microsecond=0, tzinfo=STOCKHOLM)),
    st.integers(-400, 400),
)
def test_days_keep_the_clock_on_the_wall_across_changes_of_the_clock(moment, days):
    moved = add_period(moment, f"-P{-days}D" if days < 0 else f"P{days}D").astimezone(STOCKHOLM)
    wall = moment.replace(tzinfo=None) + timedelta(days=days)
    exists = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC).astimezone(STOCKHOLM).replace(tzinfo=None) == wall
    assert not exists or moved.replace(tzinfo=None) == wall


@pytest.mark.parametrize("year", range(2026, 2046))
def test_a_day_is_23_or_25_hours_when_the_clock_changes_and_hours_are_counted_as_they_pass(year):
    for month, hours in ((3, 23), (10, 25)):
        sunday = max(date(year, month, d) for d in range(25, 32) if date(year, month, d).weekday() == 6)
        start = calendar.start_of(sunday)
        assert calendar.end_of(sunday) - start == timedelta(hours=hours, seconds=-1)
        assert add_period(start, "P1D") - start == timedelta(hours=hours)
        assert add_period(start, "PT24H") - start == timedelta(hours=24)


def test_hours_are_counted_as_they_pass_from_the_second_of_two_equal_hours() -> None:
    again = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02.30 for the second time that night
    assert add_period(again, "PT24H") - again == timedelta(hours=24)
    assert add_period(again, "P0D") == again


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2027-01-31T12:00", "P1M", "2027-02-28T12:00"),
        ("2028-01-31T12:00", "P1M", "2028-02-29T12:00"),
        ("2028-02-29T12:00", "P1Y", "2029-02-28T12:00"),
        ("2028-03-31T12:00", "-P1M", "2028-02-29T12:00"),
        ("2026-12-15T12:00", "P1Y2M1W3D", "2028-02-25T12:00"),
        ("2026-12-15T12:00", "PT1H30M5S", "2026-12-15T13:30:05"),
    ],
)
def test_periods(start, period, end):
    assert add_period(at(start), period) == at(end)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "Y-1-13-01", "Y-1-04-31", "Y-1-02-29", "imorgon", "a.b", "2026-01-01"]
)
def test_what_is_no_day_is_refused_in_both_languages(text):
    with pytest.raises(DayError) as error:
        resolve(text, plan_year=2028, relative_to=at("2026-01-01"))
    assert error.value.sv != error.value.en
    assert calendar.lint_day(text, days=set(), variables=set(), relative=True)


def test_windows_can_refer_to_each_other_in_any_order():
    windows = resolve_windows(
        {
            "second": {"opens": "first.closes", "closes": "P10D", "due": "-P2D"},
            "first": {"opens": None, "closes": "Y-1-03-20", "due": None},
        },
        2028,
    )
    assert windows["first"].opens is None
    assert civil(windows["second"].closes) == "2027-03-30T23:59:59+02:00"
    assert civil(windows["second"].due) == "2027-03-28T23:59:59+02:00"


def test_windows_in_a_ring_or_in_the_wrong_order_are_refused():
    with pytest.raises(DayError, match="ring"):
        resolve_windows({"a": {"closes": "b.closes"}, "b": {"closes": "a.closes"}}, 2028)
    with pytest.raises(DayError, match="order"):
        resolve_windows({"a": {"opens": "Y-1-04-01", "closes": "Y-1-03-01"}}, 2028)


def test_a_form_can_set_a_day_as_a_date_or_as_text():
    for value in (date(2027, 5, 4), "2027-05-04"):
        found = resolve("new_date", plan_year=2028, variables={"new_date": value})
        assert civil(found) == "2027-05-04T23:59:59+02:00"
    with pytest.raises(DayError, match="no date"):
        resolve("new_date", plan_year=2028, variables={"new_date": None})


def test_a_reference_takes_a_moved_date():
    window = Window(at("2027-01-01"), at("2027-02-03"), at("2027-02-03"))
    assert resolve("x.closes", plan_year=2028, windows={"x": window}) == at("2027-02-03")


@pytest.mark.parametrize(
    "day",
    ["2026-06-19", "2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01", "2027-01-06", "2026-04-03", "2026-11-01"],
)
def test_holidays_and_the_three_eves_are_no_working_days(day):
    assert not calendar.is_workday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-02", "2026-01-05", "2026-04-02", "2026-04-30", "2026-12-23", "2026-12-30"])
def test_half_holidays_are_working_days(day):
    assert calendar.is_workday(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-01T00:00", "2026-11-02T08:00:00+01:00"),
        ("2026-11-02T08:00", "2026-11-02T08:00:00+01:00"),
        ("2026-11-02T08:00:01", "2026-11-03T08:00:00+01:00"),
        ("2026-12-23T09:00", "2026-12-28T08:00:00+01:00"),
        ("2027-03-26T00:00", "2027-03-30T08:00:00+02:00"),
    ],
)
def test_mail_leaves_at_eight_on_the_next_working_day(moment, expected):
    assert civil(calendar.next_workday_at(at(moment))) == expected


def test_the_first_day_of_a_window_without_one_cannot_be_named():
    days = calendar.named_days("first", {"closes": "Y-1-03-20", "opens": None})
    assert calendar.lint_day("first.closes", days=days, variables=set(), relative=False) is None
    assert "opens" in str(calendar.lint_day("first.opens", days=days, variables=set(), relative=False))
    with pytest.raises(DayError, match="Write opens"):
        resolve_windows({"a": {"closes": "Y-1-04-01"}, "b": {"opens": "a.opens", "closes": "a.closes"}}, 2028)
