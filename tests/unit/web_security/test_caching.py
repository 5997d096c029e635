"""Nothing of one person's is kept where another finds it."""

from support.browsing import Client

from engine.texts import fill
from web import csvfile


def test_a_file_that_caches_may_keep_carries_no_session(browse: Client) -> None:
    browser = browse("tora")
    with browser.client.get("/static/dist/base.css") as answer:
        assert answer.status_code == 200
        assert "public" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_a_file_that_does_not_exist_is_not_kept(browse: Client) -> None:
    browser = browse("tora")
    browser.get("/static/nothing.css")
    assert browser.status == 404
    assert browser.headers["Cache-Control"] == "no-store"


def test_a_value_with_another_values_name_in_braces_stays_as_it_was_written() -> None:
    assert fill("{title}: {reason}", {"title": "a {reason} b", "reason": "{title}"}) == "a {reason} b: {title}"
    assert fill("{unknown} {none}", {"none": None}) == "{unknown} "


def test_cells_that_begin_with_a_line_feed_or_a_wide_sign_are_no_formulas() -> None:
    for start in ("\n=1", "＝1+1", "＋1", "－1", "＠x"):
        assert csvfile.cell(start) == "'" + start
