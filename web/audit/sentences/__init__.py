"""A sentence for every type of event that the engine writes, in the reader's language.

A function of each module is called as the event's type; a new kind of event is a new function, or a new module.
"""

from __future__ import annotations

from engine.history import Event
from web.audit.naming import Names
from web.audit.sentences import batches, letters, organisation, process, records, tasks
from web.audit.sentences.parts import Maker, a_day
from web.words import gettext as _

SENTENCES: dict[str, Maker] = {
    **process.MAKERS,
    **tasks.MAKERS,
    **records.MAKERS,
    **letters.MAKERS,
    **batches.MAKERS,
    **organisation.MAKERS,
}


def sentence(event: Event, names: Names) -> str:
    """What happened, with who did it where that matters."""
    maker = SENTENCES.get(event.type)
    return maker(event, names) if maker else _("Händelse av slaget %(type)s.", type=event.type)


__all__ = ["SENTENCES", "a_day", "sentence"]
