"""Forms of a process package: read, checked, filled in, judged, drawn and, for rehearsals, answered."""

from typing import Any

from engine.rules.form_check import RuleFinding, Validated, validate
from engine.rules.form_lint import Finding, lint_schema
from engine.rules.form_model import Choice, Component, Form, Quick, Rule, build
from engine.rules.form_sample import sample
from engine.rules.form_values import FieldError
from engine.rules.form_view import ComponentView, FormView, RowView, prefill, prefill_row, view

__all__ = [
    "Choice",
    "Component",
    "ComponentView",
    "FieldError",
    "Finding",
    "Form",
    "FormView",
    "Quick",
    "RowView",
    "Rule",
    "RuleFinding",
    "Validated",
    "build",
    "lint",
    "prefill",
    "prefill_row",
    "sample",
    "validate",
    "view",
]


def lint(data: Any) -> list[Finding]:
    """Everything that is wrong with a form's schema: (where, Swedish sentence, English sentence)."""
    return lint_schema(data)
