"""A process package as values: everything in its folder but the diagram, which engine/bpmn reads."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.rules.audit_model import Audit, parse_audit
from engine.rules.business_keys import Column
from engine.rules.element_lint import Names, lint_elements
from engine.rules.form_model import Form, build, feel_of, text_of
from engine.rules.package_lint import ElementLike, Problem, lint_files
from engine.texts import Text

__all__ = [
    "Assumption",
    "ElementLike",
    "Event",
    "FollowOnSpec",
    "Message",
    "Package",
    "Problem",
    "Role",
    "Start",
    "Step",
    "lint_package",
    "parse_package",
    "parse_roles",
]


@dataclass(frozen=True, slots=True)
class Role:
    """A role of roles.toml."""

    id: str
    sv: str
    en: str
    kind: str
    scope: str
    reports_to: str | None
    registrars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step that people talk about. `text` is what the guideline says."""

    id: str
    name: Text
    guideline: str
    text: Text


@dataclass(frozen=True, slots=True)
class Start:
    """How instances start. `at` is a day; None: by hand only."""

    at: str | None
    title: Text | None
    first_plan_year: int | None
    every_years: int


@dataclass(frozen=True, slots=True)
class FollowOnSpec:
    """A task that an effect may create beside the diagram. `due` is a day, or a period from its creation."""

    form: str
    role: str
    title: Text
    step: str
    due: str
    guideline: str


@dataclass(frozen=True, slots=True)
class Event:
    """A message of the diagram that a person may send. `when` is FEEL over the variables, or None for always."""

    title: Text
    roles: tuple[str, ...]
    when: str | None


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a rehearsal may assume: the first answer to a task of the diagram is `answer`, over an invented one."""

    title: Text
    element: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A text that the process sends."""

    subject: Text
    body: Text


@dataclass(frozen=True, slots=True)
class Package:
    """`records` are JSON Schemas by type; `variables` first values, where text that begins with = is FEEL."""

    key: str
    name: Text
    instance_name: Text
    guideline: Text
    owner: str
    start: Start | None
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    variables: Mapping[str, Any]
    follow_on: Mapping[str, FollowOnSpec]
    events: Mapping[str, Event]
    assumptions: Mapping[str, Assumption]
    forms: Mapping[str, Form]
    records: Mapping[str, Mapping[str, Any]]
    messages: Mapping[str, Message]
    roles: Mapping[str, Role]
    audit: Audit


def lint_package(
    key: str, files: Mapping[str, bytes], elements: Mapping[str, ElementLike] | None = None
) -> list[Problem]:
    """Everything that is wrong with the files (by their path in the folder, roles.toml among them), all at once.

    `elements` are the diagram's flow nodes by id: with them, forms, roles, steps, days and messages that the diagram
    names are checked too. What the diagram itself may hold is checked by engine/bpmn.
    """
    found = lint_files(key, files, elements)
    if found or elements is None:
        return found
    package = parse_package(key, files)
    names = Names(
        steps={step.id for step in package.steps},
        roles=set(package.roles),
        forms=set(package.forms),
        messages=set(package.messages),
        variables=frozenset(package.variables),
    )
    return lint_elements(names, elements)


def parse_roles(content: bytes) -> dict[str, dict[str, Any]]:
    """The roles of roles.toml, by id, as they are written. Raises tomllib.TOMLDecodeError."""
    return tomllib.loads(content.decode("utf-8"))


def parse_package(key: str, files: Mapping[str, bytes]) -> Package:
    """The package, from files that lint_package has nothing against."""
    data = tomllib.loads(files["package.toml"].decode("utf-8"))
    return Package(
        key=key,
        name=text_of(data, "name"),
        instance_name=text_of(data, "instance_name"),
        guideline=text_of(data, "guideline"),
        owner=data["owner"],
        start=_start(data["start"]) if "start" in data else None,
        columns=tuple(_column(column) for column in data.get("columns", [])),
        steps=tuple(
            Step(step["id"], text_of(step, "name"), str(step.get("guideline", "")), text_of(step, "text"))
            for step in data.get("steps", [])
        ),
        variables=data.get("variables", {}),
        follow_on={name: _follow_on(spec) for name, spec in data.get("follow_on", {}).items()},
        events={
            name: Event(text_of(spec, "title"), tuple(spec.get("roles", ())), feel_of(spec.get("when")))
            for name, spec in data.get("event", {}).items()
        },
        assumptions={
            name: Assumption(text_of(spec, "title"), spec["element"], spec["answer"])
            for name, spec in data.get("assume", {}).items()
        },
        forms={name: build(json.loads(content)) for name, content in _of(files, "forms/", ".json")},
        records={name: json.loads(content) for name, content in _of(files, "records/", ".json")},
        messages={name: _message(content) for name, content in _of(files, "messages/", ".toml")},
        roles={name: _role(name, values) for name, values in parse_roles(files["roles.toml"]).items()},
        audit=parse_audit(files.get("audit.toml")),
    )


def _of(files: Mapping[str, bytes], folder: str, ending: str) -> list[tuple[str, bytes]]:
    return [
        (path.removeprefix(folder).removesuffix(ending), content)
        for path, content in sorted(files.items())
        if path.startswith(folder) and path.endswith(ending)
    ]


def _role(name: str, values: Mapping[str, Any]) -> Role:
    return Role(
        name,
        values["sv"],
        values["en"],
        values.get("kind", "position"),
        values.get("scope", "unit"),
        values.get("reports_to"),
        tuple(values.get("registrars") or ()),
    )


def _start(data: Mapping[str, Any]) -> Start:
    title = text_of(data, "title") if data.get("title") else None
    return Start(data.get("at"), title, data.get("first_plan_year"), int(data.get("every_years", 1)))


def _column(data: Mapping[str, Any]) -> Column:
    return Column(data["name"], text_of(data, "label"), data.get("key") is True, data.get("kind", "text"))


def _follow_on(data: Mapping[str, Any]) -> FollowOnSpec:
    return FollowOnSpec(
        data["form"],
        data["role"],
        text_of(data, "title"),
        data["step"],
        data["due"],
        str(data.get("guideline", "")),
    )


def _message(content: bytes) -> Message:
    data = tomllib.loads(content.decode("utf-8"))
    return Message(text_of(data, "subject"), text_of(data, "body"))
