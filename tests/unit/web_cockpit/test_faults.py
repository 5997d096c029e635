"""A technical fault is shown in words, and mended with a reason."""

import sqlalchemy as sa
from support.browsing import Client
from support.world import World

from engine import history, incidents
from engine.store.tables import incident, instance


def test_a_technical_fault_is_shown_and_tried_again_with_a_reason(browse: Client, world: World) -> None:
    with world.database.verb() as tx:
        fault = incidents.raise_incident(tx, kind="job_timer", message="boom", now=world.now, instance_id=1)
    browser = browse("hr")
    assert "Tekniskt fel sedan" in browser.get("/cycles/1")
    browser.get(f"/cycles/1/faults/{fault}")
    assert "Skriv vad du har gjort åt felet" in browser.post(f"/cycles/1/faults/{fault}", reason=" ")
    browser.post(f"/cycles/1/faults/{fault}", reason="Disken var full")
    assert "markerat som åtgärdat" in browser.follow()
    with world.page() as tx:
        assert tx.scalar(sa.select(incident.c.state).where(incident.c.id == fault)) == "resolved"


def test_a_value_that_the_diagram_reads_is_corrected_with_the_fault(browse: Client, world: World) -> None:
    gateway = "gw_review_needed"
    with world.database.verb() as tx:
        fault = incidents.raise_incident(
            tx, kind="diagram_no_way_out", message="no_way_out", now=world.now, instance_id=1, element_id=gateway
        )
    browser, page = browse("hr"), f"/cycles/1/faults/{fault}"
    assert "Inget av villkoren efter" in browser.get("/cycles/1")
    assert "Inget av villkoren efter" in browser.get(page)
    assert "Skriv värdet som" in browser.post(page, reason="Fel värde", variable="decided", value="kanske")
    assert browser.status == 422
    assert "Välj ett av processens värden" in browser.post(page, reason="Fel värde", variable="nej", value="true")
    browser.post(page, reason="Fel värde", variable="decided", value="true")
    assert "markerat som åtgärdat" in browser.follow()
    with world.page() as tx:
        assert tx.scalar(sa.select(instance.c.variables).where(instance.c.id == 1))["decided"] is True
    with world.page() as tx:
        assert [e.body["new"] for e in history.timeline(tx, 1, types=["variable_corrected"])] == [True]
