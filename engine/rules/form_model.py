"""A form of a process package as values, read from its form-js schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from engine.texts import Text

FIELDS = frozenset(
    {"textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "datetime", "hidden"}
)
LISTS = frozenset({"dynamiclist", "records"})
KINDS = FIELDS | LISTS | {"text", "group"}
CHOICES = frozenset({"radio", "select", "checklist"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the stored value, its text as a browser sends it, and what people read."""

    value: Any
    sent: str
    label: Text


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value must keep to. `not_before` and `not_after` are FEEL dates."""

    required: bool = False
    required_message: Text | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: Text | None = None
    not_before: str | None = None
    not_after: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line beside a row: its label and a FEEL value over `row`."""

    label: Text
    value: str


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the form. FEEL attributes are without the leading equals sign."""

    kind: str
    key: str
    label: Text
    description: Text
    text: Text
    limits: Limits
    choices: tuple[Choice, ...]
    components: tuple["Component", ...]
    hide: str | None
    required_if: str | None
    prefill: str | None
    sample: str | None
    rows: str | None
    title: str | None
    summary: tuple[SummaryLine, ...]
    min_items: int
    max_items: int
    add_label: Text
    row_label: Text
    guideline: str
    width: str
    readonly: bool
    folded: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on the whole answer. `level` is error (refuses) or warning (noted as a departure)."""

    id: str
    field: str
    require: str
    level: str
    message: Text
    guideline: str


@dataclass(frozen=True, slots=True)
class Quick:
    """An answer given with one button."""

    label: Text
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """`decided_by`: the body whose answer it is; `decision`: the field that says in a word what was decided,
    or list.field when each row says its own;
    `statement`: what its answer is called when it decides nothing, as words before the body (Yttrande av). `source` is
    the form's own JSON: what its expressions mention can be looked for in it.

    `alike`: one answer, written once, may be given for several tasks.
    """

    id: str
    title: Text
    components: tuple[Component, ...]
    quick: Quick | None
    alike: bool
    rules: tuple[Rule, ...]
    complete_effects: list[Mapping[str, Any]]
    close_effects: list[Mapping[str, Any]]
    decided_by: Text | None
    decision: str
    statement: Text | None
    source: str

    @property
    def warns(self) -> bool:
        """Whether an answer can be accepted and still depart from one of its rules."""
        return any(rule.level == "warning" for rule in self.rules)

    def fields(self) -> Iterator[Component]:
        """All components with a key, rows' components included."""
        for component in walk(self.components):
            if component.key:
                yield component


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from walk(component.components)


def top_level(components: tuple[Component, ...]) -> Iterator[Component]:
    """The components that share one object of data: through groups, not into rows."""
    for component in components:
        if component.kind == "group":
            yield from top_level(component.components)
        else:
            yield component


def text_of(data: Mapping[str, Any], name: str) -> Text:
    """`name` and `name_en`; Swedish stands in where English is missing."""
    sv = str(data.get(name) or "")
    return Text(sv, str(data.get(f"{name}_en") or sv))


def optional_text(data: Mapping[str, Any], name: str) -> Text | None:
    return text_of(data, name) if data.get(name) else None


def feel_of(value: Any) -> str | None:
    """FEEL with or without the leading equals sign of form-js."""
    if value is None or value == "":
        return None
    return str(value).strip().removeprefix("=").strip()


def sent_text(value: Any) -> str:
    """A choice's value as a browser sends it: true, 3, text."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def build(data: Mapping[str, Any]) -> Form:
    """The form, from a schema that has passed its checks."""
    ours = data.get("arshjul") or {}
    quick = ours.get("quick")
    return Form(
        id=str(data.get("id", "")),
        title=text_of(data, "title"),
        components=tuple(_component(part) for part in data.get("components", [])),
        quick=Quick(text_of(quick, "label"), quick.get("data") or {}) if quick else None,
        alike=ours.get("alike") is True,
        rules=tuple(_rule(rule) for rule in ours.get("rules", [])),
        complete_effects=list(ours.get("complete", [])),
        close_effects=list(ours.get("close", [])),
        decided_by=optional_text(ours, "decided_by"),
        decision=str(ours.get("decision") or ""),
        statement=optional_text(ours, "statement"),
        source=orjson.dumps(data).decode(),
    )


def _rule(rule: Mapping[str, Any]) -> Rule:
    return Rule(
        id=rule["id"],
        field=rule.get("field", ""),
        require=feel_of(rule["require"]) or "",
        level=rule.get("level", "error"),
        message=text_of(rule, "message"),
        guideline=str(rule.get("guideline", "")),
    )


def _component(data: Mapping[str, Any]) -> Component:
    kind = data["type"]
    is_list = kind in LISTS
    return Component(
        kind=kind,
        key=str(data.get("key") or data.get("path") or "") if kind in FIELDS | LISTS else "",
        label=text_of(data, "label"),
        description=text_of(data, "description"),
        text=text_of(data, "text"),
        limits=_limits(data, kind),
        choices=tuple(
            Choice(choice["value"], sent_text(choice["value"]), text_of(choice, "label"))
            for choice in data.get("values", [])
        ),
        components=tuple(_component(part) for part in data.get("components", [])),
        hide=feel_of((data.get("conditional") or {}).get("hide")),
        required_if=feel_of(data.get("required_if")),
        prefill=feel_of(data.get("prefill")),
        sample=feel_of(data.get("sample")),
        rows=feel_of(data.get("rows")) if kind == "records" else None,
        title=feel_of(data.get("title")) if is_list else None,
        summary=tuple(
            SummaryLine(text_of(line, "label"), feel_of(line["value"]) or "null") for line in data.get("summary", [])
        ),
        min_items=int(data.get("minItems", 0)),
        max_items=int(data.get("maxItems", 200)),
        add_label=text_of(data, "addLabel"),
        row_label=text_of(data, "rowLabel"),
        guideline=str(data.get("guideline", "")),
        width=str(data.get("width", "")),
        readonly=bool(data.get("readonly", False)),
        folded=data.get("folded") is True,
    )


def _limits(data: Mapping[str, Any], kind: str) -> Limits:
    given = data.get("validate") or {}
    longest = {"textarea": 10_000, "textfield": 500}.get(kind)
    return Limits(
        required=bool(given.get("required", False)),
        required_message=optional_text(given, "required_message") or optional_text(data, "required_message"),
        minimum=given.get("min"),
        maximum=given.get("max"),
        min_length=given.get("minLength"),
        max_length=given.get("maxLength", longest),
        pattern=given.get("pattern"),
        pattern_message=optional_text(given, "pattern_message"),
        not_before=feel_of(given.get("notBefore")),
        not_after=feel_of(given.get("notAfter")),
    )
