"""What axe finds on the page that a browser shows, and pictures of it for people to look at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose verdict can be another when nothing but the colours is."""
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
"""The rules whose verdict can be another when nothing but the width is."""
RUN = "(options) => axe.run(options).then((found) => found.violations)"
WIDE, NARROW = 1280, 320
PICTURES = Path(__file__).parents[2] / "test-results/pages"
"""Filled when ARSHJUL_PICTURES is set: they take as long as all the rest."""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LARGER = "(share) => { document.documentElement.style.fontSize = share; }"
CUT = """() => [...document.querySelectorAll("body *")].filter((at) => {
    const style = getComputedStyle(at);
    const hides = ["hidden", "clip"];
    if (at.closest("svg, .govuk-visually-hidden, [hidden], .diagram, textarea, select") || !at.innerText) return false;
    if (at.getBoundingClientRect().width <= 1) return false;
    return (hides.includes(style.overflowX) && at.scrollWidth > at.clientWidth + 2)
        || (hides.includes(style.overflowY) && at.scrollHeight > at.clientHeight + 2);
}).map((at) => at.tagName.toLowerCase() + "." + at.className + " " + at.innerText.slice(0, 40))"""


def faults(page: Page, name: str = "", rules: Sequence[str] = ()) -> list[str]:
    """On the page as it stands: what axe finds (of those rules, or of all), where and why; whether it is too wide."""
    page.wait_for_load_state()
    width = (page.viewport_size or {"width": 0})["width"]
    where = f"{name} {page.url} {width} px"
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found = [
        f"{where}: {violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in page.evaluate(RUN, {"resultTypes": ["violations"], "runOnly": only})
        for node in violation["nodes"]
    ]
    if page.evaluate(SIDEWAYS):
        found.append(f"{where}: one has to scroll sideways")
    picture(page, name)
    return found


def picture(page: Page, name: str = "") -> None:
    """The whole page in light and in dark colours, when pictures are asked for; it is in light ones afterwards."""
    if not os.environ.get("ARSHJUL_PICTURES"):
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    words = "".join(c if c.isalnum() else "-" for c in name or page.url.rpartition("/")[2])[:120]
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=PICTURES / f"{words}-{width}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.screenshot(path=PICTURES / f"{words}-{width}.png", full_page=True)


def faults_at_both_widths(page: Page, name: str = "") -> list[str]:
    """On a phone, then on a desktop."""
    found = []
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        found += faults(page, name)
    return found


def faults_in_larger_text(page: Page, name: str = "") -> list[str]:
    """Text at 200 % on a wide screen: nothing is cut off and nobody has to scroll sideways (WCAG 1.4.4)."""
    page.evaluate(LARGER, "200%")
    found = [f"{name}: larger text is cut off: {what}" for what in page.evaluate(CUT)]
    if page.evaluate(SIDEWAYS):
        found.append(f"{name}: one has to scroll sideways for larger text")
    picture(page, f"larger {name}")
    page.evaluate(LARGER, "")
    return found


def faults_in_other_colours(page: Page, name: str = "") -> list[str]:
    """In dark colours and in the reader's own: nothing but the colours differs from the page as it stood."""
    page.emulate_media(color_scheme="dark")
    found = faults(page, f"dark {name}", OF_COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="active")
    found += faults(page, f"forced {name}", OF_COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="none")
    return found
