"""The year wheel for an intranet, at a secret address: a page for a frame, and a picture. Nobody's name is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.dates import get_month_names
from flask import Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from engine import wheel_links
from web import dates, embedding
from web.cockpit.blueprint import blueprint
from web.cockpit.overview import asked_year
from web.cockpit.wheel import Wheel, year_wheel, years
from web.context import database, now
from web.language import LANGUAGES
from web.permissions import allow

LIMIT = "600 per minute"
"""From one address: a whole organisation may stand behind one."""

STYLES = Path(__file__).parents[1] / "static" / "dist" / "embedded.css"


@dataclass(frozen=True)
class Shown:
    """What page and picture draw."""

    wheel: Wheel
    years: list[int]
    token: str

    @property
    def facts(self) -> dict[str, object]:
        return {
            "wheel": self.wheel,
            "years": self.years,
            "token": self.token,
            "today": dates.today(),
            "month_names": get_month_names("abbreviated", locale=get_locale()),
        }


@blueprint.get("/wheel/<token>")
@allow("public")
def embedded_wheel(token: str) -> ResponseReturnValue:
    shown = read(token)
    embedding.allow()
    return render_template("cockpit/embedded_wheel.html", **shown.facts)


@blueprint.get("/wheel/<token>.svg")
@allow("public")
def embedded_picture(token: str) -> Response:
    shown = read(token)
    embedding.allow()
    drawn = render_template("cockpit/embedded_wheel.svg", styles=styles(), **shown.facts)
    return Response(drawn.strip(), content_type="image/svg+xml; charset=utf-8")


def read(token: str) -> Shown:
    """The wheel at the address, in the language and year that it asks for. 404 when it has been revoked."""
    if request.args.get("lang") in LANGUAGES:
        g.locale = request.args["lang"]
    with current_app.extensions["arshjul_limiter"].limit(LIMIT), database().page() as tx:
        found = wheel_links.read(tx, token, now())
    today = dates.today()
    known = sorted({*years(found), today.year})
    year = asked_year(request.args.get("year"), known, today)
    return Shown(year_wheel(found, year, today), known, token)


@cache
def styles() -> Markup:
    """The picture brings its own styles: it can fetch none."""
    return Markup(STYLES.read_text(encoding="utf-8"))  # noqa: S704 (our own file)
