"""From the inbox to the receipt, as a manager does it."""

import re
from datetime import UTC, datetime

from support.browsing import Browser, Client
from support.world import World

from engine import inbox, inbox_cards, user_tasks
from engine.rules import forms
from web.tasklist import formdata

ANSWER = {
    "proposals.0.training_type": "Hjärt-lungräddning",
    "proposals.0.target_group": "all_employees",
    "proposals.0.reason": "Lagkrav\r\nPatientsäkerhet",
    "proposals.0.trainer": ["ktc"],
    "proposals.0.contact_person": "Tora Påhitt",
    "proposals.0.origin": "chef",
    "_shown": ["no_needs", "proposals", "proposals.0.target_group", "proposals.0.trainer"],
}


def rows(world: World, unit: str) -> int:
    (task,) = [t for t in world.tasks("collection") if t.unit_id == unit]
    return int(task.id)


def task(world: World, task_id: int) -> object:
    with world.page() as tx:
        return user_tasks.get(tx, task_id)


def test_the_inbox_says_what_to_do_and_by_when_once_for_all_units(browse: Client) -> None:
    page = browse("tora").get("/")
    assert page.count("Lämna utbildningsbehov för 2028, senast 31 december") >= 1
    assert "3 enheter" in page
    assert re.search("3 enheter: [^;,<]+; [^;,<]+; [^;,<]+<", page), "names have commas of their own"
    assert "om 39 dagar" in page


def test_no_needs_is_two_clicks_after_sign_in_with_a_receipt(browse: Client, collecting: World) -> None:
    browser = browse("rut")
    inbox = browser.get("/")
    (link,) = re.findall(r'href="([^"]+/quick)"', inbox)
    browser.get(link)  # the first click
    tasks = re.findall(r'name="_task" value="(\d+)"', browser.page)
    browser.post(link, _task=tasks)  # the second
    receipt = browser.follow()
    assert "Ditt svar är inlämnat" in receipt
    assert "Du kan ändra svaret till och med 31 december 2026." in receipt
    for number in tasks:
        assert task(collecting, int(number)).state == "completed"  # type: ignore[attr-defined]


