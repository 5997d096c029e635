"""The auditor's questions, answered from what a played plan left in records and history."""

import re
from datetime import date
from typing import Any

import pytest
from support.stages import WorldAt, needs, ranked
from support.world import WORKFLOWS, World

from engine import access_log, deployments, inquiries
from engine.actor import SYSTEM


def answers(world: World, record_id: int) -> dict[str, str]:
    """Each part's sentences in Swedish, by the part's id; none may have failed."""
    with world.page() as tx:
        told = inquiries.inquiry(tx, record_id, world.now)
    assert not [part.id for part in told.parts if part.failed]
    return {
        part.id: " ".join(line.text.fill({n: in_swedish(v) for n, v in line.values.items()}).sv for line in part.lines)
        for part in told.parts
    }


def in_swedish(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else getattr(value, "sv", value)


def item(world: World, title: str) -> int:
    found: int = world.items(2027)[title].id
    return found


def test_the_way_of_an_intervention_goes_from_the_need_to_its_occasions(world_at: WorldAt) -> None:
    world = world_at("november")
    told = answers(world, item(world, "Hjärt-lungräddning"))
    assert "lämnades in av Tora Påhitt, Medicinkliniken, 2025-11-03" in told["need"]
    assert "sammanställdes" in told["compilation"]
    assert "plats 1" in told["priority"]
    assert told["review"].count("tillstyrker (omgång 1") == 4
    assert "Planen antogs 2026-03-23" in told["decision"]
    assert "registrerat av Rdsek Påhitt" in told["decision"]
    assert "Tillfälle 2027-03-15" in told["occasions"]


def test_review_came_before_decision_and_managers_were_told_in_time(world_at: WorldAt) -> None:
    world = world_at("november")
    told = answers(world, item(world, "Hjärt-lungräddning"))
    assert told["review-before-decision"].startswith("Ja. Översynen sammanställdes 2026-03-02")
    assert told["told-in-time"].startswith("Ja. Årsplaneringen skickades till 12 chefsbefattningar 2026-10-05")
    assert "Årshjulets meddelande om årsplaneringen gick till 10 personer 2026-10-05." in told["told-in-time"]
    assert "Besked om beslutet lämnades till" in told["told-in-time"]
    assert told["why-in-plan"].startswith("Den bygger på 1 förslag.")


def test_the_board_got_the_matter_that_was_subject_to_funding_and_no_other(world_at: WorldAt) -> None:
    world = world_at("november")
    assert answers(world, item(world, "Palliativ vård"))["board"].startswith("Ja. Regionstyrelsen svarade")
    assert "behövde inte tas dit" in answers(world, item(world, "Ledarskap"))["board"]


def test_before_the_board_has_answered_the_page_says_that_it_is_missing(world_at: WorldAt) -> None:
    world = world_at("decided")
    assert answers(world, item(world, "Palliativ vård"))["board"].startswith("Nej, inte än.")
    assert "inte skickad än" in answers(world, item(world, "Palliativ vård"))["told-in-time"]


TAKEN = [{"measure": "Fel per månad", "measured_on": "2027-02-01", "value": "12"}]
AFTER = [{"measure": "Fel per månad", "measured_on": "2027-04-01", "value": "9"}]
PLANNED = [{"measure": "Fel per månad", "measured_on": "2027-02-01", "value": None}]


@pytest.mark.parametrize(
    ("stage", "due", "baseline", "said"),
    [
        ("november", "2027-02-15", TAKEN, "Ja. Ett utgångsvärde togs före tillfället 2027-03-15."),
        ("november", None, TAKEN, "Ja. Ett utgångsvärde togs före tillfället 2027-03-15."),
        ("november", "2027-02-15", AFTER, "Nej. Utgångsvärdet skulle tas senast 2027-02-15, men inget värde"),
        ("november", "2027-02-15", PLANNED, "Nej. Utgångsvärdet skulle tas senast 2027-02-15, men inget värde"),
        ("november", None, None, "Nej. Inget utgångsvärde är bestämt före tillfället 2027-03-15."),
        ("november", "2027-03-15", PLANNED, "Nej. Inget utgångsvärde är bestämt före tillfället 2027-03-15."),
        ("directed", "2027-02-15", PLANNED, "Inte än. Utgångsvärdet ska tas senast 2027-02-15, före tillfället"),
        ("directed", None, None, "Nej. Inget utgångsvärde är bestämt före tillfället 2027-03-15."),
    ],
)
def test_a_baseline_counts_when_a_value_was_taken_before_the_training_not_when_it_was_planned(
    world_at: WorldAt, stage: str, due: str | None, baseline: Any, said: str
) -> None:
    world = world_at(stage)
    record = world.items(2027)["Hjärt-lungräddning"]
    world.change_record(record, effect_levels=["behaviour"], baseline=baseline, baseline_due=due)
    told = answers(world, record.id)["baseline"]
    assert said in told
    assert sum(told.count(word) for word in ("Ja.", "Nej.", "Inte än.")) == 1, told


def test_a_statutory_need_that_was_passed_over_is_told_from_both_sides_with_the_reason(world_at: WorldAt) -> None:
    world = world_at("preparing")
    order = ["Fallskador", *(title for title in world.items(2027) if title != "Fallskador")]
    answer = ranked(world, statutory=["Basal hygien"], costly=[], order=order)
    titles = {row.id: title for title, row in world.items(2027).items()}
    for row in answer["items"]:
        if row["is_statutory"] != "yes":
            row["priority_exception"] = f"Undantag för {titles[row['record']]}"
    world.answer(world.open("preparation", 2027)[0], "argus", answer)
    passed, passing = (answers(world, item(world, t))["statutory-passed-over"] for t in ("Basal hygien", "Fallskador"))
    assert "Ja. ”Fallskador” är inte lagstyrt" in passed
    assert "Undantag för Fallskador" in passed
    assert "före det lagstyrda ”Basal hygien”" in passing


def test_a_proposal_that_left_says_its_outcome_reason_and_receiver(world_at: WorldAt) -> None:
    world = world_at("compiling")
    (task,) = world.open("compilation", 2027)
    answer = world.sample(task, "hr")
    row = answer["proposals"][0]
    row.update(outcome="passed_to_process", outcome_reason="Gäller kompetensförsörjning", receiver="HR-chefen")
    world.answer(task, "hr", answer)
    told = answers(world, row["record"])["why-not"]
    assert told == (
        "Nej. Förslaget lämnades till en annan process 2026-01-02 av Hr Påhitt. "
        "Motivering: Gäller kompetensförsörjning. Mottagare: HR-chefen."
    )


def test_a_need_that_is_not_in_the_plan_says_who_decided_and_when(world_at: WorldAt) -> None:
    world = world_at("deciding")
    (task,) = world.open("decision", 2027)
    answer = world.sample(task, "rdsek")
    rejected = next(row for row in answer["item_outcomes"] if row["record"] == item(world, "Ledarskap"))
    rejected.update(outcome="rejected", item_reason="Ryms inte")
    answer.update(outcome="approved_with_changes", motivation="Budgeten")
    world.answer(task, "rdsek", answer)
    proposal = next(row for row in world.records("proposal", 2027) if row.values["training_type"] == "Ledarskap")
    told = answers(world, proposal.id)["why-not"]
    assert "Beslutet blev: ingår inte. Motivering: Ryms inte. Registrerat 2026-03-23 av Rdsek Påhitt." in told
    assert "Beslut om planen av " in told
    assert "planen antogs med ändringar" in told
    assert told.startswith("Nej.")
    other = next(row for row in world.records("proposal", 2027) if row.values["training_type"] == "Hjärt-lungräddning")
    included = answers(world, other.id)["why-not"]
    assert included.startswith("Ja. Förslaget blev insatsen ”Hjärt-lungräddning”, som ingår.")
    assert "Beslut om planen av " in included


def test_the_history_says_what_was_decided_newest_first(world_at: WorldAt, reader: Any) -> None:
    world = world_at("decided")
    browser = reader(world, "revi")
    page = browser.get(f"/history/{world.instance(2027).id}?kind=tasks")
    assert re.search(r"Beslut av [^<]+, registrerat av Rdsek Påhitt: antar planen \(”[^”]+”\)", page)
    assert re.search(r"Yttrande av [^<]+, registrerat av [^<]+: tillstyrker \(”", page)
    for address in ("/history", f"/history/{world.instance(2027).id}"):
        times = re.findall(r'<time datetime="([^"]+)"', browser.get(address))
        assert times == sorted(times, reverse=True)
        assert len(set(times)) > 1


def test_two_answers_to_the_follow_up_question_are_told_apart(world_at: WorldAt, reader: Any) -> None:
    world = world_at("november")
    task = next(t for t in world.open("follow_up_question") if t.unit_id == "hs-1" and t.plan_year == 2029)
    world.answer(task, "tora", {"follow_up_answer": "Bra", "carried_out_as_planned": "Ja"})
    page = reader(world, "revi").get(f"/history/{task.instance_id}?kind=records")
    titles = re.findall(r"Nytt: svar på uppföljningsfrågan ”([^”]+)”", page)
    assert sorted(titles) == ["Genomförandet av 2027, Medicinkliniken", "Planeringen för 2028, Medicinkliniken"]


def test_a_reason_that_ends_with_a_full_stop_does_not_get_another(world_at: WorldAt, reader: Any) -> None:
    world = world_at("compiling")
    (task,) = world.open("compilation", 2027)
    answer = world.sample(task, "hr")
    row = answer["proposals"][0]
    row.update(outcome="passed_to_process", outcome_reason="Gäller kompetensförsörjning.", receiver="HR-chefen")
    world.answer(task, "hr", answer)
    page = reader(world, "revi").get(f"/plan-items/{row['record']}")
    assert "Motivering: Gäller kompetensförsörjning. Mottagare: HR-chefen." in page


def test_the_page_answers_in_the_readers_language_and_the_reading_is_noted(world_at: WorldAt, reader: Any) -> None:
    world = world_at("november")
    record_id, browser = item(world, "Palliativ vård"), reader(world, "revi")
    page = browser.get(f"/plan-items/{record_id}")
    assert browser.status == 200
    assert "Ja. Regionstyrelsen svarade" in page
    assert "Motivering: inte angivet." in page
    assert 'href="#board"' in page
    browser.page = page.replace("<header", "<main", 1)
    browser.post("/language/en")
    assert "Did the board get the matter it should have?" in browser.get(f"/plan-items/{record_id}")
    with world.page() as tx:
        assert f"record {record_id}" in {row.target for row in access_log.search(tx).entries}


def test_every_intervention_and_proposal_is_a_click_from_the_history(world_at: WorldAt, reader: Any) -> None:
    world = world_at("deciding")
    browser = reader(world, "revi")
    instance_id = world.instance(2027).id
    assert f"/history/{instance_id}/items" in browser.get(f"/history/{instance_id}")
    page = browser.get(f"/history/{instance_id}/items")
    for record in [*world.records("plan_item", 2027), *world.records("proposal", 2027)]:
        assert f'href="/plan-items/{record.id}"' in page
    browser.get(f"/plan-items/{world.records('statement', 2027)[0].id}")
    assert browser.status == 404


def test_who_may_not_read_the_history_does_not_reach_the_page(world_at: WorldAt, reader: Any) -> None:
    world = world_at("deciding")
    browser = reader(world, "tora")
    for path in ("/plan-items/11", f"/history/{world.instance(2027).id}/items"):
        browser.get(path)
        assert browser.status == 403, path


def test_an_instance_without_the_packages_questions_has_a_page_for_each_record(sqlite_url: str, reader: Any) -> None:
    """A running instance keeps the files it began with; an older version may have no audit.toml."""
    world = World(sqlite_url, today="2026-11-02")
    files = deployments.read_folder(WORKFLOWS / world.key)
    del files["audit.toml"]
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, files, by=SYSTEM, now=world.now)
    world.start(2028)
    world.answer(world.open_of("collection", "chef-hs-1"), "tora", needs("Palliativ vård"))
    (proposal, *_) = world.records("proposal", 2028)
    browser = reader(world)
    page = browser.get(f"/history/{proposal.instance_id}/items")
    assert f'href="/plan-items/{proposal.id}"' in page
    page = browser.get(f"/plan-items/{proposal.id}")
    assert browser.status == 200
    assert proposal.values["training_type"] in page
    assert "Versioner" in page
    assert "Frågor och svar" not in page
    world.close()
