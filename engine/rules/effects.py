"""What completing a task changes: effects of a form, evaluated to plain changes that the engine carries out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine import feel
from engine.feel import FeelError, Job
from engine.rules.form_model import feel_of
from engine.rules.placeholders import fill
from engine.texts import Text

Finding = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Process variables and their new values."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """A new record. `links`: name to ids of records."""

    type: str
    state: str | None
    values: dict[str, Any]
    links: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """A new version of a record: `values` over the old ones; `state` None leaves the state."""

    record: Any
    state: str | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReplaceRecords:
    """The task's records of a type: rows {record (None for a new one), values, state, links}; others are withdrawn."""

    type: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Departure:
    """A departure from the guideline, to be noted."""

    code: str
    sv: str
    en: str
    guideline: str


@dataclass(frozen=True, slots=True)
class FollowOn:
    """A task beside the diagram. `due` is a date, a day's text, or None for the package's own."""

    name: str
    record: Any
    position: Any
    due: date | str | None


@dataclass(frozen=True, slots=True)
class Notify:
    """A message of the package to positions. `key` tells it from the others of the same list of effects."""

    message: str
    to: list[Any]
    values: dict[str, Any]
    key: str


Change = SetVariables | CreateRecord | UpdateRecord | ReplaceRecords | Departure | FollowOn | Notify
VERBS = ("set", "create", "update", "replace", "depart", "follow_on", "notify")
_ALLOWED = {
    "set": set[str](),
    "create": {"state", "values", "links", "merge"},
    "update": {"record", "state", "values", "merge"},
    "replace": {"state", "values", "links", "merge"},
    "depart": {"text", "text_en", "guideline"},
    "follow_on": {"record", "position", "due"},
    "notify": {"to", "values"},
}


def plan(effects: list[Mapping[str, Any]], context: Mapping[str, Any], now: datetime) -> list[Change]:
    """The changes, in order. What `set` gives counts for the effects after it.

    `state` is a plain word, or FEEL behind an equals sign. Raises FeelError.
    """
    names = dict(context)
    changes: list[Change] = []
    for number, effect in enumerate(effects):
        rows = _rows(effect, names, now)
        verb = next(verb for verb in VERBS if verb in effect)
        expressions = _expressions(effect, verb)
        jobs = [Job(text, scope) for scope in range(len(rows)) for text in expressions.values()]
        values = feel.run(jobs, names, rows, now=now)
        width = len(expressions)
        found = [
            dict(zip(expressions, values[scope * width : (scope + 1) * width], strict=True))
            for scope in range(len(rows))
        ]
        if verb == "replace":
            changes.append(_replace(effect, rows, found))
            continue
        for index, (row, given) in enumerate(zip(rows, found, strict=True)):
            change = _change(effect, verb, given, {**names, **row}, f"{number}.{index}")
            if isinstance(change, SetVariables):
                names.update(change.values)
            changes.append(change)
    return changes


