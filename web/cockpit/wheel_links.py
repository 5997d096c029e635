"""Addresses of the year wheel for an intranet: making one, shown once, and taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import wheel_links
from engine.errors import InvalidInput
from web import embedding
from web.cockpit.blueprint import blueprint
from web.context import actor, database, now, services
from web.permissions import allow
from web.words import gettext as _


@blueprint.get("/wheel-links")
@allow("operate")
def wheel_addresses() -> ResponseReturnValue:
    return show()


@blueprint.post("/wheel-links")
@allow("operate")
def make_wheel_address() -> ResponseReturnValue:
    """A new address, shown in this answer and never again."""
    label = request.form.get("label", "")
    try:
        with database().verb() as tx:
            token = wheel_links.make(tx, label, by=actor(), now=now())
    except InvalidInput as refused:
        return show(label=label[:300], problem=sentence(refused)), 422
    base = services().config.public_url.rstrip("/")
    return show(base + url_for("cockpit.embedded_wheel", token=token))


@blueprint.post("/wheel-links/<int:link_id>/revoke")
@allow("operate")
def revoke_wheel_address(link_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        wheel_links.revoke(tx, link_id, by=actor(), now=now())
    flash(_("Adressen fungerar inte längre."), "success")
    return redirect(url_for("cockpit.wheel_addresses"))


def sentence(refused: InvalidInput) -> str:
    most = refused.params.get("most")
    return {
        "label_missing": lambda: _("Skriv var årshjulet ska visas, till exempel Intranätets HR-sida."),
        "too_long": lambda: _("Skriv högst %(count)d tecken.", count=most),
        "too_many_links": lambda: _("Det finns redan %(count)d adresser. Stäng en som inte används.", count=most),
    }[str(refused.params["reason"])]()


def show(address: str = "", *, label: str = "", problem: str = "") -> str:
    with database().page() as tx:
        found = wheel_links.links(tx)
    origins = embedding.parse(services().config.embed_origins)
    return render_template(
        "cockpit/wheel_links.html", links=found, address=address, label=label, problem=problem, origins=origins
    )
