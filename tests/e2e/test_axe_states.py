"""No accessibility fault in what pages look like when things go wrong, before they happen, with nothing or very much.

Every form that a page shows is sent with nothing written, and every one that looks first is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from lxml import html
from playwright.sync_api import APIResponse, BrowserContext, Page, expect
from support import forms, looking, wandering
from support.large import TALKER
from support.served import TODAY, Served

from engine import errands, verifying
from engine.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WHO = {
    "nobody": None,
    "manager": ("chef-sv-1-1", 0),
    "HR strategist": ("hr_strateg", 0),
    "auditor": ("revisor", 0),
    "administrator": ("systemadministrator", 0),
}
LONG = {
    TALKER: ("/", "/?select=1", "/?late=1"),
    "hr_strateg": (
        "/cycles", "/activities/28", "/activities/28?show=all&q=Nära vård", "/assign", "/workload", "/workload/tasks",
        "/organisation", "/organisation?q=Nära vård", "/batches/1", "/processes/development_talk",
    ),
    "revisor": ("/history", "/history/2", "/history/2/as-of", "/history/2/items", "/history/2/departures"),
}  # fmt: skip
"""Pages of a large region: their lists have a thousand rows, or are cut short of so many."""
LEFT = ("demo.", "auth.sign_out", "pages.")
Sent = Callable[[object, str], tuple[str, dict[str, object]]]


def states(
    full: Served, context: BrowserContext, who: tuple[str, int] | None, fits: Callable[[object], bool], sent: Sent
) -> Iterator[tuple[str, APIResponse]]:
    """What comes of each kind of form that fits, sent in that way: where it went, and the answer."""
    met: set[tuple[str, str]] = set()
    for place in wandering.wander(context.request, full):
        if not place.is_page:
            continue
        for form in html.fromstring(place.text).xpath("//form[@method='post']"):
            action, data = sent(form, place.path)
            key = (forms.kind(action), " ".join(sorted(forms.kind(name) for name in data)))
            left = (wandering.endpoint_of(full.app, action, "POST") or "").startswith(LEFT)
            if left or key in met or not fits(form):
                continue
            met.add(key)
            fields = {name: str(value) for name, value in data.items() if value is not None}
            yield action, context.request.post(full.url + action, form=fields, max_redirects=0)


def shown(page: Page, address: str, answer: APIResponse) -> None:
    """The answer to what was sent, as the browser would show it."""
    kept = {
        name: value for name, value in answer.headers.items() if name in ("content-type", "content-security-policy")
    }
    page.route(address, lambda route: route.fulfill(status=200, headers=kept, body=answer.body()))
    page.goto(address)
    page.unroute(address)


@pytest.mark.parametrize("role", WHO)
def test_no_refused_form_has_a_fault(role: str, full: Served, context: BrowserContext) -> None:
    wandering.sign_in(context.request, full, WHO[role])
    page, found, refused = context.new_page(), list[str](), 0
    for action, answer in states(full, context, WHO[role], forms.is_written_in, forms.emptied):
        assert answer.status < 500, action
        if answer.status in (400, 409, 422):
            refused += 1
            shown(page, full.url + action, answer)
            found += looking.faults_at_both_widths(page, f"refused {role} {action}")
            found += looking.faults_in_other_colours(page, f"refused {role} {action}")
    assert not found, "\n".join(found)
    assert refused >= FEWEST[role]


FEWEST = {"nobody": 1, "manager": 8, "HR strategist": 20, "auditor": 1, "administrator": 1}


def test_no_look_at_what_would_happen_has_a_fault(full: Served, context: BrowserContext) -> None:
    wandering.sign_in(context.request, full, WHO["HR strategist"])
    page, found, looked = context.new_page(), list[str](), 0
    for action, answer in states(full, context, WHO["HR strategist"], forms.looks_first, with_a_reason):
        assert answer.status < 500, action
        if answer.status == 200:
            looked += 1
            shown(page, full.url + action, answer)
            found += looking.faults_at_both_widths(page, f"preview {action}")
            found += looking.faults_in_other_colours(page, f"preview {action}")
    assert not found, "\n".join(found)
    assert looked >= 4


def with_a_reason(form: object, path: str) -> tuple[str, dict[str, object]]:
    action, data = forms.filled(form, path)
    return action, {**data, "reason": "Helgerna kommer emellan"}


def test_an_empty_installation_has_no_fault(quiet: Served, context: BrowserContext) -> None:
    page, found = context.new_page(), list[str]()
    for role in ("manager", "HR strategist", "auditor"):
        wandering.sign_in(context.request, quiet, WHO[role])
        for place in wandering.wander(context.request, quiet):
            if place.is_page and not place.endpoint.startswith(("demo.", "pages.")):
                page.goto(quiet.url + place.path)
                found += looking.faults_at_both_widths(page, f"empty {role} {place.path}")
    assert not found, "\n".join(found)


def test_no_check_of_the_history_that_waits_breaks_off_or_finds_a_fault_has_one(
    full: Served, context: BrowserContext
) -> None:
    wandering.sign_in(context.request, full, WHO["auditor"])
    page, found = context.new_page(), list[str]()
    for heading, number in checks(full).items():
        page.goto(f"{full.url}/history/verifications/{number}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        found += looking.faults_at_both_widths(page, f"check {heading}")
        found += looking.faults_in_other_colours(page, f"check {heading}")
    page.goto(f"{page.url}/cancel")
    expect(page.get_by_role("heading", level=1)).to_have_text("Avbryt kontrollen av historiken")
    found += looking.faults_at_both_widths(page, "check to cancel")
    assert not found, "\n".join(found)


def checks(full: Served) -> dict[str, int]:
    """The heading of each state, and a check in it. Nobody else takes one that is under way: it is leased."""
    strategist = full.region.holders("hr_strateg")[0]
    made: list[int] = []
    record = {"id": 5, "type": "task_completed", "recorded_at": TODAY.isoformat(), "instance_id": 2}
    broken = {"why": "its content does not match its hash", "chain": "i:2", "seq": 3, "record": record}
    counts = {"events": 4, "chains": 2, "not_anchored": 4, "erased": {}, "newest": record, "anchored": None}
    with full.database.verb() as tx:
        for end in ("broken", "fault", "cancelled", "under way"):
            made.append(errands.queue(tx, verifying.KIND, {}, verifying.KEPT, by=Actor(strategist, "HR")))
            claimed = errands.claim(tx, verifying.KIND)
            assert claimed is not None
            assert claimed.id == made[-1]
            if end == "broken":
                errands.finish(tx, claimed, {**counts, "broken": broken})
            elif end == "fault":
                errands.fail(tx, claimed, "fault")
            elif end == "cancelled":
                errands.cancel(tx, verifying.KIND, claimed.id, "Servern behövs", by=Actor(strategist, "HR"))
            else:
                errands.report(tx, claimed, 40)
    headings = (
        "Historiken stämmer inte", "Kontrollen blev inte klar", "Kontrollen avbröts", "Historiken kontrolleras",
    )  # fmt: skip
    return dict(zip(headings, made, strict=True))


@pytest.mark.parametrize("position", LONG)
def test_no_list_of_a_thousand_rows_has_a_fault(position: str, large_region: Served, context: BrowserContext) -> None:
    wandering.sign_in(context.request, large_region, (position, 0))
    page, found = context.new_page(), list[str]()
    page.set_default_timeout(60_000)
    for path in LONG[position]:
        page.goto(large_region.url + path)
        page.set_viewport_size({"width": looking.WIDE, "height": 900})
        found += looking.faults(page, f"long {path}")
        page.set_viewport_size({"width": looking.NARROW, "height": 900})
        found += looking.faults(page, f"long {path}", looking.OF_WIDTH)
    assert not found, "\n".join(found)
    assert not large_region.slow()
