"""Judging an answer: every field refused with a code, every rule of the guideline that it departs from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel import FeelError, Job
from engine.rules.form_model import Form, Rule
from engine.rules.form_reading import Node, Reading
from engine.rules.form_values import FieldError
from engine.rules.placeholders import fill
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule that the answer breaks."""

    rule_id: str
    message: Text
    guideline: str
    field: str


@dataclass(frozen=True, slots=True)
class Validated:
    """`data` is what to store. `names` is the same as expressions see it: dates as dates, rows over their records."""

    data: dict[str, Any]
    names: dict[str, Any]
    errors: list[FieldError]
    warnings: list[RuleFinding]


def validate(form: Form, data: Mapping[str, Any], context: Mapping[str, Any], now: datetime) -> Validated:
    """Everything that is wrong with the data, at once.

    Rules are judged only when every field is in order: before that they would speak of what is not there.
    Raises FeelError when an expression of the form itself fails.
    """
    reading = Reading(form, data, context, now, submitted=True)
    errors = [*reading.errors, *(error for node in reading.walk() for error in _errors(node))]
    warnings: list[RuleFinding] = []
    if not errors:
        for rule, message in _broken(form, reading):
            if rule.level == "error":
                errors.append(FieldError(rule.field, "rule", {"rule": rule.id}, message))
            else:
                warnings.append(RuleFinding(rule.id, message, rule.guideline, rule.field))
    return Validated(reading.data(), reading.names, errors, warnings)


def _errors(node: Node) -> Iterator[FieldError]:
    if node.hidden:
        return
    yield from node.errors
    component = node.component
    value = node.value
    if component.kind == "dynamiclist":
        fewest = max(component.min_items, 1 if node.required else 0)
        if len(node.rows) < fewest:
            yield FieldError(node.path, "too_few_rows", {"min": fewest}, component.limits.required_message)
        return
    if node.required and not node.errors and (value is None or value == [] or value is False):
        yield FieldError(node.path, "required", {}, component.limits.required_message)
    if component.kind == "datetime" and value is not None:
        early = node.not_before is not None and value < node.not_before
        if early or (node.not_after is not None and value > node.not_after):
            bounds = {"min": node.not_before, "max": node.not_after}
            params = {name: bound.isoformat() for name, bound in bounds.items() if bound is not None}
            yield FieldError(node.path, "out_of_range", params)


def _broken(form: Form, reading: Reading) -> Iterator[tuple[Rule, Text]]:
    results = reading.run([Job(rule.require) for rule in form.rules])
    for rule, result in zip(form.rules, results, strict=True):
        if result is not None and not isinstance(result, bool):
            raise FeelError(rule.require, "is neither true nor false")
        if result is not True:
            yield rule, fill(rule.message, {**reading.context, **reading.names})
