"""HR's pages on a phone: what matters is there without scrolling sideways and without scrolling for long."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect
from support import looking, wandering
from support.served import Served

from engine import cycles
from engine.store.tables import user_task

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREEN = 844
BEYOND = "() => { const at = document.querySelector('.scrolled'); return at.scrollWidth - at.clientWidth; }"

DRAWN = """() => {
    const frame = document.querySelector("[data-bpmn]").getBoundingClientRect();
    const boxes = (parts) => [...document.querySelectorAll(parts)].map((part) => part.getBoundingClientRect());
    const across = (box) => box.left >= frame.left && box.right <= frame.right;
    const seen = (box) => across(box) && box.top >= frame.top && box.bottom <= frame.bottom;
    const all = boxes("[data-bpmn] .djs-shape"), live = boxes(".djs-shape:is(.is-active, .is-late)");
    const first = (side) => Math.min(...all.map((box) => box[side])) - frame[side];
    return [first("left"), first("top"), live.length > 0 && !live.some(seen)];
}"""
"""How far the drawing stands from the left and the upper edge, and whether none of what is going on is in sight."""
MARKED = ":is(.is-done, .is-active, .is-late) > .djs-visual:has(> rect):has(> text)"
CONTRASTS = """(marked) => [...document.querySelectorAll(marked)].map((drawn) => {
    const light = (part) => {
        const fill = getComputedStyle(drawn.querySelector(part)).fill;
        const parts = fill.match(/[0-9.]+/g).slice(0, 3).map((each) => each / 255);
        const [r, g, b] = parts.map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const [shape, words] = [light(":scope > rect"), light(":scope > text")];
    return Math.max(shape, words) / Math.min(shape, words);
})"""
"""Of each task on the diagram that is more than drawn: how its name stands out from its colour."""


@pytest.fixture
def page(lively: Served, browser: Browser) -> Iterator[Page]:
    """The HR strategist's phone."""
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce", viewport={"width": 360, "height": SCREEN})
    wandering.sign_in(context.request, lively, ("hr_strateg", 0))
    yield context.new_page()
    context.close()


def test_the_work_ahead_shows_every_number_at_once(page: Page, lively: Served) -> None:
    page.goto(f"{lively.url}/workload")
    assert page.evaluate(BEYOND) <= 0
    hidden = """() => [...document.querySelectorAll('.matrix td a')].filter((at) => {
        const box = at.getBoundingClientRect();
        return box.width === 0 || box.right > innerWidth;
    }).length"""
    assert page.locator(".matrix td a").count() > 5
    assert page.evaluate(hidden) == 0
    looking.picture(page, "phone workload")


def test_the_diagram_opens_at_what_is_going_on_with_nothing_empty_beside_it(page: Page, lively: Served) -> None:
    with lively.database.page() as tx:
        known = cycles.overview(tx, lively.clock.now(), live_only=False)
    for cycle in known:
        page.goto(f"{lively.url}/cycles/{cycle.instance_id}/diagram")
        page.wait_for_selector("[data-ready]")
        left, top, out_of_sight = page.evaluate(DRAWN)
        assert max(left, top) < 30, f"nothing is drawn at the edge: {cycle.name.sv}"
        assert not out_of_sight, f"what is going on is not in sight: {cycle.name.sv}"
    looking.picture(page, "phone diagram")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_names_on_the_diagram_stand_out_in_light_and_in_dark(page: Page, lively: Served, colours: str) -> None:
    page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    page.goto(f"{lively.url}/cycles/{open_plan(lively, 2027)}/diagram")
    page.wait_for_selector("[data-ready]")
    contrasts = page.evaluate(CONTRASTS, MARKED)
    assert len(contrasts) > 5
    assert min(contrasts) > 4.5


def test_a_long_answer_shows_its_rows_by_title_and_all_of_them_at_a_touch(page: Page, lively: Served) -> None:
    with lively.database.page() as tx:
        steps = sa.select(user_task.c.id).where(
            user_task.c.element_id == "preparation", user_task.c.state == "completed"
        )
        task_id = tx.execute(steps.order_by(user_task.c.id.desc())).scalars().first()
    page.goto(f"{lively.url}/tasks/{task_id}")
    expect(page.locator(".answers details.record").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollHeight") < 8 * SCREEN
    expect(page.locator(".answers details.record[open]")).to_have_count(0)
    page.get_by_role("button", name="Öppna alla").click()
    expect(page.locator(".answers details.record:not([open])")).to_have_count(0)
    expect(page.get_by_role("button", name="Stäng alla")).to_be_visible()


def test_a_step_with_many_participants_is_a_few_screens_long(page: Page, lively: Served) -> None:
    page.goto(f"{lively.url}/cycles/{open_plan(lively)}")
    page.get_by_role("link", name="Lämna utbildningsbehov för 2028", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lämna utbildningsbehov för 2028")
    assert page.evaluate("() => document.documentElement.scrollHeight") < 2 * SCREEN
    page.get_by_label("Sök enhet eller namn").fill("medicin")
    page.get_by_role("button", name="Sök").click()
    expect(page.get_by_role("link", name="Rensa sökningen")).to_be_visible()
    expect(page.locator(".rows--people tbody tr").first).to_be_visible()
    looking.picture(page, "phone campaign")


def test_a_finished_step_is_one_line_of_the_overview(page: Page, lively: Served) -> None:
    page.goto(f"{lively.url}/cycles")
    finished = page.locator(".rows__done").first
    box = finished.bounding_box()
    assert box is not None
    assert box["height"] < 60
    assert finished.get_by_text("Klar", exact=True).is_visible()
    assert page.locator(".rows__now").first.get_by_text("Väntar på").is_visible()


def test_the_demos_list_of_people_is_a_few_screens_long(page: Page, lively: Served) -> None:
    page.goto(f"{lively.url}/demo")
    assert page.evaluate("() => document.documentElement.scrollHeight") < 3 * SCREEN
    page.get_by_text("Revisor").first.click()


def open_plan(lively: Served, plan_year: int = 2028) -> int:
    """The plan of that year; the one whose collection is open when none is named."""
    with lively.database.page() as tx:
        return next(c.instance_id for c in cycles.overview(tx, lively.clock.now()) if c.plan_year == plan_year)
