"""Whether audit.toml speaks only of what the package has, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel
from engine.feel import FeelError
from engine.rules import form_lint
from engine.rules.audit_model import ANSWERER, AUDITOR, INSTANCE, MARKS, READERS
from engine.rules.form_model import feel_of
from engine.rules.placeholders import names_in

Finding = tuple[str, str, str]
NAMES = frozenset({"subject", "row", "records", "previous", "linked", "steps", "events", "plan_year", "today", "now"})
RECORD_LISTS = frozenset({"records", "previous", "linked"})
PART_KEYS = frozenset({"id", "of", "title", "title_en", "question", "guideline", "reader", "lines"})
LINE_KEYS = frozenset({"each", "when", "values", "text", "text_en", "record", "mark"})


def lint_audit(
    data: Mapping[str, Any], records: Mapping[str, Any], steps: set[str], variables: frozenset[str]
) -> Iterator[Finding]:
    """(where, Swedish, English) for everything wrong with the parsed file."""
    for name, words in data.get("words", {}).items():
        for value, text in words.items():
            if not isinstance(text, Mapping) or not text.get("sv") or not text.get("en"):
                yield f"words {name}.{value}", "Skriv ordet på svenska och engelska.", "Write both sv and en."
    seen: set[tuple[str, str]] = set()
    for number, part in enumerate(data.get("part", []), start=1):
        where = f"part {part.get('id') or number}"
        key = (part.get("of", ""), part.get("id", ""))
        if not part.get("id") or key in seen:
            yield where, "Ge varje del ett eget id.", "Give every part an id of its own."
        seen.add(key)
        if part.get("of") not in {*records, INSTANCE}:
            yield _unknown(where, ("Posttypen", "record type"), part.get("of"), {*records, INSTANCE})
        yield from _texts(where, part, "title")
        yield from _keys(where, part, PART_KEYS)
        if part.get("of") == INSTANCE and not part.get("guideline"):
            yield where, "guideline saknas. Skriv riktlinjens paragraf.", "guideline is missing. Write its paragraph."
        reader = part.get("reader", AUDITOR)
        known = set(READERS) if part.get("of") != INSTANCE else {AUDITOR}
        if reader not in known:
            yield _unknown(f"{where} reader", ("Läsaren", "reader"), reader, known)
        for place, line in enumerate(part.get("lines", []), start=1):
            yield from _line(f"{where}: lines {place}", line, records, steps, variables)
            yield from _mark(f"{where}: lines {place} mark", line.get("mark"), reader)


def _line(
    where: str, line: Mapping[str, Any], records: Mapping[str, Any], steps: set[str], variables: frozenset[str]
) -> Iterator[Finding]:
    yield from _keys(where, line, LINE_KEYS)
    yield from _texts(where, line, "text")
    values = line.get("values", {})
    for key in ("text", "text_en"):
        for name in sorted(names_in(str(line.get(key, ""))) - set(values)):
            yield _unknown(f"{where} {key}", ("Värdet", "value"), name, values)
    told = {**{key: line[key] for key in ("each", "when", "record") if key in line}, **values}
    for key, expression in told.items():
        faults = list(form_lint.lint_expression(f"{where} {key}", expression))
        yield from faults
        if not faults:
            yield from _names(f"{where} {key}", str(feel_of(expression)), records, steps, variables)


def _mark(where: str, mark: Any, reader: str) -> Iterator[Finding]:
    if mark is not None and mark not in MARKS:
        yield _unknown(where, ("Märket", "mark"), mark, MARKS)
    elif mark is not None and reader != ANSWERER:
        yield where, 'mark hör till delar med reader = "answerer".', 'mark belongs to parts with reader = "answerer".'


def _names(
    where: str, expression: str, records: Mapping[str, Any], steps: set[str], variables: frozenset[str]
) -> Iterator[Finding]:
    try:
        free, paths = feel.free_names(expression), feel.paths(expression)
    except FeelError:
        return
    for name in sorted(free - NAMES - variables):
        yield _unknown(where, ("Namnet", "name"), name, NAMES | variables)
    for path in sorted(paths):
        head, name = path.split(".")
        if head in RECORD_LISTS and name not in records:
            yield _unknown(where, ("Posttypen", "record type"), name, records)
        if head == "steps" and name not in steps:
            yield _unknown(where, ("Steget", "step"), name, steps)


def _keys(where: str, data: Mapping[str, Any], known: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(set(data) - known):
        yield _unknown(where, ("Nyckeln", "key"), name, known)


def _texts(where: str, data: Mapping[str, Any], name: str) -> Iterator[Finding]:
    for key, sv, en in ((name, "svenska", "Swedish"), (f"{name}_en", "engelska", "English")):
        if not isinstance(data.get(key), str) or not data[key].strip():
            yield where, f"{key} saknas. Skriv texten på {sv}.", f"{key} is missing. Write the text in {en}."


def _unknown(where: str, what: tuple[str, str], name: Any, known: Any) -> Finding:
    choices = ", ".join(sorted(known)) or "–"
    return (
        where,
        f"{what[0]} ”{name}” finns inte. Skriv en av: {choices}.",
        f"The {what[1]} “{name}” does not exist. Write one of: {choices}.",
    )
