"""What every sentence is made of: who, which step, which task, which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from engine.history import Event
from web import dates
from web.audit.naming import Names
from web.words import gettext as _

Maker = Callable[[Event, Names], str]


def by_type(*makers: Maker) -> dict[str, Maker]:
    """Each maker under its own name, which is the type of the events that it tells."""
    return {maker.__name__: maker for maker in makers}


def who(event: Event, names: Names) -> str:
    name = event.actor_name or (names.person(event.actor) if event.actor else _("Årshjulet"))
    absent = event.body.get("on_behalf_of")
    return _("%(name)s (ersättare för %(absent)s)", name=name, absent=names.person(absent)) if absent else name


def element(event: Event, names: Names) -> str:
    return names.element(event.instance_id, event.element_id)


def titled(event: Event, names: Names) -> str:
    """The task by its title, in the reader's language where the definition is known."""
    return names.task(event.instance_id, event.element_id) or str(event.body.get("title") or element(event, names))


def a_day(value: Any) -> str:
    """A day written in an event, as ISO text of a day or an instant."""
    if not isinstance(value, str):
        return ""
    try:
        return dates.day(date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value))
    except ValueError:
        return value
