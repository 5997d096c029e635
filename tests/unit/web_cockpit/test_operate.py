"""Each operation's page asks for a reason, shows what it will do first, and does it when confirmed."""

import pytest
from support.browsing import Client
from support.world import WORKFLOWS, World

from engine import deployments
from engine.actor import SYSTEM
from engine.store.tables import user_task
from web.cockpit import assigning


def campaign(world: World) -> str:
    return f"/activities/{world.visits('collection', 2028)[-1].id}"


def test_a_pause_shows_what_happens_asks_why_and_is_ended_again(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert "/cycles/1/pause" in browser.get("/cycles/1")
    page = browser.get("/cycles/1/pause")
    assert "15 öppna uppgifter går inte att svara på under tiden" in page
    assert "Tora Påhitt" in page
    browser.post("/cycles/1/pause", reason=" ")
    assert browser.status == 422
    assert "Skriv varför" in browser.page
    assert world.instance(2028).state == "active"
    browser.post("/cycles/1/pause", reason="Ny budget väntas")
    assert browser.status == 302
    assert world.instance(2028).state == "suspended"
    assert "/cycles/1/resume" in browser.follow()
    browser.get("/cycles/1/resume")
    browser.post("/cycles/1/resume", reason="Budgeten är klar")
    assert world.instance(2028).state == "active"
    history = browser.get("/history/1")
    assert "pausade Utbildningsplan 2028" in history
    assert "Ny budget väntas" in history


def test_cancelling_says_that_it_is_for_good(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert "/cycles/1/cancel" in browser.get("/cycles/1").partition("Görs sällan")[2]
    assert "/cycles/1/pause" in browser.page.partition("Görs sällan")[0]
    assert "avbryts för gott" in browser.get("/cycles/1/cancel")
    browser.post("/cycles/1/cancel", reason="Görs av den nya regionen")
    assert world.instance(2028).state == "cancelled"
    assert "Avbruten" in browser.follow()
    assert "i tid" not in browser.page.lower(), "what was broken off was not done in time"
    browser.get("/cycles/1/cancel")
    assert browser.status == 409


def test_reminding_names_the_recipients_and_is_offered_once_a_day(browse: Client, world: World) -> None:
    browser = browse("hr")
    address = f"{campaign(world)}/remind"
    assert address in browser.get(campaign(world))
    assert address in browser.get("/cycles/1")
    assert "Tora Påhitt" in browser.get(address)
    browser.post(address)
    assert browser.status == 302
    assert world.told("reminder")
    for page in (campaign(world), "/cycles/1"):
        assert address not in browser.get(page)
        assert "Påminda i dag kl. 09.00" in browser.page
    world.go_to("2026-11-23")
    assert address in browser.get(campaign(world))


def test_a_late_click_on_reminding_comes_back_to_the_step_with_a_sentence(browse: Client, world: World) -> None:
    late, faster, address = browse("hr"), browse("hr"), f"{campaign(world)}/remind"
    for browser in (late, faster):
        browser.get(address)
    faster.post(address)
    told = len(world.told("reminder"))
    for click in (late.post, late.get):
        click(address)
        assert late.status == 302
        assert "redan fått en påminnelse i dag" in late.follow()
        assert "Lämna utbildningsbehov" in late.page
        late.get("/cycles/1")
    assert len(world.told("reminder")) == told


def test_whoever_is_asked_after_the_reminder_can_be_reminded_the_same_day(browse: Client, world: World) -> None:
    browser, task = browse("hr"), world.open_of("collection", "chef-hs-1")
    browser.get(f"/participants/{task.id}/excuse")
    browser.post(f"/participants/{task.id}/excuse", reason="Läggs ned")
    address = f"{campaign(world)}/remind"
    browser.get(address)
    browser.post(address)
    assert address not in browser.get(campaign(world))
    browser.get(f"{campaign(world)}/add")
    browser.post(f"{campaign(world)}/add", position="chef-hs-1", reason="Finns kvar", step="confirm")
    assert address in browser.get(campaign(world))


def test_a_step_that_was_broken_off_says_how_many_had_answered(browse: Client, world: World) -> None:
    excused = world.open_of("collection", "chef-hs-2")
    browser = browse("hr")
    browser.get(f"/participants/{excused.id}/excuse")
    browser.post(f"/participants/{excused.id}/excuse", reason="Läggs ned")
    world.go_to("2026-11-23")
    world.answer(world.task("collection", "chef-hs-1"), "tora", {"no_needs": True})
    browser.get("/cycles/1/cancel")
    browser.post("/cycles/1/cancel", reason="Görs av den nya regionen")
    said = " ".join(browser.get("/cycles/1").split())
    assert "Avbruten 23 november 2026: 1 av 14 hade svarat" in said
    assert "avbrutet 23 november 2026" in said
    assert said.count("Inte aktuell") > 5, "steps that never opened are not called broken off"


def test_a_participant_is_excused_and_added_again(browse: Client, world: World) -> None:
    browser, task = browse("hr"), world.open_of("collection", "chef-hs-1")
    assert f"/participants/{task.id}/excuse" in browser.get(campaign(world))
    assert "Medicinkliniken behöver inte svara" in browser.get(f"/participants/{task.id}/excuse")
    browser.post(f"/participants/{task.id}/excuse", reason="Läggs ned")
    assert "Behöver inte svara" in browser.follow()
    address = f"{campaign(world)}/add"
    assert "Chef, Medicinkliniken" in browser.get(address)
    shown = browser.post(address, position="chef-hs-1", reason="Finns kvar")
    assert "får uppgiften" in shown
    assert world.task("collection", "chef-hs-1").state == "cancelled"
    browser.post(address, position="chef-hs-1", reason="Finns kvar", step="confirm")
    assert world.task("collection", "chef-hs-1").state == "open"


@pytest.mark.parametrize(
    ("day", "said"),
    [("", "Skriv dagen som"), ("i morgon", "Skriv dagen som"), ("2027-02-01", "Steget stänger före den dagen"),
     ("2026-11-01", "Välj en dag som inte har varit")],
)  # fmt: skip
def test_a_day_that_does_not_do_is_refused_at_its_field(browse: Client, world: World, day: str, said: str) -> None:
    browser, task = browse("hr"), world.open_of("collection", "chef-hs-1")
    browser.get(f"/participants/{task.id}/day")
    page = browser.post(f"/participants/{task.id}/day", day=day, reason="Mer tid")
    assert browser.status == 422
    assert said in page
    assert "Mer tid" in page


def test_a_task_gets_another_day_and_another_person(browse: Client, world: World) -> None:
    browser, task = browse("hr"), world.open_of("collection", "chef-hs-1")
    assert "Nu gäller torsdag 31 december 2026." in browser.get(f"/participants/{task.id}/day")
    assert "till tisdag 15 december 2026" in browser.post(
        f"/participants/{task.id}/day", day="2026-12-15", reason="Slutar"
    )
    browser.post(f"/participants/{task.id}/day", day="2026-12-15", reason="Slutar", step="confirm")
    assert browser.status == 302
    world.hold("chef-hs-1", "vera")
    browser.get(f"/participants/{task.id}/person")
    assert "lämnas över till Vera Påhitt" in browser.post(
        f"/participants/{task.id}/person", person="vera", reason="Tora är sjuk"
    )
    browser.post(f"/participants/{task.id}/person", person="vera", reason="Tora är sjuk", step="confirm")
    assert world.task("collection", "chef-hs-1").assignee_id == "vera"


def test_only_those_who_may_operate_get_in(browse: Client, world: World) -> None:
    task = world.open_of("collection", "chef-hs-1")
    paths = [f"/cycles/1/{what}" for what in ("pause", "resume", "cancel", "migrate")]
    paths.append("/processes/annual_plan/migrate")
    paths += [f"{campaign(world)}/{what}" for what in ("remind", "add", "move")]
    paths += [f"/participants/{task.id}/{what}" for what in ("excuse", "day", "person")]
    for person in ("tora", "revi"):
        browser = browse(person)
        for path in paths:
            browser.get(path)
            assert browser.status == 403, (person, path)


@pytest.mark.parametrize("path", ["/cycles/99/pause", "/activities/99/remind", "/participants/999/day"])
def test_what_does_not_exist_is_not_found(browse: Client, path: str) -> None:
    browser = browse("hr")
    browser.get(path)
    assert browser.status == 404


def test_the_process_is_moved_after_a_look_at_what_it_means(browse: Client, world: World) -> None:
    browser, address = browse("hr"), f"{campaign(world)}/move"
    assert "Sammanställ" in browser.get(address)
    filled = {"element": "compilation", "closes": "2027-01-29", "reason": "Svaren finns på annat håll"}
    assert "15 öppna uppgifter stängs utan svar" in browser.post(address, **filled)
    assert len(world.open("collection")) == 15
    browser.post(address, **filled, step="confirm")
    assert browser.status == 302
    assert not world.open("collection")
    assert "flyttade processen från" in browser.get("/history/1")


def test_a_newer_version_is_offered_and_taken(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert "/cycles/1/migrate" not in browser.get("/cycles/1")
    browser.get("/cycles/1/migrate")
    assert browser.status == 409
    files = deployments.read_folder(WORKFLOWS / world.key)
    newer = files["annual_plan.bpmn"].replace("Sammanställ förslagen".encode(), "Sammanställ alla förslag".encode())
    with world.database.verb() as tx:
        deployments.deploy(tx, world.key, {**files, "annual_plan.bpmn": newer}, by=SYSTEM, now=world.now)
    assert "/cycles/1/migrate" in browser.get("/cycles/1")
    assert "1 följer en äldre version av processen" in browser.get("/processes/annual_plan/migrate")
    assert "15 öppna uppgifter följer med" in browser.get("/cycles/1/migrate")
    browser.post("/cycles/1/migrate", reason="Rättat namn")
    assert "efter version 2 av processen" in browser.follow()


def test_several_peoples_tasks_are_chosen_looked_at_and_handed_over_together(browse: Client, world: World) -> None:
    for position in ("chef-hs-1", "chef-hs-2"):
        world.hold(position, "vera")
    browser, wanted = browse("hr"), [world.open_of("collection", f"chef-hs-{n}").id for n in (1, 2, 4)]
    assert "/assign?activity=" in browser.get(campaign(world))
    found = browser.get("/assign?q=tora")
    assert "Kirurgkliniken" in found
    assert "Kulturenheten" not in found
    assert "Kryssa för minst en uppgift" in browser.post("/assign", step="begin", q="tora")
    assert browser.status == 422
    asked = browser.post("/assign", step="begin", q="tora", tasks=[str(each) for each in wanted])
    assert "Lämna över 3 uppgifter" in asked
    assert "Vera Påhitt (2 av 3)" in asked
    assert "Något behöver rättas" not in asked
    filled = {"tasks": [str(each) for each in wanted], "person": "vera", "reason": "Tora är sjuk"}
    shown = browser.post("/assign", **filled)
    assert "2 uppgifter lämnas över till Vera Påhitt" in shown
    assert "De här lämnas som de är:" in shown
    assert "befattningen ligger hos andra" in shown
    assert not [task for task in world.open("collection") if task.assignee_id]
    browser.post("/assign", **filled, step="confirm")
    assert browser.status == 409
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    browser.post("/assign", **filled, step="confirm", seen=seen)
    assert browser.status == 302
    assert "Uppgifterna är överlämnade" in browser.follow()
    assert len([task for task in world.open("collection") if task.assignee_id == "vera"]) == 2


def test_all_that_are_shown_are_taken_along_and_nobody_able_is_said(browse: Client, world: World) -> None:
    browser = browse("hr")
    page = browser.get("/assign?q=kultur")
    shown = page.partition('name="page" value="')[2].partition('"')[0]
    asked = browser.post("/assign", step="begin", scope="page", page=shown)
    assert "Ingen annan har eller står in för" in asked
    assert browser.status == 422
    for person in ("vera", "stig"):
        world.hold("chef-ru-2", person)
    assert "Lämna över 1 uppgift<" in browser.post("/assign", step="begin", scope="page", page=shown)
    assert "Ingen annan har eller står in för" in browser.post("/assign", step="begin", tasks="999999")
    assert browser.status == 422


def test_of_many_open_tasks_the_nearest_are_offered_and_a_search_or_a_step_shows_all(
    browse: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "MOST_UNASKED", 4)
    browser, step = browse("hr"), world.visits("collection", 2028)[-1].id
    nearest = world.open_of("collection", "chef-ru-2")
    with world.database.verb() as tx:
        tx.execute(user_task.update().where(user_task.c.id == nearest.id).values(due_at=world.now))
    assert "De 4 med närmast sista dag visas. Sök för att se andra." in browser.get("/assign")
    assert browser.page.count('name="tasks"') == 4
    assert nearest.unit_name in browser.page.partition('name="tasks"')[2].partition("</tr>")[0]
    for narrower in (f"activity={step}", "q=utbildningsbehov"):
        assert "med närmast sista dag visas" not in browser.get(f"/assign?{narrower}")
        assert browser.page.count('name="tasks"') == 15


def test_where_no_process_is_started_for_many_the_page_says_so_and_where_versions_are_changed(browse: Client) -> None:
    page = browse("hr").get("/batches")
    assert "Ingen av processerna startas för många" in page
    assert "Byte av version börjar på" in page
    assert 'href="/deployments"' in page
