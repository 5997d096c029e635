"""Days as people say them: near ones are counted, far ones are told in months; packages' own days read the same."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from support.world import World

from engine import deployments
from engine.rules.value_words import ValueWords
from engine.texts import Text
from web import dates
from web.audit import wording


@pytest.mark.parametrize(
    ("days", "sv", "en"),
    [
        (-2, "2 dagar sent", "2 days late"),
        (-1, "1 dag sent", "1 day late"),
        (0, "i dag", "today"),
        (1, "i morgon", "tomorrow"),
        (2, "om 2 dagar", "in 2 days"),
        (120, "om 120 dagar", "in 120 days"),
        (121, "om 4 månader", "in 4 months"),
        (137, "om 5 månader", "in 5 months"),
        (365, "om 12 månader", "in 12 months"),
    ],
)
def test_what_is_far_ahead_is_told_in_months(app: Flask, collecting: World, days: int, sv: str, en: str) -> None:
    day = collecting.now.date() + timedelta(days=days)
    with app.test_request_context():
        assert dates.relative_day(day) == sv
        with force_locale("en"):
            assert dates.relative_day(day) == en


def test_the_day_is_the_one_in_stockholm(app: Flask, collecting: World) -> None:
    """Half past eleven in the evening in UTC is the day after here."""
    with app.test_request_context():
        assert dates.relative_day(datetime.fromisoformat("2026-11-22T23:30+00:00")) == "i morgon"


def test_a_day_in_what_a_package_says_reads_as_a_day(app: Flask, collecting: World) -> None:
    with collecting.page() as tx:
        words = ValueWords(deployments.latest(tx, "annual_plan").package)
    told = words.value("meeting_date", "2027-03-01", type_="decision")
    assert told == date(2027, 3, 1)
    with app.test_request_context():
        assert wording.as_read(told) == "1 mars 2027"
        assert wording.as_read([told, Text("sedan", "then")]) == "1 mars 2027, sedan"
        with force_locale("en"):
            assert wording.as_read(told) == "1 March 2027"