def _rows(effect: Mapping[str, Any], names: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The scopes that an effect is carried out in: one, or one for each row, those that `when` lets through."""
    rows: list[dict[str, Any]] = [{}]
    if "each" in effect:
        listed = feel.evaluate(_feel(effect["each"]), names, now=now)
        if listed is not None and not isinstance(listed, list):
            raise FeelError(_feel(effect["each"]), "is not a list")
        rows = [{"row": row, "index": index} for index, row in enumerate(listed or [], start=1)]
    if "when" not in effect or not rows:
        return rows
    when = _feel(effect["when"])
    answers = feel.run([Job(when, scope) for scope in range(len(rows))], names, rows, now=now)
    if any(answer is not None and not isinstance(answer, bool) for answer in answers):
        raise FeelError(when, "is neither true nor false")
    return [row for row, answer in zip(rows, answers, strict=True) if answer is True]


def expressions_of(effect: Mapping[str, Any]) -> list[str]:
    """Every FEEL expression of one effect."""
    verb = next(verb for verb in VERBS if verb in effect)
    own = [_feel(effect[name]) for name in ("when", "each") if name in effect]
    return [*own, *_expressions(effect, verb).values()]


def _feel(value: Any) -> str:
    return feel_of(value) or "null"


def _expressions(effect: Mapping[str, Any], verb: str) -> dict[tuple[str, str], str]:
    """Every FEEL expression of an effect but `when` and `each`, by attribute and name."""
    found: dict[tuple[str, str], str] = {}
    maps = ("set",) if verb == "set" else ("values", "links")
    for attribute in maps:
        for name, text in (effect.get(attribute) or {}).items():
            found[(attribute, name)] = _feel(text)
    singles = {"update": ("record",), "follow_on": ("record", "position", "due"), "notify": ("to",)}.get(verb, ())
    for attribute in (*singles, "merge"):
        if attribute in effect:
            found[(attribute, "")] = _feel(effect[attribute])
    if str(effect.get("state", "")).startswith("="):
        found[("state", "")] = _feel(effect["state"])
    return found


def _values(given: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    merged = given.get(("merge", "")) or {}
    if not isinstance(merged, dict):
        raise FeelError("merge", "is not a context")
    return {**merged, **_named(given, "values")}


def _named(given: Mapping[tuple[str, str], Any], attribute: str) -> dict[str, Any]:
    return {name: value for (kind, name), value in given.items() if kind == attribute}


def _links(given: Mapping[tuple[str, str], Any]) -> dict[str, list[Any]]:
    return {name: _list(value) for name, value in _named(given, "links").items()}


def _list(value: Any) -> list[Any]:
    """A list without nulls and repetitions; one value is a list of one."""
    parts = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(part for part in parts if part is not None))


def _state(effect: Mapping[str, Any], given: Mapping[tuple[str, str], Any]) -> str | None:
    state = given.get(("state", ""), effect.get("state"))
    return None if state is None else str(state)


def _replace(
    effect: Mapping[str, Any], rows: list[dict[str, Any]], found: list[dict[tuple[str, str], Any]]
) -> ReplaceRecords:
    replaced = []
    for scope, given in zip(rows, found, strict=True):
        row = scope.get("row")
        record = row.get("record") if isinstance(row, Mapping) else None
        replaced.append(
            {"record": record, "values": _values(given), "state": _state(effect, given), "links": _links(given)}
        )
    return ReplaceRecords(effect["replace"], replaced)


def _change(
    effect: Mapping[str, Any], verb: str, given: dict[tuple[str, str], Any], names: Mapping[str, Any], key: str
) -> Change:
    match verb:
        case "set":
            return SetVariables(_named(given, "set"))
        case "create":
            return CreateRecord(effect["create"], _state(effect, given), _values(given), _links(given))
        case "update":
            return UpdateRecord(given[("record", "")], _state(effect, given), _values(given))
        case "depart":
            text = fill(Text(effect.get("text", ""), effect.get("text_en", "")), names)
            return Departure(effect["depart"], text.sv, text.en, str(effect.get("guideline", "")))
        case "follow_on":
            record, position = given.get(("record", "")), given.get(("position", ""))
            return FollowOn(effect["follow_on"], record, position, given.get(("due", "")))
    return Notify(effect["notify"], _list(given.get(("to", ""))), _named(given, "values"), key)


def lint(where: str, effects: Any) -> list[Finding]:
    """What is wrong with a list of effects: (where, Swedish sentence, English sentence)."""
    if not isinstance(effects, list):
        return [(where, "Effekterna ska vara en lista.", "Effects must be a list.")]
    found: list[Finding] = []
    for number, effect in enumerate(effects, start=1):
        found += _lint_one(f"{where} {number}", effect)
    return found


def _lint_one(where: str, effect: Any) -> Iterator[Finding]:
    verbs = [verb for verb in VERBS if isinstance(effect, Mapping) and verb in effect]
    if len(verbs) != 1:
        yield (
            where,
            f"Skriv precis ett av {', '.join(VERBS)} i varje effekt.",
            f"Write exactly one of {', '.join(VERBS)} in each effect.",
        )
        return
    verb = verbs[0]
    for name in sorted(set(effect) - _ALLOWED[verb] - {verb, "when", "each"}):
        yield (
            where,
            f"Effekten {verb} har inget som heter {name}. Ta bort det eller rätta stavningen.",
            f"The effect {verb} has nothing called {name}. Remove it or correct the spelling.",
        )
    needed = {"update": "record", "replace": "each", "notify": "to", "depart": "text"}.get(verb)
    if needed is not None and needed not in effect:
        yield (where, f"{needed} saknas i effekten {verb}.", f"{needed} is missing in the effect {verb}.")
    if verb == "depart" and not effect.get("text_en"):
        yield (where, "text_en saknas. Skriv texten på engelska.", "text_en is missing. Write the text in English.")
    maps = [effect.get(name) for name in (("set",) if verb == "set" else ("values", "links"))]
    if any(part is not None and not isinstance(part, Mapping) for part in maps):
        yield (where, "values, links och set ska vara objekt.", "values, links and set must be objects.")
        return
    for text in expressions_of(effect):
        fault = feel.check(text)
        if fault is not None:
            yield (
                where,
                f"FEEL-uttrycket ”{text}” går inte att använda: {fault}. Rätta uttrycket.",
                f"The FEEL expression “{text}” cannot be used: {fault}. Correct the expression.",
            )
