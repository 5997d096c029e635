"""Sign-in and sign-out."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user

from engine import access_log, accounts
from engine.errors import EngineError
from web.auth import session
from web.context import actor, database, now, services
from web.permissions import allow
from web.redirects import safe_path
from web.words import gettext as _

blueprint = Blueprint("auth", __name__, template_folder="templates")


@blueprint.get("/sign-in")
@allow("public")
def sign_in() -> ResponseReturnValue:
    following = safe_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(following)
    return render_template("auth/sign_in.html", following=following, username="", problem=None)


@blueprint.post("/sign-in")
@allow("public")
def check_sign_in() -> ResponseReturnValue:
    following = safe_path(request.form.get("next"))
    username = request.form.get("username", "").strip()[:254]
    limiter = current_app.extensions["arshjul_limiter"]
    try:
        with limiter.limit(services().config.sign_in_limit):
            person_id, problem, outcome = check_password(username, request.form.get("password", "")[:1000])
    except RateLimitExceeded:
        note_attempt(username, "429")
        raise
    if person_id is not None and session.begin(person_id):
        note_attempt(username, "200")
        return redirect(following)
    note_attempt(username, outcome)
    page = render_template("auth/sign_in.html", following=following, username=username, problem=problem)
    return page, 422


def check_password(username: str, password: str) -> tuple[str | None, str, str]:
    """The person's id, or None; what to say of a failure, and how the access log calls it.

    An unknown name, a wrong password and one that has been wrong too often sound the same.
    """
    wrong = _(
        "Användarnamnet eller lösenordet stämmer inte. "
        "Efter flera fel behöver du vänta en minut innan du försöker igen. "
        "Har du glömt lösenordet, be den som sköter konton om ett nytt."
    )
    try:
        return accounts.authenticate(database(), username, password, address=request.remote_addr), wrong, "422"
    except EngineError:
        return None, wrong, "429"


def note_attempt(username: str, outcome: str) -> None:
    """For the access log: whose account and from where; a name that nobody has may be a password typed too early."""
    with database().verb() as tx:
        person_id = accounts.person_called(tx, username)
        access_log.note(tx, person_id, "sign_in", request.path, outcome, request.remote_addr)


@blueprint.post("/sign-out")
@allow("public")
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with database().verb() as tx:
            accounts.end_sessions(tx, current_user.id, by=actor(), now=now())
    session.end()
    return redirect(url_for("auth.sign_in"))
