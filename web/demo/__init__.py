"""The demo alone: sign in by picking a person, move the clock, read the mails that were sent."""

from flask import Flask, render_template

from web import slots
from web.context import now, services
from web.demo import clock, mailbox, people
from web.demo.blueprint import blueprint

__all__ = ["blueprint", "clock", "init_app", "mailbox", "people"]


def init_app(app: Flask) -> None:
    slots.fill_slot(app, "sign_in", lambda: render_template("demo/invitation.html"))
    slots.fill_slot(app, "page_top", clock_bar)


def clock_bar() -> str:
    return render_template(
        "demo/clock_bar.html", moment=now(), has_controls=services().config.demo_controls is not None
    )
