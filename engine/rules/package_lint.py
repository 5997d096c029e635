"""What is wrong with a package, said to the one who writes it: where, and what to write instead, in both languages."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jsonschema

from engine.rules import business_keys, calendar, form_lint
from engine.rules.audit_lint import lint_audit
from engine.rules.effect_lint import Known, lint_form_names
from engine.rules.form_model import build, feel_of
from engine.rules.placeholders import names_in

ROLE_KINDS = ("position", "body")
ROLE_SCOPES = ("unit", "area", "region")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `where` names the file and the place in it; the sentences say what to write instead.

    What concerns an element of the diagram names it too. A `warning` does not keep the package from being deployed.
    """

    where: str
    sv: str
    en: str
    element_id: str | None = None
    element_name: str | None = None
    line: int | None = None
    severity: str = "error"


class ElementLike(Protocol):
    """What the checks ask of a flow node of the diagram."""

    @property
    def kind(self) -> str: ...
    @property
    def extension(self) -> dict[str, Any] | None: ...


def lint_files(key: str, files: Mapping[str, bytes], elements: Mapping[str, ElementLike] | None) -> list[Problem]:
    """All findings about the files themselves. `elements`: the diagram's, by id, when they are known."""
    found = [_missing_file(name) for name in ("package.toml", f"{key}.bpmn", "roles.toml") if name not in files]
    read = _Read(files)
    found += read.problems
    if found:
        return found
    package, roles = read.toml["package.toml"], read.toml["roles.toml"]
    known = Known(
        variables=frozenset(package.get("variables", {})),
        records=read.records,
        follow_on=frozenset(package.get("follow_on", {})),
        messages=frozenset(read.messages),
    )
    found += _roles(roles)
    found += _package(package, set(roles), set(read.forms), known, elements)
    for name, form in read.forms.items():
        own = [Problem(f"forms/{name}.json: {where}", sv, en) for where, sv, en in form_lint.lint_schema(form)]
        own = own or [Problem(f"forms/{name}.json: {w}", sv, en) for w, sv, en in lint_form_names(build(form), known)]
        found += own
    for name, schema in read.records.items():
        found += _record(f"records/{name}.json", schema)
    audit = lint_audit(
        read.toml.get("audit.toml", {}),
        read.records,
        {step["id"] for step in package.get("steps", []) if step.get("id")},
        known.variables,
    )
    found += [Problem(f"audit.toml: {where}", sv, en) for where, sv, en in audit]
    for name, message in read.messages.items():
        for field in ("subject", "body"):
            found += _texts(f"messages/{name}.toml", message, field)
    return found


