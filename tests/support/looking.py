"""What axe finds on the page that a browser shows, and pictures of it for people to look at."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
WIDE, NARROW = 1280, 320
PICTURES = Path(__file__).parents[2] / "test-results/pages"
"""Filled when ARSHJUL_PICTURES is set: they take as long as all the rest."""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def faults(page: Page, name: str = "") -> list[str]:
    """On the page as it stands: what axe finds, where and why; and whether one has to scroll sideways."""
    width = (page.viewport_size or {"width": 0})["width"]
    where = f"{name} {page.url} {width} px"
    results = Axe().run(page, options=OPTIONS).response
    found = [
        f"{where}: {violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate(SIDEWAYS):
        found.append(f"{where}: one has to scroll sideways")
    picture(page, name)
    return found


def picture(page: Page, name: str = "") -> None:
    """The whole page as it stands, when pictures are asked for."""
    if os.environ.get("ARSHJUL_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        width = (page.viewport_size or {"width": 0})["width"]
        words = "".join(c if c.isalnum() else "-" for c in name or page.url.rpartition("/")[2])[:120]
        page.screenshot(path=PICTURES / f"{words}-{width}.png", full_page=True)


def faults_at_both_widths(page: Page, name: str = "") -> list[str]:
    found = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        found += faults(page, name)
    return found
