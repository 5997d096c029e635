"""A session that ends while a form is open takes nothing that was typed with it."""

from support.browsing import PASSWORD, Browser, Client
from support.world import World

TYPED = {"no_needs": "", "proposals.0.reason": "Lagkrav & <b>ordning</b>", "_shown": "proposals", "_save": "1"}
HERE, ELSEWHERE = {"Origin": "http://localhost"}, {"Origin": "https://evil.example"}


def lost(browse: Client, task_id: int) -> Browser:
    """Tora's open form, an hour and a second later."""
    browser = browse("tora")
    browser.get(f"/tasks/{task_id}")
    with browser.client.session_transaction() as session:
        session["seen"] -= 3601
    return browser


def test_what_was_typed_is_sent_again_after_signing_in_in_another_tab(
    browse: Client, task_id: int, world: World
) -> None:
    browser = lost(browse, task_id)
    browser.client.environ_base["HTTP_ORIGIN"] = HERE["Origin"]
    page = browser.post(f"/tasks/{task_id}", **TYPED)
    assert browser.status == 401
    assert "Lagkrav &amp; &lt;b&gt;ordning&lt;/b&gt;" in page
    assert 'target="_blank"' in page

    stale = browser.page
    browser.get("/sign-in")
    browser.post("/sign-in", username="tora", password=PASSWORD)
    browser.page = stale
    page = browser.post(f"/tasks/{task_id}", **TYPED)
    assert browser.status == 400, "the token is of the old session"
    assert "Skicka igen" in page
    browser.post(f"/tasks/{task_id}", **TYPED)
    assert browser.status == 302, browser.page
    assert "Lagkrav &amp; &lt;b&gt;ordning&lt;/b&gt;" in browser.get(f"/tasks/{task_id}")


def test_autosave_is_told_to_sign_in(browse: Client, task_id: int) -> None:
    browser = lost(browse, task_id)
    token = browser.page.partition('name="csrf_token" value="')[2].partition('"')[0]
    for expected in (401, 400):  # the session is over; its token too
        answer = browser.client.post(
            f"/tasks/{task_id}/draft", data={**TYPED, "csrf_token": token}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == expected
        assert answer.json["signed_out"] is True
        assert "Logga in i en ny flik" in answer.json["text"]


def test_what_another_site_sends_is_not_offered_to_be_sent_again(browse: Client, task_id: int) -> None:
    browser = browse("tora")
    for headers in (ELSEWHERE, {"Origin": "null"}, {}):
        page = browser.client.post(f"/tasks/{task_id}", data=TYPED, headers=headers).get_data(as_text=True)
        assert "ordning" not in page
        assert "Skicka igen" not in page


def test_a_password_is_never_carried_on(browse: Client) -> None:
    browser = browse(None)
    sent = {"username": "tora", "password": PASSWORD}
    page = browser.client.post("/sign-in", data=sent, headers=HERE).get_data(as_text=True)
    assert PASSWORD not in page
    assert 'href="/sign-in?next=/sign-in"' in page
