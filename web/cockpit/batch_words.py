"""The words for what became of one item of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.batches.reading import Item
from engine.errors import EngineError
from engine.texts import Text
from web import messages
from web.context import in_words
from web.words import gettext as _


def item_state(state: str) -> str:
    known = {
        "unchecked": _("Inte granskad än"),
        "waiting": _("Väntar"),
        "done": _("Klar"),
        "failed": _("Åt sidan"),
        "cancelled": _("Inte gjord"),
    }
    return known[state]


def said_of(item: Item, labels: Mapping[str, Any]) -> list[str]:
    """What would change for it, or why it was set aside."""
    return [in_words(text) for text in item.report] if item.error is None else error_of(item.error, labels)


def error_of(error: Mapping[str, Any], labels: Mapping[str, Any]) -> list[str]:
    if error["code"] == "set_aside":
        return [in_words(Text(said["sv"], said["en"])) for said in error["sentences"]]
    if error["code"] == "fault":
        return [_("Tekniskt fel: %(message)s", message=error.get("message", ""))]
    if error["code"] == "already_exists":
        return [_("Det finns redan en som pågår eller är klar, eller så står den på flera rader.")]
    refused = _Kept(error)
    said = messages.sentence(refused).text
    label = labels.get(str(error.get("field")))
    value = error.get("value")
    return [(f"{label}: " if label else "") + said + (f" ({value})" if value else "")]


class _Kept(EngineError):
    """A refusal as it was kept with the item."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(**{name: value for name, value in error.items() if name != "code"})
        self.code = error["code"]  # type: ignore[misc]  # of this one refusal
