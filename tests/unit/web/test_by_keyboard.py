"""The inbox's flows by keyboard alone, in a real browser; axe finds nothing on the pages on the way."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from support.browsing import PASSWORD, accounts_for
from support.keyboard import ensure_whole, tab_to
from support.stages import in_november
from support.world import World
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Played in a thread of its own: Playwright's event loop runs in this one, and FEEL wants none."""
    with ThreadPoolExecutor(1) as apart:
        world = apart.submit(played, f"sqlite:///{tmp_path_factory.mktemp('keyboard') / 'web.db'}").result()
        yield world
        apart.submit(world.close).result()


def played(url: str) -> World:
    world = in_november(url)
    accounts_for(world, "tora")
    return world


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tora(page: Any, address: str, collecting: World) -> Any:
    """Tora's browser on a narrow screen, signed in by keyboard."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}/sign-in")
    page.locator("#username").focus()
    page.keyboard.type("tora")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Min inkorg')")
    return page


def go(page: Any, text: str, heading: str) -> None:
    tab_to(page, text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{heading}')")
    ensure_whole(page)


def test_an_absence_is_entered_by_keyboard(tora: Any) -> None:
    go(tora, "Frånvaro", "Min frånvaro")
    go(tora, "Lägg in frånvaro", "Lägg in frånvaro")
    tab_to(tora, "last")
    tora.keyboard.type("2026-12-01")
    tora.evaluate("document.querySelector('#last').value = '2026-12-01'")  # the date field's own parts differ by locale
    tab_to(tora, "deputy")
    tora.keyboard.press("Space")
    tab_to(tora, "Spara frånvaron")
    tora.keyboard.press("Enter")
    tora.wait_for_selector("text=Frånvaron är sparad")
    ensure_whole(tora)


def test_a_task_is_commented_on_and_handed_over_by_keyboard(tora: Any, address: str, collecting: World) -> None:
    (task,) = [t for t in collecting.open("collection") if t.unit_id == "hs-2"]
    tora.goto(f"{address}/tasks/{task.id}")
    ensure_whole(tora)
    go(tora, "Kommentera", "Kommentarer")
    tab_to(tora, "comment")
    tora.keyboard.type("Väntar på underlag")
    tab_to(tora, "Spara kommentaren")
    tora.keyboard.press("Enter")
    tora.wait_for_selector(".comment__text:has-text('Väntar på underlag')")
    go(tora, "Uppgiften", "Lämna utbildningsbehov")
    go(tora, "Lämna över till någon annan", "Lämna över uppgiften")
    tab_to(tora, "person")
    tora.keyboard.press("Space")
    tab_to(tora, "reason")
    tora.keyboard.type("Semester")
    tab_to(tora, "Lämna över")
    tora.keyboard.press("Enter")
    tora.wait_for_selector("text=har lämnat över uppgiften till")
    ensure_whole(tora)


def test_the_inbox_is_searched_and_settings_are_saved_by_keyboard(tora: Any) -> None:
    tab_to(tora, "Sök och filtrera")
    tora.keyboard.press("Enter")
    tab_to(tora, "q")
    tora.keyboard.type("akut")
    tora.keyboard.press("Enter")
    tora.wait_for_selector("text=1 sak att göra")
    ensure_whole(tora)
    go(tora, "Inställningar", "Mina inställningar")
    tab_to(tora, "rhythm-2")
    tora.keyboard.press("ArrowDown")
    tab_to(tora, "Spara")
    tora.keyboard.press("Enter")
    tora.wait_for_selector("text=Inställningarna är sparade")
    ensure_whole(tora)


def test_files_are_attached_refused_and_removed_by_keyboard(tora: Any, address: str, collecting: World) -> None:
    (task,) = [t for t in collecting.open("collection") if t.unit_id == "hs-1"]
    tora.goto(f"{address}/tasks/{task.id}")
    go(tora, "Bifoga filer", "Bilagor")
    for content, said in ((b"", "filen är tom"), (b"Underlag", "1 fil är bifogad")):
        tora.set_input_files("#files", [{"name": "underlag.txt", "mimeType": "text/plain", "buffer": content}])
        tab_to(tora, "Bifoga")
        tora.keyboard.press("Enter")
        tora.wait_for_selector(f"text={said}")
        ensure_whole(tora)
    go(tora, "Ta bort underlag.txt", "Ta bort filen")
    tab_to(tora, "Ta bort filen")
    tora.keyboard.press("Enter")
    tora.wait_for_selector("text=Filen är borttagen")
    ensure_whole(tora)


def test_back_after_a_refused_form_comes_to_what_was_typed(tora: Any, address: str, collecting: World) -> None:
    (task,) = [t for t in collecting.tasks("collection") if t.unit_id == "hs-3"]
    tora.goto(f"{address}/tasks/{task.id}?change=1")
    tora.locator("[name='_add:proposals']").click()
    tora.locator("[name='proposals.0.training_type']").fill("Skrivet före felet")
    tora.locator("button[name=_submit]").last.click()
    tora.wait_for_selector(".govuk-error-summary")
    ensure_whole(tora)
    tora.get_by_role("link", name="Frånvaro").click()
    tora.wait_for_selector("h1:has-text('Min frånvaro')")
    tora.go_back()
    tora.wait_for_selector("[name='proposals.0.training_type']")
    assert tora.locator("[name='proposals.0.training_type']").input_value() == "Skrivet före felet"
    ensure_whole(tora)


def test_several_tasks_are_taken_and_answered_by_keyboard(tora: Any, address: str, collecting: World) -> None:
    go(tora, "Gör samma sak med flera", "Min inkorg")
    for action, heading, button in (
        ("do-2", "Ta uppgifter", "Ta "),
        ("do", "Svara lika på uppgifter", "Lämna svaret för "),
    ):
        tora.goto(f"{address}/?select=1")
        ensure_whole(tora)
        tora.keyboard.press("Tab")
        first = tora.locator("input[name=tasks]").first.get_attribute("id")
        tab_to(tora, first)
        tora.keyboard.press("Space")
        tab_to(tora, "do")
        for _ in range(int(action[3:] or 1) - 1):
            tora.keyboard.press("ArrowDown")
        tora.keyboard.press("Space")
        tab_to(tora, "Visa vad som händer")
        tora.keyboard.press("Enter")
        tora.wait_for_selector(f"h1:has-text('{heading}')")
        ensure_whole(tora)
        tab_to(tora, tora.locator(f"button:has-text('{button}')").inner_text())
        tora.keyboard.press("Enter")
        tora.wait_for_selector("text=klar")
        ensure_whole(tora)
