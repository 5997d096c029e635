"""When each element of an instance opens, closes and is due: one text in the instance's row, moved days included.

Beside each instant (UTC) stands its civil time with the zone it was meant in, as the history has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson

from engine.errors import NotFound
from engine.rules.calendar import Window, civil
from engine.store.database import Tx
from engine.store.queries import instances as rows

ZONE = "Europe/Stockholm"


class Windows(MutableMapping[str, Window]):
    """The windows by element, each read from its saved form when it is asked for."""

    def __init__(self, saved: str) -> None:
        self._saved = saved
        self._read: dict[str, Window] = {}

    @cached_property
    def _elements(self) -> dict[str, dict[str, Any]]:
        elements: dict[str, dict[str, Any]] = orjson.loads(self._saved)["elements"]
        return elements

    def __getitem__(self, element_id: str) -> Window:
        if element_id not in self._read:
            days = self._elements[element_id]
            opens, closes, due = (days[edge] for edge in ("opens", "closes", "due"))
            begins = None if opens is None else datetime.fromisoformat(opens)
            self._read[element_id] = Window(begins, datetime.fromisoformat(closes), datetime.fromisoformat(due))
        return self._read[element_id]

    def __setitem__(self, element_id: str, window: Window) -> None:
        self._elements[element_id] = _days(window)
        self._read[element_id] = window

    def __delitem__(self, element_id: str) -> None:
        del self._elements[element_id]
        self._read.pop(element_id, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._elements)

    def __len__(self) -> int:
        return len(self._elements)


@dataclass(frozen=True)
class Planned:
    """The windows of a new instance: as values, as its row holds them, and as its first event tells them."""

    windows: dict[str, Window]
    saved: str
    told: dict[str, list[str | None]]


def plan(windows: dict[str, Window]) -> Planned:
    told = {element: [_civil(window.opens), civil(window.closes)] for element, window in windows.items()}
    return Planned(windows, saved(windows), told)


def saved(windows: Mapping[str, Window]) -> str:
    """What the instance's row holds."""
    elements = {element: _days(window) for element, window in windows.items()}
    return orjson.dumps({"elements": elements, "zone": ZONE}).decode()


def _days(window: Window) -> dict[str, str | None]:
    return {
        "opens": None if window.opens is None else window.opens.astimezone(UTC).isoformat(),
        "closes": window.closes.astimezone(UTC).isoformat(),
        "due": window.due.astimezone(UTC).isoformat(),
        "opens_civil": _civil(window.opens),
        "closes_civil": civil(window.closes),
    }


def _civil(opens: datetime | None) -> str | None:
    return None if opens is None else civil(opens)


def keep(tx: Tx, instance_id: int, windows: Mapping[str, Window]) -> None:
    """Write all of them back."""
    rows.save_windows(tx, instance_id, saved(windows))


def of_instance(tx: Tx, instance_id: int) -> Mapping[str, Window]:
    """Raises NotFound."""
    found = rows.windows(tx, instance_id)
    if found is None:
        raise NotFound(kind="instance")
    return Windows(found)