class _Read:
    """The files parsed; what cannot be parsed is a problem."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.problems: list[Problem] = []
        self.toml: dict[str, dict[str, Any]] = {}
        self.forms: dict[str, Any] = {}
        self.records: dict[str, Any] = {}
        self.messages: dict[str, Any] = {}
        for path, content in sorted(files.items()):
            folder, _, name = path.rpartition("/")
            try:
                if path in ("package.toml", "roles.toml", "audit.toml"):
                    self.toml[path] = _showable(tomllib.loads(content.decode("utf-8")))
                elif folder == "forms" and name.endswith(".json"):
                    self.forms[name.removesuffix(".json")] = _json(content)
                elif folder == "records" and name.endswith(".json"):
                    self.records[name.removesuffix(".json")] = _json(content)
                elif folder == "messages" and name.endswith(".toml"):
                    self.messages[name.removesuffix(".toml")] = _showable(tomllib.loads(content.decode("utf-8")))
            except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
                self.problems.append(
                    Problem(path, f"Filen går inte att läsa: {error}.", f"The file cannot be read: {error}.")
                )


def _json(content: bytes) -> Any:
    """Raises ValueError, also for the numbers that JSON does not have."""
    return _showable(json.loads(content, parse_constant=_no_number))


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _showable(data: Any) -> Any:
    """The same data. Raises ValueError for text that no page and no database can hold: NUL and half characters."""
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str) and ("\0" in part or any("\ud800" <= letter <= "\udfff" for letter in part)):
            raise ValueError("a text holds a character that cannot be shown")
    return data


def _missing_file(name: str) -> Problem:
    return Problem(name, f"Filen {name} saknas. Lägg till den.", f"The file {name} is missing. Add it.")


def _texts(where: str, data: Any, name: str) -> Iterator[Problem]:
    for key, sv, en in ((name, "svenska", "Swedish"), (f"{name}_en", "engelska", "English")):
        value = data.get(key) if isinstance(data, Mapping) else None
        if not isinstance(value, str) or not value.strip():
            yield Problem(where, f"{key} saknas. Skriv texten på {sv}.", f"{key} is missing. Write the text in {en}.")


def unknown(where: str, what: tuple[str, str], name: Any, known: Iterable[str]) -> Problem:
    """A name that is not one of those that exist."""
    choices = ", ".join(sorted(known)) or "–"
    return Problem(
        where,
        f"{what[0]} ”{name}” finns inte. Skriv en av: {choices}.",
        f"The {what[1]} “{name}” does not exist. Write one of: {choices}.",
    )


ROLE, FORM, STEP, MESSAGE = ("Rollen", "role"), ("Formuläret", "form"), ("Steget", "step"), ("Texten", "message")


def _roles(roles: Mapping[str, Any]) -> Iterator[Problem]:
    for name, role in roles.items():
        where = f"roles.toml: {name}"
        for key in ("sv", "en"):
            if not isinstance(role, Mapping) or not role.get(key):
                yield Problem(where, f"{key} saknas. Skriv rollens namn.", f"{key} is missing. Write its name.")
                return
        if role.get("kind", "position") not in ROLE_KINDS:
            yield unknown(where, ("Slaget", "kind"), role["kind"], ROLE_KINDS)
        if role.get("scope", "unit") not in ROLE_SCOPES:
            yield unknown(where, ("Området", "scope"), role["scope"], ROLE_SCOPES)
        for other in [*([role["reports_to"]] if role.get("reports_to") else []), *(role.get("registrars") or [])]:
            if other not in roles:
                yield unknown(where, ROLE, other, roles)


def _package(
    package: Mapping[str, Any],
    roles: set[str],
    forms: set[str],
    known: Known,
    elements: Mapping[str, ElementLike] | None,
) -> Iterator[Problem]:
    where = "package.toml"
    for field in ("name", "instance_name"):
        yield from _texts(where, package, field)
    if package.get("owner") not in roles:
        yield unknown(f"{where}: owner", ROLE, package.get("owner"), roles)
    yield from _start(package.get("start"))
    yield from _columns(package, known.variables)
    steps: set[str] = set()
    for step in package.get("steps", []):
        if not step.get("id") or step["id"] in steps:
            yield Problem(f"{where}: steps", "Ge varje steg ett eget id.", "Give every step an id of its own.")
        steps.add(step.get("id", ""))
        yield from _texts(f"{where}: steps {step.get('id')}", step, "name")
    for name, value in package.get("variables", {}).items():
        if isinstance(value, str) and value.startswith("="):
            yield from feel_problem(f"{where}: variables {name}", value)
    days = None if elements is None else days_of(elements)
    for name, spec in package.get("follow_on", {}).items():
        place = f"{where}: follow_on {name}"
        yield from _texts(place, spec, "title")
        yield from placeholders(place, spec, "title", known.variables)
        checks = ((FORM, "form", forms), (ROLE, "role", roles), (STEP, "step", steps))
        yield from (unknown(place, what, spec.get(at), have) for what, at, have in checks if spec.get(at) not in have)
        yield from day_problem(place, spec.get("due"), days, known.variables, relative=True)
    for name, event in package.get("event", {}).items():
        place = f"{where}: event {name}"
        yield from _texts(place, event, "title")
        yield from (unknown(place, ROLE, role, roles) for role in event.get("roles", []) if role not in roles)
        if event.get("when"):
            yield from feel_problem(f"{place} when", event["when"])
    yield from _assumptions(package.get("assume", {}), elements)


def _assumptions(data: Mapping[str, Any], elements: Mapping[str, ElementLike] | None) -> Iterator[Problem]:
    for name, spec in data.items():
        place = f"package.toml: assume {name}"
        yield from _texts(place, spec, "title")
        if elements is not None and spec.get("element") not in elements:
            yield unknown(place, ("Elementet", "element"), spec.get("element"), set(elements))
        if not isinstance(spec.get("element"), str) or not isinstance(spec.get("answer"), dict) or not spec["answer"]:
            yield Problem(
                place,
                "Skriv element och answer: den uppgift som besvaras, och fälten i svaret.",
                "Write element and answer: the task that is answered, and the fields of the answer.",
            )


def _start(start: Any) -> Iterator[Problem]:
    if not start:
        return
    if start.get("at"):
        yield from day_problem("package.toml: start at", start["at"], set(), frozenset(), relative=False)
    if start.get("title"):
        yield from _texts("package.toml: start", start, "title")
    for name, most in (("first_plan_year", 2200), ("every_years", 100)):
        if name in start and (not isinstance(start[name], int) or not 1 <= start[name] <= most):
            sv, en = f"Skriv ett heltal från 1 till {most}.", f"Write a whole number from 1 to {most}."
            yield Problem(f"package.toml: start {name}", sv, en)


def _columns(package: Mapping[str, Any], variables: frozenset[str]) -> Iterator[Problem]:
    """The columns given at the start, and that the instance's name fills in nothing but parts of its key."""
    columns, names = package.get("columns", []), {business_keys.YEAR}
    for column in columns:
        name = column.get("name")
        where = f"package.toml: columns {name}"
        if name != business_keys.YEAR and name not in variables:
            yield unknown(where, ("Variabeln", "variable"), name, {business_keys.YEAR, *variables})
        yield from _texts(where, column, "label")
        if column.get("kind", "text") not in business_keys.KINDS:
            yield unknown(where, ("Slaget", "kind"), column["kind"], business_keys.KINDS)
        if column.get("key") is True:
            names.add(name)
    given = [column.get("name") for column in columns]
    if len(set(given)) < len(given):
        yield Problem("package.toml: columns", "Ge varje kolumn ett eget namn.", "Give every column a name of its own.")
    if columns and not any(column.get("key") is True for column in columns):
        yield Problem("package.toml: columns", "Skriv key = true på minst en kolumn.", "Write key = true on a column.")
    if (package.get("start") or {}).get("at") and names != {business_keys.YEAR}:
        yield Problem(
            "package.toml: start at",
            "Bara en process med en omgång för varje planår kan starta av sig själv. Ta bort at.",
            "Only a process with one instance for each plan year can start by itself. Remove at.",
        )
    for key in ("instance_name", "instance_name_en"):
        for used in sorted(names_in(str(package.get(key, ""))) - names):
            yield unknown(f"package.toml: {key}", ("Namnet", "name"), used, names)


