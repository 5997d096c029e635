"""What an entry of the access log says: what was tried or read, in a sentence without the person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.rules import calendar
from web import dates
from web.words import gettext as _
from web.words import lazy_gettext as _l

WHOLE = {
    "history": _l("Läste historiken"),
    "access log": _l("Läste åtkomstloggen"),
    "access log csv": _l("Hämtade åtkomstloggen som CSV"),
    "verify": _l("Lät kontrollera historiken"),
    "bundle": _l("Hämtade ett signerat granskningspaket"),
    "checkpoint": _l("Hämtade en kontrollpunkt"),
}
OF_PLAN = {
    "": _l("Läste historiken för %(plan)s"),
    "csv": _l("Hämtade historiken för %(plan)s som CSV"),
    "items": _l("Läste om insatser och förslag i %(plan)s"),
    "departures": _l("Läste vad som hände mot riktlinjen i %(plan)s"),
    "departures csv": _l("Hämtade det som hände mot riktlinjen i %(plan)s som CSV"),
}


def sentence(entry: Any, plans: Mapping[int, str]) -> str:
    """`plans`: what each instance is called."""
    if entry.action == "sign_in":
        return _signed_in(entry.outcome)
    if entry.action == "read_attachment":
        return _("Hämtade bilaga nr %(number)s", number=entry.target.removeprefix("attachment "))
    if entry.action == "read_history":
        return _read(entry.target, plans)
    if entry.outcome == "404":
        return _("Sökte något som inte finns eller inte får ses: %(address)s", address=entry.target)
    if entry.action.startswith(("GET ", "HEAD ")):
        return _("Nekades att läsa %(address)s", address=entry.target)
    return _("Nekades att göra något på %(address)s", address=entry.target)


def _signed_in(outcome: str) -> str:
    if outcome == "200":
        return _("Loggade in")
    if outcome == "429":
        return _("Nekades att logga in: för många försök")
    return _("Nekades att logga in: fel användarnamn eller lösenord")


def _read(target: str, plans: Mapping[int, str]) -> str:
    what, _space, rest = target.partition(" ")
    if target in WHOLE:
        return str(WHOLE[target])
    if what == "export":
        return _("Hämtade hela historiken: %(file)s", file=rest)
    if what == "record":
        return _("Läste om insats eller förslag nr %(number)s", number=rest)
    if found := re.fullmatch(r"instance (\d+) ?(.*)", target):
        plan, part = plans.get(int(found[1])) or _("plan nr %(number)s", number=found[1]), found[2]
        if part in OF_PLAN:
            return str(OF_PLAN[part]) % {"plan": plan}
        if day := re.fullmatch(r"as of (\S+) \w+", part):
            return _("Läste hur %(plan)s såg ut %(day)s", plan=plan, day=dates.day(calendar.typed_day(day[1])))
    return target
