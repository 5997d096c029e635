"""Sending in a new version of a process: findings, what differs, the decision; and what is refused in words."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import escape

import pytest
from support.browsing import Browser, Client
from support.hostile import MARK, REAL, inside, zipped
from support.world import WORKFLOWS, World

from engine import deployments, history, identity
from engine.actor import SYSTEM, Actor
from engine.errors import Forbidden, NotFound
from engine.operations import deploying
from engine.process_instances import next_start
from engine.rules.calendar import civil_date
from engine.store.tables import staged_package

FILES = deployments.read_folder(WORKFLOWS / "annual_plan")
KEY = "annual_plan"
UPLOAD = "/deployments/upload"
RENAMED = REAL.replace(b'name="L\xc3\xa4mna utbildningsbehov"', b'name="Ber\xc3\xa4tta om behoven"').replace(
    b'closes="Y-2-12-31"', b'closes="Y-1-01-15"', 1
)


def send(browser: Browser, content: bytes, name: str = "annual_plan.bpmn") -> str:
    browser.get(UPLOAD)
    return browser.send_files(UPLOAD, "file", (name, content))


def staged(browser: Browser, content: bytes = RENAMED) -> str:
    """Send in what has nothing against it; the address of the page that shows the difference."""
    send(browser, content)
    assert browser.status == 302, browser.page
    address = browser.location
    browser.follow()
    return address


def held(world: World, person: str = "hr") -> str:
    """What a person has sent in and not decided about; the address of its page."""
    by = world.person(person)
    with world.database.verb() as tx:
        files = {**FILES, f"{KEY}.bpmn": RENAMED}
        digest = deploying.stage(tx, KEY, files, file_name="annual_plan.bpmn", by=by, now=world.now)
    return f"/deployments/staged/{digest}"


def newest(world: World) -> int:
    with world.page() as tx:
        return deployments.latest(tx, KEY).version


def deploy(world: World, files: dict[str, bytes]) -> None:
    with world.database.verb() as tx:
        deployments.deploy(tx, KEY, files, by=SYSTEM, now=world.now)


def test_a_diagram_goes_from_upload_over_the_difference_to_a_new_version(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert "/deployments" in browser.get("/cycles")
    assert UPLOAD in browser.get("/deployments")
    address = staged(browser)
    assert "Lämna utbildningsbehov → Berätta om behoven" in browser.page
    assert "31 december 2027" in browser.page
    assert "15 januari 2028" in browser.page
    assert "1 pågående stannar på den version som den har" in browser.page
    assert re.search(r'data-changed="[^"]*\bcollection\b', browser.page)
    assert browser.get(f"{address}/diagram.bpmn").encode() == RENAMED
    browser.get("/deployments")
    assert address in browser.page
    assert newest(world) == 1
    browser.get(address)
    browser.post(address, reason=" ")
    assert browser.status == 422
    assert "Skriv varför" in browser.page
    browser.post(address, reason="Chefernas önskemål")
    page = browser.follow()
    assert "Version 2 av Årlig utbildningsplanering är driftsatt." in page
    assert "Chefernas önskemål" in page
    assert world.person("hr").name in page
    assert "1 pågående följer en äldre version" in page
    assert "/processes/annual_plan/migrate" in page
    assert address not in page
    assert world.instance(2028).definition_id == 1
    with world.page() as tx:
        (event,) = [e for e in history.search(tx, types=["definition_deployed"]).events if e.body["version"] == 2]
    assert (event.actor, event.body["reason"]) == ("hr", "Chefernas önskemål")
    assert "driftsatte version 2" in browser.get("/history?kind=technical")


def test_what_is_as_it_was_is_folded_and_the_moment_is_the_process_clocks(browse: Client, world: World) -> None:
    browser = browse("hr")
    world.go_to("2026-12-02")
    page = browser.get(staged(browser))
    shown, _, folded = page.partition('id="list-heading"')[2].partition("<details")
    assert shown.count('class="drawn__item"') == 1
    assert "Berätta om behoven" in shown
    unchanged = re.search(r"(\d+) element är som de var", folded)
    assert unchanged is not None
    assert folded.partition("</details>")[0].count('class="drawn__item"') == int(unchanged[1])
    assert "annual_plan.bpmn, 2 december 2026 kl." in page
    assert "2 december 2026 kl." in browser.get("/deployments").partition("Väntar på ditt beslut")[2]


def test_a_whole_package_shows_what_of_its_forms_records_and_texts_differs(browse: Client, world: World) -> None:
    form = json.loads(FILES["forms/collection.json"])
    form["components"].append({"type": "textfield", "key": "extra", "label": "Något mer", "label_en": "Anything else"})
    record = json.loads(FILES["records/proposal.json"])
    record["properties"]["extra"] = {"type": "string", "title": "Tillägg", "title_en": "Addition"}
    changed = {
        **FILES,
        "forms/collection.json": json.dumps(form).encode(),
        "records/proposal.json": json.dumps(record).encode(),
        "messages/thanks.toml": b'subject = "Tack"\nsubject_en = "Thanks"\nbody = "Tack."\nbody_en = "Thanks."',
        "package.toml": FILES["package.toml"].replace(b"Y-2-11-01", b"Y-2-10-01"),
    }
    browser = browse("hr")
    staged(browser, zipped(changed | {"logo.png": b"x"}))
    for words in ("Något mer", "Ny uppgift: Tillägg", "thanks", "1 oktober 2027", "logo.png: Filen är inget"):
        assert words in browser.page, words


def test_a_new_day_of_start_is_planned_anew(browse: Client, world: World) -> None:
    world.start_by_calendar()
    browser = browse("hr")
    changed = {**FILES, "package.toml": FILES["package.toml"].replace(b"Y-2-11-01", b"Y-2-10-01")}
    browser.post(staged(browser, zipped(changed)), reason="Tidigare")
    with world.page() as tx:
        waits = next_start(tx, KEY)
    assert waits is not None
    assert civil_date(waits.due_at).isoformat() == "2027-10-01"


def test_every_fault_is_told_at_once_and_nothing_is_held(browse: Client, world: World) -> None:
    browser = browse("hr")
    page = send(browser, inside(b'<bpmn:task id="q" name="Q"/><bpmn:scriptTask id="r" name="R"/>'))
    assert browser.status == 422
    assert "Inget är driftsatt" in page
    for words in (
        "<strong>Q</strong>",
        "<code>q</code>",
        "<strong>R</strong>",
        "Välj användaruppgift",
        "rad 5",
        "Hindrar",
    ):
        assert words in page, words
    browser.client.post("/language/en", data={"csrf_token": re.search(r'csrf_token" value="([^"]+)', page)[1]})
    page = send(browser, inside(b'<bpmn:task id="q" name="Q"/>'))
    assert "Make it a user task if a person does it" in page
    assert "Väntar på ditt beslut" not in browser.get("/deployments")


def test_a_huge_number_of_faults_is_told_up_to_a_limit_with_how_many_more(browse: Client, world: World) -> None:
    page = send(browse("hr"), inside(b"".join(b'<bpmn:task id="q%d"/>' % n for n in range(900))))
    assert page.count('class="finding"') == 200
    assert "fel till visas inte" in page


@pytest.mark.parametrize("person", ["hrchef", "tora", "revi", "sysa"])
def test_who_may_not_deploy_is_refused_by_the_pages_and_by_the_engine(
    person: str, browse: Client, world: World
) -> None:
    browser, address = browse(person), held(world)
    for path in (UPLOAD, address, f"{address}/diagram.bpmn", "/definitions/1/package.zip"):
        browser.get(path)
        assert browser.status == 403, path
    digest, by = address.rpartition("/")[2], world.person(person)
    with pytest.raises(Forbidden), world.database.verb() as tx:
        deploying.deploy_staged(tx, digest, reason="x", by=by, now=world.now)
    with pytest.raises(Forbidden), world.database.verb() as tx:
        deploying.stage(tx, KEY, FILES, file_name="x", by=by, now=world.now)
    assert newest(world) == 1


def test_what_one_person_sent_in_is_nobody_elses(world: World) -> None:
    digest = held(world).rpartition("/")[2]
    with world.database.verb() as tx:
        identity.add_person(tx, "hr2", "Nya Påhitt", "hr2@region.example")
        position = next(p.id for p in identity.positions_with_role(tx, ["hr_strateg"], civil_date(world.now)))
        identity.add_holding(tx, position, "hr2", now=world.now)
    with pytest.raises(NotFound), world.database.verb() as tx:
        deploying.deploy_staged(tx, digest, reason="x", by=Actor("hr2", "Nya Påhitt"), now=world.now)


def test_a_version_deployed_meanwhile_refuses_the_older_look(browse: Client, world: World) -> None:
    browser, address = browse("hr"), held(world)
    browser.get(address)
    deploy(world, {**FILES, "README.md": b"# Newer\n"})
    browser.post(address, reason="Chefernas önskemål")
    assert browser.status == 409
    assert "En annan version driftsattes" in browser.page
    assert UPLOAD in browser.page
    assert newest(world) == 2
    browser.get(address)
    assert "En annan version hann före" in browser.page
    assert "Driftsätt version" not in browser.page


def test_two_who_send_the_same_at_once_make_one_version(browse: Client, world: World) -> None:
    browser, address = browse("hr"), held(world)
    browser.get(address)
    browser.post(address, reason="En gång")
    browser.get(UPLOAD)
    browser.post(address, reason="En gång till")
    assert browser.status == 404
    assert newest(world) == 2


def test_the_same_content_again_is_refused_with_its_version(browse: Client, world: World) -> None:
    page = send(browse("hr"), REAL)
    assert "detsamma som i version 1" in page


def test_roles_changed_meanwhile_are_not_brought_back(browse: Client, world: World) -> None:
    browser, address = browse("hr"), held(world)
    browser.get(address)
    with world.database.verb() as tx:
        files = deployments.read_folder(WORKFLOWS / "guideline_revision")
        files["roles.toml"] += b'\n[extra]\nsv = "extra"\nen = "extra"\n'
        deployments.deploy(tx, "guideline_revision", files, by=SYSTEM, now=world.now)
    browser.post(address, reason="x")
    assert browser.status == 409
    assert "Rollerna har ändrats" in browser.page
    assert newest(world) == 1


def test_what_waits_too_long_is_forgotten_and_what_is_removed_is_gone(browse: Client, world: World) -> None:
    browser, address = browse("hr"), held(world)
    browser.get(address)
    browser.post(f"{address}/discard")
    assert "Filen är borttagen" in browser.follow()
    browser.get(address)
    assert browser.status == 404
    address = held(world)
    with world.database.verb() as tx:
        long_ago = tx.recorded_at - deploying.KEPT_FOR - timedelta(minutes=1)
        tx.execute(staged_package.update().values(staged_at=long_ago))
    browser.get(address)
    assert browser.status == 404
    assert address not in browser.get("/deployments")


def test_one_person_holds_a_few_packages_at_most(world: World) -> None:
    hr = world.person("hr")
    for number in range(deploying.KEPT_AT_MOST + 3):
        with world.database.verb() as tx:
            files = {**FILES, "README.md": b"# %d\n" % number}
            deploying.stage(tx, KEY, files, file_name=f"{number}.zip", by=hr, now=world.now)
    with world.page() as tx:
        assert len(deploying.waiting(tx, by=hr)) == deploying.KEPT_AT_MOST


def test_a_package_comes_out_as_a_zip_that_goes_in_again(browse: Client, world: World) -> None:
    browser = browse("hr")
    content = browser.client.get("/definitions/1/package.zip").get_data()
    assert "detsamma som i version 1" in send(browser, content, "annual_plan-1.zip")


def test_an_auditor_reads_who_deployed_what_and_has_no_button(browse: Client, world: World) -> None:
    browser = browse("revi")
    page = browser.get("/deployments")
    assert browser.status == 200
    assert "SHA-256" in page
    assert UPLOAD not in page


def test_no_file_and_an_empty_file_are_refused_with_what_to_do(browse: Client, world: World) -> None:
    browser = browse("hr")
    assert "Välj en fil som inte är tom." in send(browser, b"")
    browser.post(UPLOAD)
    assert browser.status == 422


def test_a_file_larger_than_the_limit_is_refused_in_words(browse: Client, world: World) -> None:
    assert "2 MB" in send(browse("hr"), b"<a>" * 1_000_000)


def test_html_in_names_ids_and_the_file_name_comes_out_as_text(browse: Client, world: World) -> None:
    browser = browse("hr")
    page = send(browser, inside(f'<bpmn:task id="q" name="{escape(MARK)}"/>'.encode()), f"{MARK}.bpmn")
    assert MARK not in page
    assert page.count(escape(MARK)) >= 2
