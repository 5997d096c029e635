"""The demo: made in a folder of its own, with its past played; time moves on from there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from arshjul import demo, settings
from arshjul.composition import open_installation
from arshjul.demo_clock import DemoClock, next_event, said
from arshjul.needs import survey
from arshjul.settings import Settings, SettingsError
from engine import cycles, history, identity, mails, playing
from engine.actor import Actor
from engine.clock import STOCKHOLM, OffsetClock, SystemClock
from engine.inbox import inbox
from engine.store.database import Database
from engine.store.tables import definition, instance, record

TODAY = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Database, OffsetClock, list[str]]]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ARSHJUL_DATABASE_URL", "FRESH", "PORT"):
            patch.delenv(name, raising=False)
        given = settings.read(data=tmp_path_factory.mktemp("demo"))
    said: list[str] = []
    database, clock = demo.open_demo(given, say=said.append, managers=30, now=TODAY)
    clock.move_to(TODAY)
    yield given, database, clock, said
    database.dispose()


def test_every_cycle_that_lives_on_the_day_stands_where_it_would_stand(made: tuple) -> None:
    _given, database, _clock, said = made
    with database.page() as tx:
        found = {c.plan_year: c for c in cycles.overview(tx, TODAY) if c.key == "annual_plan"}
        assert history.verify(tx).ok
    assert sorted(found) == [2026, 2027, 2028]
    states = {year: {step.id: step.state for step in cycle.steps} for year, cycle in found.items()}
    assert states[2028]["collection"] == "open"
    assert states[2028]["compilation"] == "coming"
    assert states[2027]["directive"] in ("done", "late")  # late while a unit has not scheduled
    assert states[2026]["communication"] == "done"
    assert states[2026]["follow_up"] in ("open", "coming")
    assert any("2025" in sentence for sentence in said)
    collection = found[2028].steps[0]
    assert 0 < collection.answered < collection.total


def test_a_version_was_deployed_before_what_it_rules(made: tuple) -> None:
    _given, database, _clock, _said = made
    ruled = sa.select(definition.c.deployed_at, instance.c.started_at).join_from(instance, definition)
    with database.page() as tx:
        assert all(row.deployed_at < row.started_at <= TODAY for row in tx.rows(ruled))


def test_the_real_needs_of_the_survey_are_the_proposals(made: tuple) -> None:
    _given, database, _clock, _said = made
    with database.page() as tx:
        (lived,) = [found for found in playing.lived(tx, "annual_plan") if found.plan_year == 2026]
        proposals = sa.select(record).where(record.c.instance_id == lived.id, record.c.type == "proposal")
        kinds = [row.values["training_type"] for row in tx.rows(proposals.where(record.c.withdrawn.is_(False)))]
    needs = [need["training_type"] for need in survey()]
    assert len(needs) == 22
    assert set(kinds) <= set(needs)
    assert len(set(kinds)) == len(kinds) > 5


def test_a_need_keeps_the_numbers_of_its_survey() -> None:
    first = survey()[0]
    assert first["reason"].endswith(
        "8 % behovet som akut, 72 % som värdefullt, 20 % som intressant och 0 % som inte aktuellt."
    )
    assert {need["target_group"] for need in survey()} == {"health_care_employees", "all_managers"}


def test_mails_lie_in_the_mailbox_and_nobody_is_told_twice_of_one_thing(made: tuple) -> None:
    _given, database, _clock, _said = made
    with database.page() as tx:
        sent = mails.sent_mails(tx, 5000)
    assert sent
    assert {mail.state for mail in sent} == {"sent"}
    assert all(mail.address.endswith("@region.example") for mail in sent)
    assert {mail.sent_at.astimezone(STOCKHOLM).year for mail in sent} == {2024, 2025, 2026}


def test_a_real_installation_does_not_serve_a_demo(made: tuple) -> None:
    given, _database, _clock, _said = made
    with pytest.raises(SettingsError, match="påhittade personer"):
        open_installation(given, SystemClock())


def test_a_second_start_goes_on_where_the_first_stopped(made: tuple) -> None:
    given, database, clock, _said = made
    demo.keep_time(database, clock)
    again, its_clock = demo.open_demo(given, say=pytest.fail)
    again.dispose()
    assert abs(its_clock.offset - clock.offset).total_seconds() < 1


def test_an_interrupted_beginning_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings.read(data=tmp_path)

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_play", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo.open_demo(given, say=lambda _sentence: None, managers=12, now=TODAY)
    assert not (tmp_path / "arshjul.db").exists()
    monkeypatch.setattr(demo, "_play", lambda *_arguments: None)
    database, _clock = demo.open_demo(given, say=lambda _sentence: None, managers=12, now=TODAY)
    with database.page() as tx:
        assert len(identity.units(tx)) > 5
    database.dispose()


def test_the_clock_goes_to_the_morning_of_the_next_event_and_its_mails_go_out(made: tuple) -> None:
    given, database, clock, _said = made
    bar = DemoClock(database, clock, given.address)
    coming = next_event(database, clock)
    assert coming is not None
    assert bar.next_event() == said(coming)
    now = clock.now().astimezone(STOCKHOLM)
    assert now >= coming.due_at
    assert (now.hour, now.minute) == (8, 0)
    bar.move_to(date(2026, 12, 2))
    with database.page() as tx:
        reminded = [
            m for m in mails.sent_mails(tx, 5000) if m.sent_at.astimezone(STOCKHOLM).date() == date(2026, 12, 1)
        ]
    assert reminded


def test_invented_people_answer_everything_until_a_day(made: tuple) -> None:
    given, database, clock, _said = made
    DemoClock(database, clock, given.address).play_until(date(2027, 2, 15))
    with database.page() as tx:
        found = {c.plan_year: c for c in cycles.overview(tx, clock.now(), live_only=False) if c.key == "annual_plan"}
        someone = next(
            p for p in identity.people(tx) if p.id == identity.holders(tx, "hr_strateg", date(2027, 2, 15))[0].person_id
        )
        assert inbox(tx, Actor(someone.id, someone.name), clock.now()).done
    assert found[2026].state == "completed"
    states = {step.id: step.state for step in found[2028].steps}
    assert (states["collection"], states["compilation"]) == ("done", "done")
