"""Records, and departures from the guideline."""

from __future__ import annotations

from engine.history import Event
from engine.texts import Text
from web.audit.naming import Names
from web.audit.sentences.parts import by_type, who
from web.context import in_words
from web.words import gettext as _


def record_created(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "Nytt: %(record)s ”%(title)s”, av %(who)s.",
        record=n.record(e.instance_id, kind), title=n.about(e), who=who(e, n),
    )  # fmt: skip


def record_changed(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "%(who)s ändrade %(record)s ”%(title)s”.",
        who=who(e, n), record=n.record(e.instance_id, kind), title=n.about(e),
    )  # fmt: skip


def record_withdrawn(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "%(who)s tog tillbaka %(record)s ”%(title)s”.",
        who=who(e, n), record=n.record(e.instance_id, kind), title=n.about(e),
    )  # fmt: skip


def departure(e: Event, _n: Names) -> str:
    text = in_words(Text(str(e.body.get("sv") or ""), str(e.body.get("en") or "")))
    if e.body.get("guideline"):
        return _("Avsteg från riktlinjen, avsnitt %(part)s: %(text)s", part=e.body["guideline"], text=text)
    return _("Avsteg från riktlinjen: %(text)s", text=text)


MAKERS = by_type(
    record_created, record_changed, record_withdrawn, departure,
)  # fmt: skip