def test_a_new_row_begins_with_what_the_form_fills_in(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-1')}"
    browser.get(path)
    page = browser.post(path, **{"_add:proposals": "1", "_shown": "proposals"})
    assert browser.status == 200
    assert 'name="proposals.0.contact_person" type="text" value="Tora Påhitt"' in page


def test_what_is_missing_is_said_as_an_instruction_and_nothing_typed_is_lost(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-1')}"
    browser.get(path)
    page = browser.post(path, **{**ANSWER, "proposals.0.reason": "", "_submit": "1"})
    assert browser.status == 422
    assert 'href="#f-proposals-0-reason"' in page
    assert "Skriv varför utbildningen behövs" in page
    assert "Hjärt-lungräddning" in page
    assert "obligatorisk" not in page


def test_an_empty_form_that_is_refused_leaves_no_draft(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-1')}"
    browser.get(path)
    browser.post(f"{path}/draft/discard")
    for button, status in (("_submit", 422), ("_attach", 302)):
        browser.get(path)
        browser.post(path, **{button: "1", "_shown": ["no_needs", "proposals"]})
        assert browser.status == status
        assert "Inget sparat än" in browser.get(path)


def test_an_answer_can_be_given_changed_and_taken_back(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    number = rows(collecting, "hs-2")
    path = f"/tasks/{number}"
    browser.get(path)
    browser.post(path, **ANSWER, _submit="1")
    assert "Ditt svar är inlämnat" in browser.follow()
    page = browser.get(path)
    assert "Hjärt-lungräddning" in page
    assert "<textarea" not in page
    browser.get(f"{path}?change=1")
    browser.post(path, **{**ANSWER, "proposals.0.training_type": "Brandskydd", "_submit": "1"})
    browser.follow()
    assert task(collecting, number).answer["proposals"][0]["training_type"] == "Brandskydd"  # type: ignore[attr-defined]
    browser.get(path)
    browser.post(f"{path}/take-back")
    assert "Brandskydd" in browser.follow()
    assert task(collecting, number).state == "open"  # type: ignore[attr-defined]


def test_a_form_sent_twice_has_one_effect(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-3')}"
    browser.get(path)
    shown = browser.page
    places = []
    for _ in range(2):
        browser.page = shown
        browser.post(path, **ANSWER, _submit="1")
        places.append((browser.status, browser.location))
    assert places[0] == places[1] == (302, f"{path}/receipt")
    assert len([r for r in collecting.records("proposal", 2028) if r.state == "submitted"]) >= 1


def test_a_draft_is_kept_and_another_window_of_ones_own_is_told(browse: Client, collecting: World) -> None:
    browser = browse("hans")
    path = f"/tasks/{rows(collecting, 'hs')}"
    browser.get(path)
    shown = browser.page
    first = send_draft(browser, path, "Första fönstret")
    assert first["version"] == 1
    browser.page = shown.replace('name="_version" value="0"', 'name="_version" value="1"')
    assert send_draft(browser, path, "Första igen")["version"] == 2
    browser.page = shown.replace('name="_version" value="0"', 'name="_version" value="1"')
    assert send_draft(browser, path, "Andra fönstret")["stop"] is True
    assert browser.status == 409
    assert "Första igen" in browser.get(path)


def send_draft(browser: Browser, path: str, text: str) -> dict[str, object]:
    import json

    fields = {"proposals.0.training_type": text, "_shown": "proposals"}
    answer: dict[str, object] = json.loads(browser.post(f"{path}/draft", **fields))
    return answer


def test_a_need_that_is_written_is_not_lost_by_marking_that_there_is_none(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-1')}"
    browser.get(path)
    page = browser.post(path, **{**ANSWER, "no_needs": "true"}, _submit="1")
    assert browser.status == 422
    assert "Du har skrivit ett utbildningsbehov" in page
    assert 'value="Hjärt-lungräddning"' in page
    assert 'value="Hjärt-lungräddning"' in browser.get(path), "what was refused is kept as a draft"


def test_a_question_that_is_hidden_keeps_what_was_typed() -> None:
    form = forms.build(
        {
            "id": "f", "type": "default", "title": "F", "title_en": "F",
            "components": [
                {"type": "checkbox", "key": "none", "label": "Inget", "label_en": "None"},
                {
                    "type": "textfield", "key": "what", "label": "Vad", "label_en": "What",
                    "conditional": {"hide": "=none = true"},
                },
            ],
        }
    )  # fmt: skip
    typed = {"none": True, "what": "Hjärt-lungräddning"}
    view = forms.view(form, {}, typed, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert formdata.carried(view.components, typed) == [("what", "Hjärt-lungräddning")]


def test_names_that_the_form_does_not_have_are_refused(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    path = f"/tasks/{rows(collecting, 'hs-1')}"
    browser.get(path)
    browser.post(path, **ANSWER, state="completed", _submit="1")
    assert browser.status == 422


def test_a_stranger_does_not_learn_that_the_task_exists(browse: Client, collecting: World) -> None:
    browser = browse("rut")
    browser.get(f"/tasks/{rows(collecting, 'hs-1')}")
    assert browser.status == 404


def test_who_answers_for_several_units_is_told_on_the_receipt_which_are_left(browse: Client, collecting: World) -> None:
    browser = browse("tora")
    for row in units_of(collecting, "tora"):  # other tests have answered some, and left drafts
        browser.get(f"/tasks/{row.task_id}")
        browser.post(f"/tasks/{row.task_id}/{'take-back' if row.state == 'completed' else 'draft/discard'}")
    done, begun, left = (row.task_id for row in units_of(collecting, "tora"))
    for number in (begun, done):
        browser.get(f"/tasks/{number}")
        assert send_draft(browser, f"/tasks/{number}", "Hygien")["version"]
    assert re.search("[23] utkast", browser.get("/")), "what was begun is in sight where one comes back"
    browser.get(f"/tasks/{done}")
    browser.post(f"/tasks/{done}", **ANSWER, _submit="1")
    receipt = browser.follow()
    assert "Samma uppgift väntar på ditt svar för:" in receipt
    assert "Du behöver inte göra något mer" not in receipt
    assert f'href="/tasks/{done}?change=1"' in receipt
    listed = re.search("Samma uppgift.*?<ul.*?</ul>", receipt, re.DOTALL)
    assert listed is not None
    assert {int(number) for number in re.findall(r'href="/tasks/(\d+)"', listed[0])} == {begun, left}
    assert "Ditt utkast finns kvar" in listed[0]


def units_of(world: World, username: str) -> list[inbox_cards.InboxRow]:
    with world.page() as tx:
        instance = world.instance(2028).id
        return inbox.group_page(tx, instance, "collection", world.person(username), world.now).rows


def test_english_is_one_click_away_and_stays(browse: Client) -> None:
    browser = browse("tora")
    browser.get("/")
    browser.page = browser.page.replace("<header", "<main", 1)
    browser.post("/language/en")
    page = browser.follow()
    assert '<html lang="en"' in page
    assert "My inbox" in page
