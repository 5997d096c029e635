"""A new version of a process put into use in a browser: faults, the difference with its diagram, the decision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support import looking
from support.hostile import inside, zipped
from support.newer import ADDED, RENAMED, changed_everywhere
from support.served import Served
from support.visitor import Visitor

from arshjul.composition import WORKFLOWS
from engine import deployments
from engine.actor import SYSTEM

pytestmark = pytest.mark.browser

FILES = deployments.read_folder(WORKFLOWS / "annual_plan")
READ_MS = 60_000
BROKEN = inside(b'<bpmn:task id="q" name="Ring runt"/><bpmn:scriptTask id="r" name="R\xc3\xa4kna"/>')


@pytest.fixture
def sent(tmp_path: Path) -> dict[str, Path]:
    """Files to choose, by what they are."""
    found = {
        "broken": tmp_path / "trasigt.bpmn",
        "newer": tmp_path / "ny-version.zip",
        "nothing": tmp_path / "tom.bpmn",
    }
    for path, content in zip(found.values(), (BROKEN, zipped(changed_everywhere(FILES)), b""), strict=True):
        path.write_bytes(content)
    return found


def look(who: Visitor, what: str) -> None:
    assert looking.faults_at_both_widths(who.page, what) == []
    who.page.set_viewport_size({"width": looking.WIDE, "height": 900})


def send(who: Visitor, path: Path) -> None:
    """The check runs in a process of its own, which takes its time on a machine that does much else."""
    who.page.set_default_timeout(READ_MS)
    who.page.get_by_label("Hela paketet som zip, eller bara diagrammet").set_input_files(path)
    who.press("Kontrollera filen")


def decide(who: Visitor, sent: dict[str, Path]) -> None:
    """From the overview to the page that shows what differs."""
    who.be("hr_strateg")
    who.go("/cycles")
    who.page.get_by_role("link", name="Processer och versioner").click()
    who.page.get_by_role("button", name="Skicka in en ny version").click()
    send(who, sent["newer"])
    expect(who.page.get_by_role("heading", level=1)).to_have_text(
        "Ny version av Årlig utbildningsplanering", timeout=READ_MS
    )


def test_faults_are_told_all_at_once_and_the_summary_leads_to_them(
    page: Page, lively: Served, sent: dict[str, Path]
) -> None:
    who = Visitor(page, lively)
    who.be("hr_strateg")
    who.go("/deployments/upload")
    look(who, "deploy upload")
    send(who, sent["nothing"])
    look(who, "deploy empty file")
    send(who, sent["broken"])
    expect(page.get_by_text("Ring runt").first).to_be_visible(timeout=READ_MS)
    expect(page.get_by_text("Räkna").first).to_be_visible()
    look(who, "deploy findings")
    page.locator(".govuk-error-summary a").click()
    expect(page.locator("#findings-heading")).to_be_focused()


def test_a_version_is_compared_decided_about_and_put_into_use(
    page: Page, lively: Served, sent: dict[str, Path]
) -> None:
    who = Visitor(page, lively)
    decide(who, sent)
    diagram = page.locator("[data-bpmn]")
    expect(diagram).to_have_attribute("data-ready", "0", timeout=20_000)
    expect(page.locator(f".djs-element.is-added[data-element-id={ADDED}]")).to_be_attached()
    expect(page.locator(".djs-element.is-changed[data-element-id=collection]")).to_be_attached()
    new_flow = page.locator(".djs-connection.is-added[data-element-id=f_looked_over] path").first
    expect(new_flow).to_have_css("stroke-width", "4px")
    for words in (RENAMED, "Se över förslagen", "Något mer", "Ny uppgift: Tillägg", "15 januari"):
        expect(page.get_by_text(words).first).to_be_attached()
    look(who, "deploy difference")
    who.press("Driftsätt")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Skriv varför")
    look(who, "deploy without a reason")
    who.write("Varför?", "Chefernas önskemål om en månad till")
    who.press("Driftsätt")
    expect(page.get_by_text("Version 2 av Årlig utbildningsplanering är driftsatt.")).to_be_visible(timeout=READ_MS)
    expect(page.get_by_text("Chefernas önskemål om en månad till")).to_be_visible()
    look(who, "deploy versions")
    page.get_by_role("link", name="Låt dem byta till den nya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Byt version för alla som pågår")


def test_another_version_meanwhile_is_said_and_nothing_is_deployed(
    page: Page, lively: Served, sent: dict[str, Path]
) -> None:
    who = Visitor(page, lively)
    with ThreadPoolExecutor(1) as elsewhere:  # V8 does not run in the thread of the browser's own loop
        count = elsewhere.submit(_versions, lively).result()
        decide(who, {**sent, "newer": _other(sent["newer"], b"# Mine\n")})
        elsewhere.submit(_deploy, lively, b"# Theirs\n").result()
    who.write("Varför?", "Min version")
    who.press("Driftsätt")
    expect(page.locator(".govuk-error-summary")).to_contain_text("En annan version driftsattes", timeout=READ_MS)
    expect(page.get_by_role("heading", name="En annan version hann före")).to_be_visible()
    look(who, "deploy overtaken")
    who.press("Ta bort filen utan att driftsätta")
    expect(page.get_by_text("Filen är borttagen. Inget har driftsatts.")).to_be_visible()
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(_versions, lively).result() == count + 1


def test_everything_works_without_javascript(browser: Browser, lively: Served, sent: dict[str, Path]) -> None:
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    who = Visitor(context.new_page(), lively)
    decide(who, {**sent, "newer": _other(sent["newer"], b"# Without\n")})
    expect(who.page.get_by_role("heading", name="Samma sak som lista")).to_be_visible()
    who.write("Varför?", "Utan skript")
    who.press("Driftsätt")
    expect(who.page.get_by_text("är driftsatt.")).to_be_visible(timeout=READ_MS)
    context.close()


@pytest.mark.parametrize("colours", ["dark", "forced"])
def test_the_difference_has_no_fault_in_other_colours(
    colours: str, browser: Browser, lively: Served, sent: dict[str, Path]
) -> None:
    chosen = {"color_scheme": "dark"} if colours == "dark" else {"forced_colors": "active"}
    context = browser.new_context(locale="sv-SE", reduced_motion="reduce", **chosen)  # type: ignore[arg-type]
    who = Visitor(context.new_page(), lively)
    decide(who, {**sent, "newer": _other(sent["newer"], colours.encode())})
    assert looking.faults(who.page, f"deploy {colours} difference") == []
    who.go("/deployments")
    assert looking.faults(who.page, f"deploy {colours} versions") == []
    who.go("/deployments/upload")
    send(who, sent["broken"])
    assert looking.faults(who.page, f"deploy {colours} findings") == []
    context.close()


def _other(path: Path, readme: bytes) -> Path:
    """The same changes with another README, so that it is content of its own."""
    path.write_bytes(zipped(changed_everywhere(FILES) | {"README.md": readme}))
    return path


def _deploy(lively: Served, readme: bytes) -> None:
    with lively.database.verb() as tx:
        files = {**FILES, "README.md": readme}
        deployments.deploy(tx, "annual_plan", files, by=SYSTEM, now=lively.clock.now())


def _versions(lively: Served) -> int:
    with lively.database.page() as tx:
        return deployments.latest(tx, "annual_plan").version
