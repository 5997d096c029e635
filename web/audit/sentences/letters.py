"""What people were told."""

from __future__ import annotations

from engine.history import Event
from web.audit.naming import Names
from web.audit.sentences.parts import by_type, titled, who
from web.words import gettext as _
from web.words import ngettext

NAMED = 5
"""Units in one sentence."""


def notice(e: Event, _n: Names) -> str:
    people = int(e.body.get("people") or 0)
    return ngettext(
        "Meddelandet ”%(subject)s” gick till %(num)d person.",
        "Meddelandet ”%(subject)s” gick till %(num)d personer.",
        people,
        subject=e.body.get("subject"),
    )


def reminded(e: Event, n: Names) -> str:
    people = int(e.body.get("people") or 0)
    return ngettext(
        "%(who)s påminde %(num)d person som inte har svarat på ”%(step)s”.",
        "%(who)s påminde %(num)d personer som inte har svarat på ”%(step)s”.",
        people,
        who=who(e, n),
        step=titled(e, n),
    )


def escalated(e: Event, n: Names) -> str:
    missing = int(e.body.get("missing") or 0)
    return ngettext(
        "%(people)s fick veta att %(num)d svar saknas på ”%(step)s” (%(units)s).",
        "%(people)s fick veta att %(num)d svar saknas på ”%(step)s” (%(units)s).",
        missing,
        people=n.people(list(e.body.get("to") or [])),
        step=titled(e, n),
        units=first_of(e.body.get("units") or [], missing),
    )


def first_of(units: list[str], missing: int) -> str:
    """Whose answers were missing; when they are many the event's details name the others."""
    named, more = "; ".join(units[:NAMED]), missing - NAMED
    return f"{named} {_('och %(count)d till', count=more)}" if more > 0 else named


def mail_maybe_sent_twice(e: Event, _n: Names) -> str:
    return _("Brevet nr %(number)s kan ha kommit fram två gånger.", number=e.body.get("mail"))


MAKERS = by_type(
    notice, reminded, escalated, mail_maybe_sent_twice,
)  # fmt: skip
