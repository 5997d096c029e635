"""Someone with a keyboard and no mouse: goes from one element to the next, and must always see where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from support import looking, wandering
from support.served import Served

MOST = 400
"""Stops on a page before it is thought to have no end."""

NAMES = """() => {
    const at = document.activeElement;
    const labels = at.labels ? [...at.labels].map((label) => label.innerText) : [];
    return [at.id, at.innerText || "", at.textContent, at.getAttribute("aria-label") || "", ...labels].map(
        (words) => words.trim().replace(/\\s+/g, " "));
}"""

STOP = """() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    const drawn = (element, part) => {
        const style = getComputedStyle(element, part);
        const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        const clear = (colour) => /^rgba\\(.*, 0\\)$|^transparent$/.test(colour);
        return (outline && !clear(style.outlineColor)) || (style.boxShadow !== "none" && style.boxShadow !== "")
            || parseFloat(style.strokeWidth) >= 5;
    };
    const near = [at, at.closest("label"), ...(at.labels || [])].filter(Boolean);
    const seen = near.some((one) => drawn(one) || drawn(one, "::before"))
        || [...at.querySelectorAll("*")].slice(0, 20).some((one) => drawn(one));
    const box = at.getClientRects()[0] || at.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const reached = top && (at.contains(top) || top.contains(at) || near.some((one) => one.contains(top)));
    const within = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const words = (at.innerText || "").trim().slice(0, 40);
    return {
        what: at.tagName.toLowerCase() + (at.id ? "#" + at.id : "") + " «" + words + "»",
        seen, reached: Boolean(reached), within, ahead: at.tabIndex > 0,
        again: Boolean(at.dataset.met), met: (at.dataset.met = "yes"),
    };
}"""


def come(page: Page, demo: Served, position: str, path: str) -> None:
    """Signed in as the first who holds the position, at that page."""
    wandering.sign_in(page.context.request, demo, (position, 0))
    page.goto(demo.url + path)


def ensure_whole(page: Page, name: str = "") -> None:
    """Nothing that axe finds on the page as it stands, and nothing outside the screen."""
    found = looking.faults(page, f"keyboard {name}")
    assert not found, "\n".join(found)


def log_out(page: Page) -> None:
    press(page, "Logga ut")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Logga in")


def fetched(page: Page, link: str) -> bytes:
    """The file that comes by pressing Enter on the link or button."""
    with page.expect_download() as waiting:
        press(page, link)
    return Path(waiting.value.path()).read_bytes()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with that text, label or id has focus, and it can be seen that it has."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if wanted in page.evaluate(NAMES):
            fault = _fault(page.evaluate(STOP))
            assert not fault, fault
            return
    raise AssertionError(wanted)


def press(page: Page, wanted: str, heading: str | None = None) -> None:
    """Go there and press Enter; with a heading, the page with that one comes."""
    tab_to(page, wanted)
    page.keyboard.press("Enter")
    if heading is not None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def write(page: Page, label: str, text: str) -> None:
    """Write in the field with that label or id, instead of what stands there."""
    tab_to(page, label)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def write_day(page: Page, label: str, day: str) -> None:
    """A day in ISO form. The parts of a date field stand in the order of the browser's language: it is put in."""
    tab_to(page, label)
    page.evaluate("(day) => { document.activeElement.value = day; }", day)


def tick(page: Page, label: str) -> None:
    tab_to(page, label)
    page.keyboard.press("Space")


def pick(page: Page, label: str, first_letters: str) -> None:
    """In a drop-down list, what begins with those letters."""
    tab_to(page, label)
    page.keyboard.type(first_letters)


def choose_next(page: Page, label: str) -> None:
    """The one after that among radio buttons: Tab comes to the one that is chosen, or to the first."""
    tab_to(page, label)
    page.keyboard.press("ArrowDown")


def send_file(page: Page, label: str, path: Path) -> None:
    """The file dialogue opens by keyboard."""
    tab_to(page, label)
    with page.expect_file_chooser() as waiting:
        page.keyboard.press("Space")
    waiting.value.set_files(path)


def mend(page: Page, fault: str) -> None:
    """The list of faults has focus when it comes; its link goes to the field, which then has focus."""
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(fault)
    address = summary.get_by_role("link").first.get_attribute("href")
    press(page, summary.get_by_role("link").first.inner_text())
    assert page.evaluate("(id) => document.getElementById(id).contains(document.activeElement)", str(address)[1:])


def forget_and_mend(
    page: Page, button: str, fault: str, typed: str, done: str, *, patience: float | None = None
) -> None:
    """Press without having written; write in the field that the fault leads to; press again, and that is said.

    `patience`: milliseconds until `done` stands on the page, when it takes longer than others.
    """
    press(page, button)
    mend(page, fault)
    ensure_whole(page, f"{button} refused")
    page.keyboard.type(typed)
    press(page, button)
    expect(page.get_by_role("main")).to_contain_text(done, timeout=patience)


def stops_unseen(page: Page) -> list[str]:
    """From the top of the page to its end with Tab: every stop that cannot be seen, is covered or comes out of turn."""
    found: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            return found
        if fault := _fault(stop):
            found.append(f"{page.url}: {fault}")
    return [*found, f"{page.url}: Tab finds no end"]


def _fault(stop: dict[str, Any] | None) -> str:
    if stop is None:
        return "nothing has focus"
    wrong = {
        "its focus is not seen": not stop["seen"],
        "something lies over it": not stop["reached"],
        "it is outside the window": not stop["within"],
        "it takes focus before its turn": stop["ahead"],
    }
    said = ", ".join(words for words, is_so in wrong.items() if is_so)
    return f"{stop['what']}: {said}" if said else ""
