"""Sentences about work on many instances at once."""

from __future__ import annotations

from engine.history import Event
from web.audit.naming import Names
from web.audit.sentences.parts import by_type, who
from web.words import gettext as _


def batch_made(e: Event, n: Names) -> str:
    facts = {name: e.body.get(name) for name in ("total", "key", "set_aside")}
    if e.body.get("kind") == "start":
        return _(
            "%(who)s förberedde att starta %(total)s av processen %(key)s; %(set_aside)s lades åt sidan.",
            who=who(e, n), **facts,
        )  # fmt: skip
    return _(
        "%(who)s förberedde byte av version för %(total)s av processen %(key)s; %(set_aside)s lades åt sidan.",
        who=who(e, n), **facts,
    )  # fmt: skip


def batch_begun(e: Event, n: Names) -> str:
    return _("%(who)s lät arbetet med %(total)s börja.", who=who(e, n), total=e.body.get("total"))


def batch_paused(e: Event, n: Names) -> str:
    return _("%(who)s pausade arbetet med många.", who=who(e, n))


def batch_resumed(e: Event, n: Names) -> str:
    return _("%(who)s återupptog arbetet med många.", who=who(e, n))


def batch_cancelled(e: Event, n: Names) -> str:
    return _("%(who)s avbröt arbetet med många; %(left)s blev inte gjorda.", who=who(e, n), left=e.body.get("left"))


def batch_retried(e: Event, n: Names) -> str:
    return _("%(who)s lät %(items)s som lagts åt sidan prövas igen.", who=who(e, n), items=e.body.get("items"))


def batch_ended(e: Event, _n: Names) -> str:
    return _(
        "Arbetet med många är klart: %(done)s gjorda, %(set_aside)s åt sidan.",
        done=e.body.get("done"), set_aside=e.body.get("set_aside"),
    )  # fmt: skip


MAKERS = by_type(
    batch_made, batch_begun, batch_paused, batch_resumed, batch_cancelled, batch_retried, batch_ended,
)  # fmt: skip
