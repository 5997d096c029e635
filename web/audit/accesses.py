"""The access log: refused attempts, readings of the history and sign-ins. Reading it is itself noted, afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import access_log, identity, instances
from engine.rules import calendar
from engine.store.database import Tx
from web import csvfile, dates
from web.audit import access_words, reading
from web.audit.blueprint import blueprint
from web.context import database, in_words
from web.permissions import allow
from web.words import gettext as _
from web.words import lazy_gettext as _l

KINDS = {"refused": _l("Nekade försök"), "reading": _l("Läsning av historiken"), "sign_in": _l("Inloggningar")}
PAGE = 50
MOST_LINES = 50_000


@dataclass(frozen=True)
class Asked:
    """What the reader asked for; `asked_for` holds it as written."""

    asked_for: dict[str, str]
    before: int | None

    @property
    def unread(self) -> list[str]:
        """The days that are no days, which the answer is not narrowed by."""
        return [
            name
            for name in ("since", "until")
            if name in self.asked_for and calendar.typed_day(self.asked_for[name]) is None
        ]


@dataclass(frozen=True)
class Line:
    """One entry as it is read."""

    entry: Any
    who: str
    said: str


@blueprint.get("/history/access-log")
@allow("history")
def accesses() -> ResponseReturnValue:
    asked = _asked()
    with database().page() as tx:
        lines, older = _find(tx, asked, PAGE)
    reading.note_reading("access log")
    return render_template(
        "audit/accesses.html",
        question=asked,
        unread=lambda each: each.unread,
        kinds={kind: str(name) for kind, name in KINDS.items()},
        lines=lines,
        older=older,
    )


@blueprint.get("/history/access-log.csv")
@allow("history")
def accesses_csv() -> Response:
    """The newest entries that fit, as many as a spreadsheet takes."""
    with database().page() as tx:
        lines, _older = _find(tx, _asked(), MOST_LINES)
    reading.note_reading("access log csv")
    header = [_("Nummer"), _("Tid (UTC)"), _("Tid"), _("Vem"), _("Vad"), _("Varifrån"), _("Svar"), _("Adress")]
    return csvfile.download("atkomstlogg.csv", header, [_cells(line) for line in lines])


def _cells(line: Line) -> list[object]:
    entry = line.entry
    said_at = dates.moment_of_wall(entry.at)
    return [
        entry.id, entry.at.astimezone(UTC).isoformat(), said_at, line.who, line.said, entry.address, entry.outcome,
        entry.target,
    ]  # fmt: skip


def _asked() -> Asked:
    written = {name: request.args.get(name, "").strip()[:100] for name in ("person", "kind", "since", "until")}
    before = request.args.get("before", "")
    return Asked(
        {name: text for name, text in written.items() if text},
        int(before) if re.fullmatch("[0-9]{1,15}", before) else None,
    )


def _find(tx: Tx, asked: Asked, limit: int) -> tuple[list[Line], int | None]:
    told = asked.asked_for
    since, until = (calendar.typed_day(told.get(name, "")) for name in ("since", "until"))
    found = access_log.search(
        tx,
        kind=told.get("kind") if told.get("kind") in access_log.KINDS else None,
        people=reading.people_called(tx, told["person"]) if "person" in told else None,
        since=dates.wall_of(calendar.start_of(since)) if since else None,
        until=dates.wall_of(calendar.end_of(until)) if until else None,
        before=asked.before,
        limit=limit,
    )
    plans = {label.instance_id: in_words(label.name) for label in instances.labels(tx)}
    lines = [
        Line(
            entry,
            identity.person_name(tx, entry.person_id) or entry.person_id or _("Okänd"),
            access_words.sentence(entry, plans),
        )
        for entry in found.entries
    ]
    return lines, found.older
