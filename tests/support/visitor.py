"""A person at the pages: finds things by the words that stand there, as a reader does."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from support import looking, wandering
from support.served import Served

Scope = Page | Locator


class Visitor:
    """One browser window at a served demo. `be` signs in by picking a person; the clock bar moves time."""

    def __init__(self, page: Page, demo: Served) -> None:
        self.page = page
        self.demo = demo
        page.set_default_timeout(30_000)

    def go(self, path: str) -> None:
        self.page.goto(self.demo.url + path)

    def come(self, position: str, path: str = "/", nth: int = 0) -> None:
        """Straight to a page as someone who holds the position: a large region's page of people is long."""
        wandering.sign_in(self.page.context.request, self.demo, (position, nth))
        self.go(path)

    def be(self, position: str, nth: int = 0) -> None:
        """Sign in as someone who holds the position, from the demo's page of people."""
        name = self.demo.name(position, nth)
        self.go("/demo")
        mine = self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))
        if mine.count() == 0:
            for more in self.page.locator("summary").all():
                more.click()
        mine.first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Min inkorg")
        expect(self.page.get_by_role("banner")).to_contain_text(name)

    def go_to_day(self, day: str, *, everyone_answers: bool = False) -> None:
        """Move the clock with the bar at the top of the page."""
        bar = self.page.get_by_role("region", name="Demons klocka")
        bar.get_by_text("Till en viss dag").click()
        bar.get_by_label("Till dag").fill(day)
        button = "Gå dit och låt alla svara" if everyone_answers else "Gå dit"
        bar.get_by_role("button", name=button, exact=True).click()
        expect(bar.locator("time")).to_have_attribute("datetime", re.compile(f"^{day}"), timeout=30_000)

    def open_task(self, words: str) -> None:
        """From the inbox, the task whose title has those words; what others have just done is there in a second."""
        link = self.page.get_by_role("link", name=words).first
        for _attempt in range(10):
            self.go("/")
            if link.count():
                break
            self.page.wait_for_timeout(500)
        link.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)
        self.look(words)

    def follow(self, words: str | re.Pattern[str], heading: str | None = None, within: Scope | None = None) -> None:
        """Click the first link with those words; with a heading, the page with that one comes."""
        (within or self.page).get_by_role("link", name=words).first.click()
        if heading is not None:
            self.heads(heading)

    def heads(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def reads(self, words: str) -> None:
        """The page says so."""
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def fetch(self, link: str) -> bytes:
        """The file that a link or button gives."""
        with self.page.expect_download() as waiting:
            self.page.locator("a, button").filter(has_text=link).first.click()
        return Path(waiting.value.path()).read_bytes()

    def look(self, what: str) -> None:
        """The page as it stands has nothing that axe finds."""
        assert looking.faults(self.page, what) == []

    def row(self, words: str) -> Locator:
        """A row of a list of records, unfolded."""
        row = self.page.locator("details.record", has=self.page.locator("summary", has_text=words))
        if row.get_attribute("open") is None:
            row.locator("summary").first.click()
        return row

    def write(self, label: str, text: str, within: Scope | None = None) -> None:
        (within or self.page).get_by_label(_said(label)).fill(text)

    def choose(self, question: str, answer: str, within: Scope | None = None) -> None:
        """Tick an answer to the question."""
        (within or self.page).get_by_role("group", name=_said(question)).get_by_label(answer, exact=True).check()

    def pick(self, label: str, answer: str, within: Scope | None = None) -> None:
        """Choose in a drop-down list."""
        (within or self.page).get_by_label(_said(label)).select_option(label=answer)

    def take(self, name: str) -> None:
        """Choose somebody among the region's people, by name."""
        self.write("Sök på namn", name)
        self.page.get_by_role("button", name="Sök", exact=True).last.click()
        self.page.get_by_label(name, exact=True).check()

    def press(self, words: str, within: Scope | None = None) -> None:
        (within or self.page).get_by_role("button", name=words, exact=True).click()

    def send(self) -> None:
        """Hand in the form, also when it departs from the guideline, and see the receipt."""
        self.press("Skicka in")
        heading = self.page.get_by_role("heading", level=1)
        expect(heading).to_have_text(re.compile("Ditt svar är inlämnat|Kontrollera innan du skickar in"))
        if "Kontrollera" in heading.inner_text():
            self.look("before submitting")
            self.press("Skicka in ändå")
        expect(heading).to_contain_text("Ditt svar är inlämnat")
        self.look("receipt")

    def send_wrongly(self) -> Locator:
        """Hand in a form with a fault; the list of what to mend."""
        self.press("Skicka in")
        summary = self.page.locator(".govuk-error-summary")
        expect(summary).to_be_visible()
        self.look("refused form")
        return summary


def _said(label: str) -> re.Pattern[str]:
    """The label as it stands, whether or not the question may be left out."""
    words = re.escape(label).replace("/", r"\/")
    return re.compile(rf"^\s*{words}( \(valfritt\))?\s*$")
