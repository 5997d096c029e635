"""Two versions of a process side by side: what a person would ask before putting the newer one into use."""

from __future__ import annotations

from dataclasses import dataclass

from engine.comparing.days import dates
from engine.comparing.elements import elements, flows, roles
from engine.comparing.forms import forms, messages, records
from engine.comparing.rest import rest
from engine.comparing.values import Change, DateChange
from engine.deployments import Deployed

__all__ = ["Change", "Comparison", "DateChange", "compare"]

REMADE = frozenset({"changed", "renamed"})


@dataclass(frozen=True)
class Comparison:
    """What differs, by kind of thing; days as the plan year has them."""

    plan_year: int
    elements: list[Change]
    flows: list[Change]
    roles: list[Change]
    dates: list[DateChange]
    forms: list[Change]
    records: list[Change]
    messages: list[Change]
    rest: list[Change]

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.elements, self.flows, self.roles, self.dates, self.forms, self.records, self.messages, self.rest)
        )

    def marked(self, kind: str) -> set[str]:
        """Ids in the new diagram that are `added`, or `changed` in any way: name, content, role or day."""
        if kind == "added":
            return {change.id for change in (*self.elements, *self.flows) if change.kind == "added"}
        told = {change.id for change in (*self.elements, *self.flows, *self.roles) if change.kind in REMADE}
        return (told | {date.id for date in self.dates}) - self.marked("added")


def compare(old: Deployed, new: Deployed, plan_year: int) -> Comparison:
    """Everything that is another in `new`; days resolved for the plan year."""
    return Comparison(
        plan_year,
        elements(old, new),
        flows(old, new),
        roles(old, new),
        dates(old, new, plan_year),
        forms(old, new, plan_year),
        records(old, new),
        messages(old, new),
        rest(old, new),
    )
