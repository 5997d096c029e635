"""What is posted or asked for with ill will gets a refusal, never a fault."""

import re
import time
from collections.abc import Callable

import pytest
from support.browsing import Browser, Client
from support.world import World

Token = Callable[[Browser], str]


@pytest.mark.parametrize("number", [str(2**31), "9" * 19, "9" * 25, "9" * 5000])
@pytest.mark.parametrize("address", ["/tasks/{}", "/cycles/{}", "/history/{}", "/definitions/{}/diagram.bpmn"])
def test_a_number_that_no_row_can_have_is_a_page_that_does_not_exist(browse: Client, address: str, number: str) -> None:
    browser = browse("hr")
    browser.get(address.format(number))
    assert browser.status == 404


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_a_row_or_task_number_that_is_none_is_no_fault(
    browse: Client, world: World, task_id: int, token: Token, number: str
) -> None:
    browser = browse("tora")
    csrf = token(browser)
    entry = world.inbox("tora").open[0]
    for path, name, value in (
        (f"/steps/{entry.instance_id}/{entry.element_id}/quick", "_task", number),
        (f"/tasks/{task_id}/view", f"_remove:proposals.{number}", "1"),
        (f"/tasks/{task_id}/view", f"_add:proposals.{number}.x", "1"),
    ):
        posted = {"csrf_token": csrf, name: value, "_shown": "proposals"}
        assert browser.client.post(path, data=posted).status_code < 500, path


def test_a_year_of_many_digits_is_no_filter(browse: Client) -> None:
    browser = browse("tora")
    for year in ("000000001" + "9" * 20, "000000001" + "9" * 5000):
        browser.get(f"/?year={year}")
        assert browser.status == 200, year[:40]


def test_many_shown_questions_and_rows_do_not_multiply(browse: Client, task_id: int, token: Token) -> None:
    """100,000 names beside 500 rows took as many comparisons as their product: ten seconds of a processor."""
    browser = browse("tora")
    rows = "&".join(f"proposals.{number}.title=x" for number in range(500))
    body = f"csrf_token={token(browser)}&{'_shown=q&' * 100_000}{rows}"
    begun = time.process_time()
    answer = browser.client.post(f"/tasks/{task_id}/view", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500
    assert time.process_time() - begun < 4


def test_a_body_that_is_no_form_never_empties_a_draft(browse: Client, world: World, task_id: int, token: Token) -> None:
    browser = browse("tora")
    headers = {"X-CSRFToken": token(browser)}
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = browser.client.post(f"/tasks/{task_id}/draft", data="{}", content_type=kind, headers=headers)
        assert answer.status_code == 400, kind
    assert not world.inbox("tora").open[0].rows[0].has_draft


def test_a_nul_is_refused_before_a_database_meets_it(browse: Client, task_id: int, token: Token) -> None:
    browser = browse("tora")
    posted = {"csrf_token": token(browser), "comment": "a\0b"}
    answer = browser.client.post(f"/tasks/{task_id}/comments", data=posted)
    assert answer.status_code == 422
    assert "tecken som inte går att visa" in answer.get_data(as_text=True)
    assert browser.client.get("/steps/1/a%00b").status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2027-02-30", "+02027-01-01"])
def test_days_that_nothing_here_is_about_are_refused_in_words(browse: Client, task_id: int, day: str) -> None:
    browser = browse("hr")
    for path in (f"/history?since={day}&until={day}", f"/history/1?since={day}", f"/history/1/as-of?at={day}"):
        browser.get(path)
        assert browser.status in (200, 404), path
    for path, fields, said in (
        ("/cycles/1/window/collection", {"closes": day, "reason": "Mer tid"}, "Välj en dag|Skriv dagen"),
        (f"/participants/{task_id}/day", {"day": day, "reason": "Mer tid"}, "Välj en dag|Skriv dagen"),
        ("/absence/of/hr", {"first": day, "last": day, "deputy": "rut"}, "Ange ett datum|Ange en"),
    ):
        browser.get(path)
        browser.post(path, **fields)
        assert browser.status == 422, path
        assert re.search(said, browser.page), path
        assert day in browser.page, "what was typed is kept"
