"""The mails that the demo has sent, as text."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from engine import identity, mails
from web.context import database, services
from web.demo.blueprint import blueprint
from web.permissions import allow

SHOWN = 50


@blueprint.get("/demo/mailbox")
@allow("demo")
def mailbox() -> ResponseReturnValue:
    person_id = request.args.get("person") or None
    with database().page() as tx:
        newest = mails.sent_mails(tx, SHOWN, person_id)
        latest = newest if person_id is None else mails.sent_mails(tx, 500)
        chosen = identity.person_name(tx, person_id)
    people = sorted({(mail.name, mail.person_id) for mail in latest})
    return render_template("demo/mailbox.html", mails=newest, people=people, person_id=person_id, chosen=chosen)


@blueprint.get("/demo/mailbox/<int:mail_id>")
@allow("demo")
def mail(mail_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = mails.get_mail(tx, mail_id)
    if found is None:
        abort(404)
    return render_template("demo/mail.html", mail=found, text=linked(found.text))


def linked(text: str) -> Markup:
    """The text with our own addresses as links within this site."""
    own = services().config.public_url.rstrip("/") + "/"
    words = []
    for word in text.split(" "):
        parts = [
            Markup('<a class="govuk-link" href="{}">{}</a>').format("/" + part.removeprefix(own), part)
            if part.startswith(own)
            else escape(part)
            for part in word.split("\n")
        ]
        words.append(Markup("\n").join(parts))
    return Markup(" ").join(words)
