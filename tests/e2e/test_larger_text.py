"""Text at 200 % on a wide screen: nothing is cut off and nobody has to scroll sideways (WCAG 1.4.4)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from support import looking, wandering
from support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = {"manager": ("chef-sv-1-1", 0), "HR strategist": ("hr_strateg", 0), "auditor": ("revisor", 0)}
LARGER = "() => { document.documentElement.style.fontSize = '200%'; }"
CUT = """() => [...document.querySelectorAll("body *")].filter((at) => {
    const style = getComputedStyle(at);
    const hides = ["hidden", "clip"];
    if (at.closest("svg, .govuk-visually-hidden, [hidden], .diagram, textarea, select") || !at.innerText) return false;
    if (at.getBoundingClientRect().width <= 1) return false;
    return (hides.includes(style.overflowX) && at.scrollWidth > at.clientWidth + 2)
        || (hides.includes(style.overflowY) && at.scrollHeight > at.clientHeight + 2);
}).map((at) => at.tagName.toLowerCase() + "." + at.className + " " + at.innerText.slice(0, 40))"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="sv-SE", reduced_motion="reduce", viewport={"width": looking.WIDE, "height": 900})
    yield made
    made.close()


@pytest.mark.parametrize("role", ROLES)
def test_text_twice_as_large_is_whole(role: str, lively: Served, context: BrowserContext) -> None:
    wandering.sign_in(context.request, lively, ROLES[role])
    page = context.new_page()
    found: list[str] = []
    for place in wandering.wander(context.request, lively):
        if place.is_page:
            page.goto(lively.url + place.path)
            page.evaluate(LARGER)
            found += [f"{place.path}: cut off: {what}" for what in page.evaluate(CUT)]
            if page.evaluate(looking.SIDEWAYS):
                found.append(f"{place.path}: one has to scroll sideways")
            looking.picture(page, f"larger {role} {place.path}")
    assert not found, "\n".join(found)