def feel_problem(where: str, expression: Any) -> Iterator[Problem]:
    for place, sv, en in form_lint.lint_expression(where, expression):
        yield Problem(place, sv, en)


def days_of(elements: Mapping[str, ElementLike]) -> set[str]:
    """What days can be named by: the windows of the diagram's user tasks."""
    windows = ((name, (element.extension or {}).get("window")) for name, element in elements.items())
    return {day for name, window in windows if window for day in calendar.named_days(name, window[0])}


def day_problem(
    where: str, text: Any, days: set[str] | None, variables: frozenset[str], *, relative: bool
) -> Iterator[Problem]:
    """`days`: those that elements have; None: the diagram is not at hand, so what is named is taken as it is."""
    if not isinstance(text, str) or not text:
        yield Problem(where, "Dagen saknas. Skriv till exempel Y-1-03-31.", "The day is missing. Write Y-1-03-31.")
        return
    error = calendar.lint_day(text, days={text} if days is None else days, variables=variables, relative=relative)
    if error is not None:
        yield Problem(where, error.sv, error.en)


def placeholders(
    where: str, data: Mapping[str, Any], name: str, variables: Iterable[str], english: str | None = None
) -> Iterator[Problem]:
    """Titles know the plan year and the variables, and nothing else."""
    allowed = {"plan_year", *variables}
    for key in (name, english or f"{name}_en"):
        for used in sorted(names_in(str(data.get(key, ""))) - allowed):
            yield unknown(f"{where} {key}", ("Namnet", "name"), used, allowed)


def _record(where: str, schema: Any) -> Iterator[Problem]:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield Problem(where, f"Ingen giltig JSON Schema: {error.message}.", f"Not valid: {error.message}.")
        return
    yield from _texts(where, schema, "title")
    for name, part in schema.get("properties", {}).items():
        yield from _texts(f"{where}: {name}", part, "title")
    if schema.get("x-title"):
        yield from feel_problem(f"{where}: x-title", feel_of(schema["x-title"]))
    for name, state in (schema.get("x-states") or {}).items():
        for key in ("sv", "en"):
            if not isinstance(state, Mapping) or not state.get(key):
                yield Problem(f"{where}: x-states {name}", f"{key} saknas.", f"{key} is missing.")
