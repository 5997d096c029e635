"""The year wheel in a frame of another site: shown where it is set, refused elsewhere; axe finds nothing on it."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support import looking, wandering
from support.served import Served

from web import WebConfig, create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def intranet() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site with one page, whose content is what the dictionary has."""
    held = {"page": ""}

    class Intranet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(held["page"].encode())

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Intranet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}", held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address(lively: Served, context: BrowserContext) -> str:
    """Made by HR on the page."""
    page = context.new_page()
    wandering.sign_in(context.request, lively, ("hr_strateg", 0))
    page.goto(lively.url + "/wheel-links")
    page.get_by_label("Var ska årshjulet visas?").fill("Intranätet")
    page.get_by_role("button", name="Skapa en adress").click()
    expect(page.locator("code.secret").first).to_be_visible()
    assert looking.faults_at_both_widths(page, "wheel links") == []
    found = page.locator("code.secret").first.inner_text()
    page.close()
    return found


def with_origins(lively: Served, origins: str) -> None:
    """The same server with other settings."""
    services = lively.app.extensions["arshjul"]
    config = WebConfig("a secret of the tests", public_url=lively.url, demo=True, embed_origins=origins)
    served = create_app(services.database, services.clock, config)
    lively.app.wsgi_app = served.wsgi_app  # type: ignore[method-assign]


def framed(page: Page, site: str, held: dict[str, str], address: str) -> None:
    held["page"] = f'<!doctype html><title>Intranät</title><iframe title="Årshjulet" src="{address}"></iframe>'
    held["page"] += f'<img alt="Årshjulet" src="{address}.svg">'
    page.goto(site)
    page.wait_for_load_state("networkidle")


def test_it_is_shown_in_a_frame_of_a_site_that_is_set_and_of_no_other(
    lively: Served, context: BrowserContext, address: str, intranet: tuple[str, dict[str, str]]
) -> None:
    site, held = intranet
    page = context.new_page()
    framed(page, site, held, address)
    heading = page.frame_locator("iframe").get_by_role("heading", name=re.compile("Årshjulet"))
    expect(heading).to_have_count(0)
    assert page.evaluate("document.images[0].naturalWidth") > 0
    with_origins(lively, site)
    framed(page, site, held, address)
    expect(heading).to_be_visible()


def test_the_page_has_no_fault_and_is_read_by_keyboard(lively: Served, context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.context.clear_cookies()
    page.goto(address)
    assert looking.faults_at_both_widths(page, "embedded wheel") == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Årshjulet 20"))
    assert looking.faults(page, "embedded wheel of another year") == []
    page.goto(address + ".svg?lang=en")
    assert page.evaluate("document.documentElement.querySelector('title').textContent") == "Annual wheel 2026"
