"""What can be wrong with a diagram or with running it: findings and one error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a diagram from being deployed, said in both languages, with what to draw
    instead."""

    rule: str
    element_id: str | None
    element_name: str | None
    line: int | None
    sv: str
    en: str


SENTENCES = {
    "not_deployable": "The diagram has findings and cannot be deployed.",
    "not_ready": "No such token is waiting for this.",
    "condition": "A condition did not answer true or false.",
    "no_way_out": "No condition held at the gateway, and it has no default flow.",
    "timer": "The time of a timer cannot be worked out.",
    "unfinished": "Everything was done once and the completion condition does not hold.",
    "cardinality": "The number of instances is not a whole number from 0 to 100.",
    "uncaught_error": "An error was thrown that nothing around it catches.",
    "too_long": "One step ran through too many elements; the diagram seems to go round without waiting.",
    "state_version": "The saved state was written by another version of this code.",
    "state_damaged": "The saved state is truncated or altered.",
    "state_model": "The saved state belongs to another diagram.",
    "cannot_place": "What is saved cannot wait there in this diagram.",
    "variables": "The variables hold a value that cannot be saved as JSON.",
}


class BpmnError(Exception):
    """A refusal with a `code` (a key of SENTENCES), the element it concerns, and findings when a file was
    refused."""

    def __init__(
        self, code: str, element_id: str | None = None, detail: str = "", findings: Sequence[Finding] = ()
    ) -> None:
        self.code = code
        self.element_id = element_id
        self.detail = detail
        self.findings = list(findings)
        super().__init__(" ".join(part for part in (SENTENCES[code], element_id, detail) if part))
