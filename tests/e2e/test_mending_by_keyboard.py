"""When the process itself must be helped on, without a mouse on a narrow screen: try again, change version, move."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from support.keyboard import come, ensure_whole, forget_and_mend, log_out, mend, press, write, write_day
from support.served import TODAY, Served

from arshjul.composition import WORKFLOWS
from engine import deployments, incidents
from engine.actor import SYSTEM
from engine.store.database import Tx
from engine.store.tables import instance, job

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLLECTION = "Lämna utbildningsbehov för 2028"
LOOKED_THROUGH_MS = 60_000


def put_in(lively: Served, write_it: Callable[[Tx], None]) -> None:
    """In a thread of its own: V8 does not run in that of the browser's loop."""

    def inside() -> None:
        with lively.database.verb() as tx:
            write_it(tx)

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(inside).result()


def stop_a_reminder(tx: Tx) -> None:
    """A reminder of the plan for 2028 has failed for good."""
    due = sa.select(job).join(instance, instance.c.id == job.c.instance_id).where(instance.c.plan_year == 2028)
    found = tx.one(due.where(job.c.kind == "reminder", job.c.state == "due").order_by(job.c.id).limit(1))
    assert found is not None
    tx.execute(job.update().where(job.c.id == found.id).values(state="failed", attempts=5, due_at=TODAY))
    incidents.raise_incident(
        tx, kind="job_reminder", message="no answer", now=TODAY, instance_id=found.instance_id, job_id=found.id
    )


def deploy_newer(tx: Tx) -> None:
    newer = deployments.read_folder(WORKFLOWS / "annual_plan") | {"README.md": b"# Newer\n"}
    deployments.deploy(tx, "annual_plan", newer, by=SYSTEM, now=TODAY)


def test_what_stopped_is_tried_again_with_what_was_done_about_it(lively: Served, keys: Page) -> None:
    put_in(lively, stop_a_reminder)
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, "Utbildningsplan 2028", "Utbildningsplan 2028")
    ensure_whole(keys, "fault on the plan")
    press(keys, "Försök igen 1", "Försök igen efter ett tekniskt fel")
    forget_and_mend(keys, "Försök igen", "Skriv vad du har gjort", "Servern är igång", "markerat som åtgärdat")
    expect(keys.get_by_role("main")).not_to_contain_text("Tekniskt fel sedan")
    log_out(keys)


def test_one_plan_and_then_all_go_on_under_the_newer_version(lively: Served, keys: Page) -> None:
    put_in(lively, deploy_newer)
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, "Utbildningsplan 2027", "Utbildningsplan 2027")
    press(keys, "Byt till den nya versionen av processen", "Byt till den nya versionen av processen")
    forget_and_mend(keys, "Byt version", "varför", "Nya texter", "följer nu den nya versionen")
    keys.goto(lively.url + "/cycles")
    press(keys, "Utbildningsplan 2028", "Utbildningsplan 2028")
    press(keys, "Byt version för alla som pågår", "Byt version för alla som pågår")
    write(keys, "reason", "Nya texter")
    press(keys, "Se vad som ändras för var och en")
    change = keys.get_by_role("button", name="Byt version för 2")
    expect(change).to_be_visible(timeout=LOOKED_THROUGH_MS)
    ensure_whole(keys, "migrating all, looked through")
    press(keys, "Byt version för 2")
    expect(keys.get_by_role("main")).to_contain_text("2 av 2 är klara.", timeout=LOOKED_THROUGH_MS)
    log_out(keys)


def test_the_process_is_moved_after_a_look_at_the_days_that_clash(lively: Served, keys: Page) -> None:
    come(keys, lively, "hr_strateg", "/cycles")
    press(keys, COLLECTION, COLLECTION)
    press(keys, "Görs sällan")
    press(keys, "Flytta processen till en annan uppgift", "Flytta processen till en annan uppgift")
    press(keys, "Visa vad som händer")
    mend(keys, "Välj ett av alternativen")
    ensure_whole(keys, "moving refused")
    keys.keyboard.type("Sammanställ")
    write_day(keys, "Sista dag för den uppgiften", "2027-02-10")
    write(keys, "reason", "Alla svar finns på annat håll")
    press(keys, "Visa vad som händer")
    expect(keys.get_by_role("heading", name="Det här krockar med den nya dagen:")).to_be_visible()
    ensure_whole(keys, "moving, with clashes")
    press(keys, "Ändra")
    expect(keys.get_by_role("button", name="Visa vad som händer")).to_be_visible()
    write_day(keys, "Sista dag för den uppgiften", "2027-01-31")
    press(keys, "Visa vad som händer")
    expect(keys.get_by_role("heading", name="Det här händer:")).to_be_visible()
    expect(keys.get_by_role("heading", name="Det här krockar med den nya dagen:")).to_have_count(0)
    press(keys, "Flytta processen")
    expect(keys.get_by_role("main")).to_contain_text("Processen är flyttad.")
    log_out(keys)
