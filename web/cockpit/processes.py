"""One process with very many instances: counted, found by business key, listed a page at a time."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import portfolios
from web.cockpit.blueprint import blueprint
from web.context import database, now
from web.permissions import allow


@blueprint.get("/processes/<key>")
@allow("cockpit")
def process(key: str) -> ResponseReturnValue:
    text = request.args.get("begins", "").strip()[:120]
    after = request.args.get("after", "")[:120]
    with database().page() as tx:
        found, ended = portfolios.portfolio(tx, key, now()), portfolios.ended(tx, key)
        members = portfolios.members(tx, key, text=text, after=after)
    return render_template(
        "cockpit/process.html",
        process=found,
        ended=ended,
        members=members,
        text=text,
        following=members[-1].business_key if len(members) == portfolios.PAGE else None,
        may_operate="operate" in current_user.capabilities,
    )
