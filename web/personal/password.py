"""A new password, chosen by whose it is."""

from __future__ import annotations

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import accounts
from engine.errors import InvalidInput, NotPossible
from engine.passwords import LONGEST, SHORTEST
from web.auth import session
from web.context import actor, database, now, services
from web.permissions import allow
from web.personal.blueprint import blueprint
from web.personal.routes import show
from web.words import gettext as _

MOST_READ = 1000


@blueprint.post("/settings/password")
@allow("signed_in")
def change_password() -> ResponseReturnValue:
    """Done, this window stays signed in and every other is signed out."""
    current, password = (request.form.get(name, "")[:MOST_READ] for name in ("current_password", "new_password"))
    try:
        with current_app.extensions["arshjul_limiter"].limit(services().config.sign_in_limit):
            accounts.change_password(database(), current, password, by=actor(), now=now(), address=request.remote_addr)
    except InvalidInput as refused:
        field = "current_password" if refused.params["field"] == "current" else "new_password"
        return show(problem=(field, REASONS[refused.params["reason"]]())), 422
    except NotPossible:
        return show(problem=("current_password", wait())), 422
    session.begin(current_user.id)
    flash(_("Lösenordet är bytt. Du är utloggad överallt utom här."), "success")
    return redirect(url_for("personal.settings"))


def wait() -> str:
    return _("Det har blivit fel flera gånger. Vänta en minut och försök igen.")


REASONS = {
    "wrong": lambda: _("Det är inte ditt nuvarande lösenord. Skriv det du loggade in med."),
    "too_short": lambda: _("Skriv minst %(count)d tecken.", count=SHORTEST),
    "too_long": lambda: _("Skriv högst %(count)d tecken.", count=LONGEST),
    "common": lambda: _("Det är för lätt att gissa. Välj ett annat."),
    "contains_username": lambda: _("Användarnamnet står i det. Välj ett annat."),
}
