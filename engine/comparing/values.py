"""What a comparison says: what was added, taken away, renamed or changed, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from engine.operations.common import sentence
from engine.texts import Text

Kind = Literal["added", "removed", "renamed", "changed"]
LONGEST = 300
NOTHING = Text("–", "–")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was. `what` names the sort of thing, `details` what of it is another."""

    kind: Kind
    what: Text
    id: str
    name: Text
    details: tuple[Text, ...] = ()


@dataclass(frozen=True)
class DateChange:
    """A day of a task as the two versions resolve it for the plan year; None: it has no such day."""

    id: str
    name: Text
    what: Text
    old: Text | None
    new: Text | None


def both(text: str) -> Text:
    """The same in both languages: names that the package gives in one, ids, numbers."""
    return Text(text, text)


def said(value: Any) -> Text:
    """A value as people read it, cut where it would fill the page."""
    if isinstance(value, Text):
        return Text(_short(value.sv), _short(value.en))
    if value is None or value in ("", (), [], {}):
        return NOTHING
    if isinstance(value, bool):
        return Text("ja", "yes") if value else Text("nej", "no")
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return both(_short(", ".join(value)))
    if isinstance(value, (Mapping, list, tuple)):
        return both(_short(json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)))
    return both(_short(str(value)))


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(part, str) for part in value)
    return value is None or isinstance(value, (Text, str, bool, int, float, list, dict))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def other(label: Text, old: Any, new: Any) -> list[Text]:
    """“Label: old → new” when they differ, else nothing. What cannot be told in a line is only said to be another."""
    if old == new:
        return []
    before, after = said(old), said(new)
    if before == after or not (_is_plain(old) and _is_plain(new)):
        return [sentence("{label}: ändrat", "{label}: changed", label=label)]
    return [sentence("{label}: {old} → {new}", "{label}: {old} → {new}", label=label, old=before, new=after)]


def others(old: Any, new: Any, labels: Mapping[str, Text]) -> list[Text]:
    """The same for each attribute named, in that order."""
    return [text for name, label in labels.items() for text in other(label, getattr(old, name), getattr(new, name))]


def matched(
    old: Mapping[str, Value],
    new: Mapping[str, Value],
    what: Text,
    name: Callable[[str, Value], Text],
    details: Callable[[Value, Value], Iterable[Text]],
) -> list[Change]:
    """Things told apart by id: those only in `new`, those in both that differ, those only in `old`."""
    found = [Change("added", what, each, name(each, new[each])) for each in new if each not in old]
    compared = ((each, tuple(details(old[each], new[each]))) for each in new if each in old)
    found += [
        Change("changed", what, each, name(each, new[each]), differing) for each, differing in compared if differing
    ]
    return found + [Change("removed", what, each, name(each, old[each])) for each in old if each not in new]
