"""Every route, each kind of person, their own object, somebody else's and one that does not exist: who gets what.

A new route fails here until it stands in ROUTES.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.doors import (
    ABSENCE_OF,
    ABSENT,
    ADMINISTRATOR,
    ALL,
    AUDITOR,
    BEHIND_SECRET,
    CYCLE_VERBS,
    HR,
    HR_ALONE,
    HR_HEAD,
    HR_HEAD_ALONE,
    LEADERS,
    MANY,
    NOBODY,
    OWN,
    READERS,
    Case,
    activity_of,
    attachment,
    cycle,
    door,
    many_at_once,
    own_rehearsal,
    participant,
    sent_in,
    several,
    step,
    task,
)
from support.world import World

from engine import access_log

ROUTES: Mapping[tuple[str, str], list[Case]] = {
    ("GET", "auth.sign_in"): door("/sign-in", ALL),
    ("POST", "auth.check_sign_in"): door("/sign-in", ALL),
    ("POST", "auth.sign_out"): door("/sign-out", ALL),
    ("GET", "pages.accessibility"): door("/accessibility", ALL),
    ("GET", "pages.about"): door("/about", ALL),
    ("POST", "pages.language"): [Case("/language/en", ALL, ALL), Case("/language/xx", ALL, NOBODY)],
    ("GET", "static"): [Case("/static/img/icon.svg", ALL, ALL), Case("/static/nothing.js", ALL, NOBODY)],
    ("GET", "tasklist.inbox"): door("/", ALL),
    ("GET", "tasklist.group"): step(),
    ("GET", "tasklist.quick_all"): step("/quick"),
    ("POST", "tasklist.give_quick_all"): step("/quick"),
    ("GET", "tasklist.task"): task(read=True),
    ("GET", "tasklist.receipt"): task("/receipt", read=True),
    ("GET", "tasklist.quick"): task("/quick", read=True),
    ("POST", "tasklist.view"): task("/view", read=True),
    ("POST", "tasklist.send"): task(),
    ("POST", "tasklist.draft"): task("/draft"),
    ("POST", "tasklist.discard"): task("/draft/discard", read=True),
    ("POST", "tasklist.claim"): task("/claim"),
    ("POST", "tasklist.release"): task("/release"),
    ("POST", "tasklist.take_back"): task("/take-back"),
    ("POST", "tasklist.give_quick"): task("/quick"),
    ("GET", "tasklist.task_comments"): task("/comments", read=True),
    ("POST", "tasklist.add_comment"): [Case("/tasks/{task}/comments", ALL, LEADERS | OWN, unable=frozenset({AUDITOR}))],
    ("POST", "tasklist.withdraw_comment"): [Case(f"/comments/{ABSENT}/withdraw", ALL, NOBODY)],
    ("GET", "tasklist.task_attachments"): task("/attachments", read=True),
    ("POST", "tasklist.attach"): [
        Case("/tasks/{task}/attachments", ALL, READERS | OWN),
        Case(f"/tasks/{ABSENT}/attachments", ALL, NOBODY),
    ],
    ("GET", "tasklist.attachment"): attachment(""),
    ("GET", "tasklist.removal"): attachment("/remove"),
    ("POST", "tasklist.remove_attachment"): [
        Case("/attachments/{attachment}/remove", ALL, HR_ALONE | OWN, unable=frozenset({HR_HEAD, AUDITOR})),
        Case(f"/attachments/{ABSENT}/remove", ALL, NOBODY),
    ],
    ("GET", "tasklist.hand_over"): task("/hand-over", read=True),
    ("POST", "tasklist.do_hand_over"): task("/hand-over", read=True),
    ("POST", "tasklist.recall"): [Case("/tasks/{task}/recall", ALL, NOBODY, unable=OWN)],
    ("GET", "tasklist.follow_up"): task("/follow-up", read=True),
    ("POST", "tasklist.set_follow_up"): task("/follow-up", read=True),
    ("POST", "tasklist.save_filter"): door("/filters", ALL),
    ("POST", "tasklist.remove_filter"): door("/filters/remove", ALL),
    ("POST", "tasklist.choose_many"): door("/bulk", ALL),
    ("GET", "tasklist.many"): several(""),
    ("POST", "tasklist.order_many"): several(""),
    ("POST", "tasklist.continue_many"): several("/go"),
    ("GET", "absence.mine"): door("/absence", ALL),
    ("GET", "absence.other"): door("/absence/other", ALL),
    ("POST", "absence.choose_other"): door("/absence/other", ALL),
    ("GET", "absence.new"): ABSENCE_OF,
    ("POST", "absence.save"): ABSENCE_OF,
    # HR comes first in PEOPLE: once she has ended it, nobody else finds it.
    ("POST", "absence.end"): [
        Case("/absence/{absence}/end", ALL, HR_ALONE),
        Case(f"/absence/{ABSENT}/end", ALL, NOBODY),
    ],
    ("GET", "personal.settings"): door("/settings", ALL),
    ("POST", "personal.save_settings"): door("/settings", ALL),
    ("POST", "personal.change_password"): door("/settings/password", ALL),
    ("POST", "personal.make_calendar"): door("/settings/calendar", ALL),
    ("POST", "personal.revoke_calendar"): door("/settings/calendar/revoke", ALL),
    ("GET", "personal.calendar_file"): [Case("/calendar/nothing.ics", ALL, NOBODY)],
    ("GET", "cockpit.overview"): door("/cycles", LEADERS),
    ("GET", "cockpit.ended"): door("/cycles/ended", LEADERS),
    ("GET", "cockpit.cycle"): cycle("", LEADERS),
    ("GET", "cockpit.diagram"): cycle("/diagram", READERS),
    ("GET", "cockpit.event"): cycle("/events/nothing", LEADERS, exists=False),
    ("POST", "cockpit.send_event"): cycle("/events/nothing", LEADERS, exists=False),
    ("GET", "cockpit.fault"): cycle("/faults/{fault}", HR_ALONE),
    ("POST", "cockpit.try_again"): cycle("/faults/{fault}", HR_ALONE),
    ("GET", "cockpit.window"): cycle("/window/collection", HR_ALONE),
    ("POST", "cockpit.window"): cycle("/window/collection", HR_ALONE),
    ("GET", "cockpit.campaign"): door("/activities/{activity}", LEADERS, absent=f"/activities/{ABSENT}"),
    ("GET", "cockpit.campaign_csv"): door("/activities/{activity}/campaign.csv", LEADERS),
    ("GET", "cockpit.remind"): activity_of("/remind"),
    ("POST", "cockpit.remind"): activity_of("/remind"),
    ("GET", "cockpit.add_participant"): door(
        "/activities/{activity}/add", HR_ALONE, absent=f"/activities/{ABSENT}/add"
    ),
    ("POST", "cockpit.add_participant"): door(
        "/activities/{activity}/add", HR_ALONE, absent=f"/activities/{ABSENT}/add"
    ),
    ("GET", "cockpit.excuse"): participant("/excuse"),
    ("POST", "cockpit.excuse"): participant("/excuse"),
    ("GET", "cockpit.change_day"): participant("/day"),
    ("POST", "cockpit.change_day"): participant("/day"),
    ("GET", "cockpit.hand_over"): door(
        "/participants/{task}/person", HR_ALONE, absent=f"/participants/{ABSENT}/person"
    ),
    ("POST", "cockpit.hand_over"): door(
        "/participants/{task}/person", HR_ALONE, absent=f"/participants/{ABSENT}/person"
    ),
    ("GET", "cockpit.operate_cycle"): [c for v in CYCLE_VERBS for c in cycle(f"/{v}", HR_ALONE)],
    ("POST", "cockpit.operate_cycle"): [c for v in CYCLE_VERBS for c in cycle(f"/{v}", HR_ALONE)],
    ("GET", "cockpit.assign"): door("/assign", HR_ALONE),
    ("POST", "cockpit.assign_many"): door("/assign", HR_ALONE),
    ("GET", "cockpit.migrate_all"): door(
        "/processes/annual_plan/migrate", HR_ALONE, absent="/processes/nothing/migrate"
    ),
    ("POST", "cockpit.migrate_all"): door(
        "/processes/annual_plan/migrate", HR_ALONE, absent="/processes/nothing/migrate"
    ),
    ("GET", "cockpit.process"): door("/processes/annual_plan", LEADERS, absent="/processes/nothing"),
    ("GET", "cockpit.start_many"): MANY,
    ("POST", "cockpit.start_from_file"): MANY,
    ("GET", "cockpit.start_many_template"): door(
        "/processes/annual_plan/start-many.csv", HR_ALONE, absent="/processes/nothing/start-many.csv"
    ),
    ("GET", "cockpit.batches"): door("/batches", HR_ALONE),
    ("GET", "cockpit.batch"): many_at_once(""),
    ("GET", "cockpit.batch_items"): many_at_once("/items.csv"),
    ("POST", "cockpit.begin_batch"): many_at_once("/begin"),
    ("GET", "cockpit.steer_batch"): [*many_at_once("/pause"), Case("/batches/{batch}/nothing", HR_ALONE, NOBODY)],
    ("POST", "cockpit.steer_batch"): many_at_once("/pause"),
    ("GET", "cockpit.move_process"): activity_of("/move"),
    ("POST", "cockpit.move_process"): activity_of("/move"),
    ("GET", "cockpit.definition"): door("/definitions/1/diagram.bpmn", READERS),
    ("GET", "cockpit.versions"): door("/deployments", READERS),
    ("GET", "cockpit.package"): door(
        "/definitions/1/package.zip", HR_ALONE, absent=f"/definitions/{ABSENT}/package.zip"
    ),
    ("GET", "cockpit.upload"): door("/deployments/upload", HR_ALONE),
    ("POST", "cockpit.read_upload"): door("/deployments/upload", HR_ALONE),
    ("GET", "cockpit.staged"): sent_in(""),
    ("POST", "cockpit.deploy"): sent_in(""),
    ("GET", "cockpit.staged_diagram"): sent_in("/diagram.bpmn"),
    # HR comes first in PEOPLE: once she has removed it, nobody else finds it.
    ("POST", "cockpit.discard"): sent_in("/discard"),
    ("GET", "cockpit.start"): door("/start", HR_ALONE),
    ("POST", "cockpit.start"): door("/start", HR_ALONE),
    ("GET", "cockpit.work_ahead"): door("/workload", LEADERS),
    ("GET", "cockpit.work_list"): door("/workload/tasks", LEADERS),
    ("GET", "cockpit.work_csv"): door("/workload.csv", LEADERS),
    ("GET", "cockpit.timing"): door("/timings", LEADERS),
    ("GET", "cockpit.timing_csv"): door("/timings.csv", LEADERS),
    ("GET", "cockpit.wheel_addresses"): door("/wheel-links", HR_ALONE),
    ("POST", "cockpit.make_wheel_address"): door("/wheel-links", HR_ALONE),
    ("POST", "cockpit.revoke_wheel_address"): door(
        "/wheel-links/{wheel_link}/revoke", HR_ALONE, absent=f"/wheel-links/{ABSENT}/revoke"
    ),
    ("GET", "cockpit.embedded_wheel"): [Case("/wheel/{wheel}", ALL, ALL), Case("/wheel/nothing", ALL, NOBODY)],
    ("GET", "cockpit.embedded_picture"): [
        Case("/wheel/{wheel}.svg", ALL, ALL),
        Case("/wheel/nothing.svg", ALL, NOBODY),
    ],
    ("GET", "cockpit.rehearsals"): door("/rehearsals", LEADERS),
    ("POST", "cockpit.ask_rehearsal"): door("/rehearsals", LEADERS),
    # Each sees her own alone: HR's head, who asked for this one.
    ("GET", "cockpit.rehearsal"): own_rehearsal(""),
    ("GET", "cockpit.rehearsal_csv"): own_rehearsal("/calendar.csv"),
    ("POST", "cockpit.discard_rehearsal"): [
        Case("/rehearsals/{spare}/discard", LEADERS, HR_HEAD_ALONE),
        Case(f"/rehearsals/{ABSENT}/discard", LEADERS, NOBODY),
    ],
    ("GET", "cockpit.organisation"): door("/organisation", LEADERS | {ADMINISTRATOR}),
    ("GET", "cockpit.organisation_import"): door("/organisation/import", frozenset({ADMINISTRATOR})),
    ("POST", "cockpit.import_organisation"): door("/organisation/import", frozenset({ADMINISTRATOR})),
    ("GET", "audit.search"): door("/history", READERS),
    ("GET", "audit.timeline"): door("/history/{instance}", READERS, absent=f"/history/{ABSENT}"),
    ("GET", "audit.timeline_csv"): door("/history/{instance}.csv", READERS, absent=f"/history/{ABSENT}.csv"),
    ("GET", "audit.export_ndjson"): door("/history/export.ndjson", READERS),
    ("GET", "audit.newest_checkpoint"): door("/history/checkpoint.json", READERS),
    ("POST", "audit.verify"): door("/history/verify", READERS),
    ("GET", "audit.verification"): door(
        "/history/verifications/{verification}", READERS, absent=f"/history/verifications/{ABSENT}"
    ),
    # Whoever comes first ends it; the others come back to its page.
    ("GET", "audit.cancel_verification"): door(
        "/history/verifications/{verification}/cancel", READERS, absent=f"/history/verifications/{ABSENT}/cancel"
    ),
    ("POST", "audit.cancel_verification"): door(
        "/history/verifications/{verification}/cancel", READERS, absent=f"/history/verifications/{ABSENT}/cancel"
    ),
    ("GET", "audit.accesses"): door("/history/access-log", READERS),
    ("GET", "audit.accesses_csv"): door("/history/access-log.csv", READERS),
    ("GET", "audit.export_csv"): door("/history/export.csv", READERS),
    ("GET", "audit.export_xes"): door("/history/export.xes", READERS),
    ("POST", "audit.signed_bundle"): door("/history/bundle.zip", READERS),
    ("GET", "audit.plan_item"): [Case(f"/plan-items/{ABSENT}", READERS, NOBODY)],
    ("GET", "audit.items"): door("/history/{instance}/items", READERS, absent=f"/history/{ABSENT}/items"),
    ("GET", "audit.earlier"): door("/history/{instance}/as-of", READERS, absent=f"/history/{ABSENT}/as-of"),
    ("GET", "audit.departures"): door(
        "/history/{instance}/departures", READERS, absent=f"/history/{ABSENT}/departures"
    ),
    ("GET", "audit.departures_csv"): door(
        "/history/{instance}/departures.csv", READERS, absent=f"/history/{ABSENT}/departures.csv"
    ),
    ("GET", "erasing.start"): door("/erasures", HR_ALONE),
    ("POST", "erasing.preview"): door("/erasures/preview", HR_ALONE),
    ("POST", "erasing.erase"): door("/erasures", HR_ALONE),
    ("GET", "demo.choose"): door("/demo", ALL),
    ("POST", "demo.sign_in_as"): [Case("/demo/sign-in", ALL, NOBODY)],
    ("POST", "demo.move_clock"): door("/demo/clock", ALL),
    ("GET", "demo.mailbox"): door("/demo/mailbox", ALL),
    ("GET", "demo.mail"): [Case("/demo/mailbox/{mail}", ALL, ALL), Case(f"/demo/mailbox/{ABSENT}", ALL, NOBODY)],
}


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.endpoint


def test_every_route_stands_in_the_table_and_nothing_else_does(app: Flask) -> None:
    assert set(routes(app)) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_each_person_gets_what_the_table_says(
    route: tuple[str, str],
    without_tokens: None,
    clients: dict[str, FlaskClient],
    facts: dict[str, object],
    app: Flask,
    world: World,
) -> None:
    if route == ("POST", "auth.sign_out"):
        return  # tested with a session of its own
    for case in ROUTES[route]:
        for person, client in clients.items():
            path = case.path.format(**facts)
            with client.open(path, method=route[0]) as answer:
                answer.get_data()
            assert answer.status_code in case.expected(person), (person, path)
            assert "/sign-in" not in answer.headers.get("Location", ""), (person, path)
            if answer.status_code in (403, 404) and route[1] != "static":
                assert (person, path, str(answer.status_code)) in refusals(world), (person, path)


def refusals(world: World) -> set[tuple[str, str, str]]:
    with world.page() as tx:
        return {(entry.person_id, entry.target, entry.outcome) for entry in access_log.search(tx, limit=20).entries}


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_who_is_not_signed_in_is_sent_to_sign_in_unless_the_page_is_public(
    route: tuple[str, str], without_tokens: None, app: Flask, facts: dict[str, object]
) -> None:
    public = route[1].startswith(("auth.", "pages.", "demo.")) or route[1] in BEHIND_SECRET | {"static"}
    for case in ROUTES[route]:
        with app.test_client().open(case.path.format(**facts), method=route[0]) as answer:
            answer.get_data()
        sent_away = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        assert sent_away != (public and route[1] != "auth.sign_out"), case.path
        assert answer.status_code < 500


@pytest.mark.parametrize("route", [route for route in ROUTES if route[0] == "POST"], ids=" ".join)
def test_a_forged_post_of_someone_signed_in_is_refused(
    route: tuple[str, str], clients: dict[str, FlaskClient], facts: dict[str, object]
) -> None:
    for case in ROUTES[route]:
        assert clients[HR].post(case.path.format(**facts)).status_code == 400, case.path


@pytest.fixture
def without_tokens(app: Flask) -> Iterator[None]:
    """Posts pass without the token against forgery, so that the doors behind it answer."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True
