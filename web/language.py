"""Swedish first, English one click away: the saved choice of who is signed in, else the cookie's, else Swedish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel, get_translations, refresh
from flask_login import current_user

from web import dates
from web.context import services

LANGUAGES = ("sv", "en")


def chosen() -> str:
    """The language's code: sv or en."""
    if current_user.is_authenticated and current_user.locale in LANGUAGES:
        return str(current_user.locale)
    kept = request.cookies.get(cookie_name())
    return kept if kept in LANGUAGES else "sv"


def cookie_name() -> str:
    return "__Host-language" if services().config.https else "language"


def remember() -> None:
    g.locale = chosen()


def locale() -> str:
    """Also for what is rendered before the language was chosen, such as a refused request."""
    if "locale" not in g:
        remember()
    found: str = g.locale
    return found


def change(language: str) -> None:
    """What is said from now on in this request is said in that language."""
    g.locale = language
    g.pop("catalogue", None)
    refresh()


def catalogue() -> Any:
    """The reader's translations, found once for a request: a page has a hundred texts."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def set_cookie(response: Response, language: str) -> Response:
    response.set_cookie(
        cookie_name(),
        language,
        max_age=365 * 24 * 3600,
        secure=services().config.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Stockholm"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent / "translations")
    Babel(app, default_locale="sv", locale_selector=locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.before_request(remember)
    app.jinja_env.globals["locale"] = locale
    app.jinja_env.filters.update(
        day=dates.day,
        full_day=dates.full_day,
        moment=dates.moment,
        moment_of_wall=dates.moment_of_wall,
        clock_time=dates.clock_time,
        relative_day=dates.relative_day,
        last_day=dates.last_day,
        machine_day=dates.machine_day,
    )
