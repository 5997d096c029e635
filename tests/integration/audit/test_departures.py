"""What happened against the guideline, paragraph by paragraph, with reasons."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.stages import WorldAt, ranked
from support.world import World, at

from engine import deviations, identity


def report(world: World) -> deviations.Report:
    with world.page() as tx:
        return deviations.report(tx, world.instance(2027).id, world.now)


def test_a_plan_that_kept_its_windows_says_so_and_names_the_silent(world_at: WorldAt) -> None:
    found = report(world_at("deciding"))
    visits = {visit.element_id: visit for paragraph in found.paragraphs for visit in paragraph.visits}
    assert visits["review"].verdict == "kept"
    assert visits["collection"].verdict == "kept"
    assert visits["collection"].silent == len(visits["collection"].silent_names) > 0
    assert visits["decision"].verdict == "not_yet"
    assert found.disorder == []


def test_a_unit_of_which_somebody_answered_is_not_called_silent(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path / 'two.db'}")
    with world.database.verb() as tx:
        identity.add_position(tx, "chef-hs-1-2", "chef", "hs-1", "Biträdande chef")
        identity.add_holding(tx, "chef-hs-1-2", "hans")
    world.start(2027)
    world.go_to("2025-11-05")
    world.answer(world.task("collection", "chef-hs-1"), "tora")
    world.go_to("2026-01-02")
    (visit,) = [v for p in report(world).paragraphs for v in p.visits if v.element_id == "collection"]
    world.close()
    unit = [name for name in visit.silent_names if "Medicin" in name]
    assert unit == ["Medicinkliniken (Biträdande chef)"]


def test_a_moved_day_is_told_with_its_reason_and_a_late_step_as_late(world_at: WorldAt) -> None:
    world = world_at("deciding")
    world.go_to("2026-04-02")
    world.move("decision", 2027, "2026-04-10", "Sammanträdet flyttades", by="hr")
    (move,) = [move for paragraph in report(world).paragraphs for move in paragraph.moves]
    assert (move.old, move.new, move.reason) == ("2026-03-31", "2026-04-10", "Sammanträdet flyttades")
    world.go_to("2026-04-20")
    visits = {v.element_id: v.verdict for p in report(world).paragraphs for v in p.visits}
    assert visits["decision"] == "overdue"


def test_a_step_open_past_its_last_day_is_late_when_not_all_had_answered_and_tells_how_many_came_after(
    world_at: WorldAt, reader: Any
) -> None:
    world = world_at("directed")
    world.answer(world.task("unit_scheduling", "chef-hs-4"), "hilda")
    world.go_to("2026-11-05")
    world.answer(world.task("unit_scheduling", "chef-hs-1"), "tora")
    world.go_to("2027-01-02")
    (visit,) = [v for p in report(world).paragraphs for v in p.visits if v.element_id == "unit_scheduling"]
    assert (visit.verdict, visit.after) == ("late", 1)
    assert visit.silent == visit.total - 2
    page = reader(world, "revi").get(f"/history/{world.instance(2027).id}/departures")
    assert f"efter sista dagen. 1 av {visit.total} svarade efter sista dagen. Inget svar från: " in page


@pytest.mark.parametrize(
    ("days", "was_late", "missed", "verdict"),
    [
        ({"due": 20, "closes": 31, "ended": 25}, False, 1, "late"),
        ({"due": 20, "closes": 31, "ended": 25}, False, 0, "kept"),
        ({"due": 20, "closes": 31, "ended": 19}, False, 1, "kept"),
        ({"due": 20, "closes": 31, "ended": 20}, False, 1, "kept"),
        ({"due": 20, "closes": 20, "ended": 25}, False, 1, "kept"),
        ({"due": 20, "closes": 20, "ended": 25}, True, 0, "late"),
        ({"due": 20, "closes": 31, "ended": None}, False, 1, "not_yet"),
    ],
)
def test_a_step_is_late_by_its_own_end_or_by_who_was_missing_when_its_last_day_was_over(
    days: dict[str, int | None], was_late: bool, missed: int, verdict: str
) -> None:
    on = {f"{name}_at": at(f"2026-03-{day}") if day else None for name, day in days.items()}
    step: Any = SimpleNamespace(state="completed", was_late=was_late, late=False, **on)
    assert deviations._verdict(step, missed) == verdict


def test_an_exception_from_the_statutory_order_stands_under_its_paragraph_with_the_reason(world_at: WorldAt) -> None:
    world = world_at("preparing")
    order = ["Fallskador", *(title for title in world.items(2027) if title != "Fallskador")]
    answer = ranked(world, statutory=["Basal hygien"], costly=[], order=order)
    for row in answer["items"]:
        if row["is_statutory"] != "yes":
            row["priority_exception"] = "Akut patientsäkerhet"
    world.answer(world.open("preparation", 2027)[0], "argus", answer)
    (paragraph,) = [p for p in report(world).paragraphs if p.guideline == "1.11"]
    (part,) = paragraph.told
    assert not part.failed
    assert any("Akut patientsäkerhet" in str(line.values.values()) for line in part.lines)
    assert any("undantag" in noted.text.sv for noted in paragraph.noted)


def test_paragraphs_stand_in_the_order_of_the_guideline(world_at: WorldAt) -> None:
    names = [paragraph.guideline for paragraph in report(world_at("november")).paragraphs]
    assert names.index("1.9") < names.index("1.11")


def test_the_page_and_its_file_tell_the_same_and_only_to_readers_of_the_history(world_at: WorldAt, reader: Any) -> None:
    world = world_at("deciding")
    path = f"/history/{world.instance(2027).id}/departures"
    browser = reader(world, "revi")
    page = browser.get(path)
    assert browser.status == 200
    assert "Alla lagstyrda behov står före andra." in page
    assert "Inget svar från:" in page
    told = browser.get(f"{path}.csv")
    assert "Alla lagstyrda behov står före andra." in told
    assert "Inget svar från:" in told
    other = reader(world, "tora")
    for one in (path, f"{path}.csv"):
        other.get(one)
        assert other.status == 403
