"""What an event's identifiers are called: elements, people, positions, the package's own names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine import deployments, identity
from engine.errors import NotFound
from engine.history import Event
from engine.instances import Label
from engine.rules.value_words import ValueWords
from engine.store.database import Tx
from engine.subjects import Subject
from engine.texts import Text
from web.context import in_words
from web.words import gettext as _


class Names:
    """Bound to a transaction. What is no longer known is called by its identifier."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.plans: dict[int, tuple[deployments.Deployed, str]] = {}
        self.years: dict[int, int] = {}
        self.value_words: dict[int, ValueWords] = {}
        self.subjects: dict[int, Subject] = {}

    def know(self, found: Label) -> None:
        """The instance's definition and what it is called."""
        deployed = deployments.load(self.tx, found.definition_id)
        self.plans[found.instance_id] = (deployed, in_words(found.name))
        self.years[found.instance_id] = found.plan_year

    def plan(self, instance_id: int | None) -> str:
        known = self.plans.get(instance_id or 0)
        return known[1] if known else ""

    def element(self, instance_id: int | None, element_id: str | None) -> str:
        if element_id is None:
            return ""
        known = self.plans.get(instance_id or 0)
        if known is None:
            return element_id
        deployed = known[0]
        if element_id in deployed.tasks:
            return self._step(deployed, element_id)
        if element_id in deployed.package.follow_on:
            return in_words(deployed.package.follow_on[element_id].title.fill({"plan_year": ""})).strip()
        return deployed.element_name(element_id) if element_id in deployed.model.elements else element_id

    def task(self, instance_id: int | None, element_id: str | None) -> str:
        """A task's title in the reader's language; empty when the definition does not have it."""
        known = self.plans.get(instance_id or 0)
        if known is None or element_id is None:
            return ""
        specs: dict[str, Any] = {**known[0].package.follow_on, **known[0].tasks}
        if element_id not in specs:
            return ""
        title: Text = specs[element_id].title
        return in_words(title.fill({"plan_year": self.years[instance_id or 0]}))

    def _step(self, deployed: deployments.Deployed, element_id: str) -> str:
        """The step's name in the reader's language when the element carries the step, else its own."""
        step = next((s for s in deployed.package.steps if s.id == element_id), None)
        return in_words(step.name) if step else deployed.element_name(element_id)

    def event(self, instance_id: int | None, name: str) -> str:
        known = self.plans.get(instance_id or 0)
        spec = known[0].package.events.get(name) if known else None
        return in_words(spec.title) if spec else name

    def record(self, instance_id: int | None, kind: str) -> str:
        """What a record type is called."""
        schema = self._schema(instance_id, kind)
        return self._titled(schema, kind).lower() if schema else kind

    def words(self, instance_id: int | None) -> ValueWords | None:
        """The words of the values of the instance's package; None when it is not known."""
        known = self.plans.get(instance_id or 0)
        if known is None:
            return None
        if known[0].id not in self.value_words:
            self.value_words[known[0].id] = ValueWords(known[0].package)
        return self.value_words[known[0].id]

    def subject(self, record_id: Any) -> Subject | None:
        """The record by name, when it was asked for beforehand."""
        return self.subjects.get(record_id) if isinstance(record_id, int) else None

    def about(self, event: Event) -> str:
        """What the record of an event is called; its number when it is not known."""
        found = self.subject(event.body.get("record"))
        return found.title if found is not None else str(event.body.get("record") or "")

    def _schema(self, instance_id: int | None, kind: str) -> Mapping[str, Any]:
        known = self.plans.get(instance_id or 0)
        return known[0].package.records.get(kind, {}) if known else {}

    def _titled(self, schema: Mapping[str, Any], otherwise: str) -> str:
        title = schema.get("title")
        return in_words(Text(title, schema.get("title_en", title))) if title else otherwise

    def decider(self, instance_id: int | None, body: Mapping[str, Any]) -> str:
        """The body that decided: the position itself when it is one, else what the form says."""
        role = identity.roles(self.tx).get(body.get("role") or "")
        if role is not None and role.is_body:
            return self.position(body.get("position"))
        known = self.plans.get(instance_id or 0)
        form = known[0].package.forms.get(body.get("form") or "") if known else None
        return in_words(form.decided_by) if form and form.decided_by else str(body.get("decided_by") or "")

    def decision(self, instance_id: int | None, body: Mapping[str, Any]) -> str:
        """What was decided, in the word of the form's field for it; empty when the form has none or it was erased.

        A decision for each row is told by how many got which word.
        """
        known, words = self.plans.get(instance_id or 0), self.words(instance_id)
        form = known[0].package.forms.get(body.get("form") or "") if known else None
        answer = body.get("answer")
        if words is None or form is None or not form.decision or not isinstance(answer, Mapping):
            return ""
        within, _dot, field = form.decision.rpartition(".")
        rows = answer.get(within) if within else [answer]
        given = [row.get(field) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
        said = Counter(_word(words.value(field, one, form=form.id, within=within)) for one in given if one)
        return ", ".join(said) if len(given) == 1 else ", ".join(f"{number} {word}" for word, number in said.items())

    def statement(self, instance_id: int | None, body: Mapping[str, Any]) -> str:
        """What the body's answer is called before the body's name: Beslut av, or the form's own words."""
        known = self.plans.get(instance_id or 0)
        form = known[0].package.forms.get(body.get("form") or "") if known else None
        return in_words(form.statement) if form and form.statement else _("Beslut av")

    def person(self, person_id: str | None) -> str:
        return identity.person_name(self.tx, person_id) or (person_id or "")

    def people(self, ids: list[str]) -> str:
        return ", ".join(self.person(person_id) for person_id in ids)

    def position(self, position_id: str | None) -> str:
        try:
            return identity.position(self.tx, position_id or "").name
        except NotFound:
            return position_id or ""

    def role(self, role_id: str | None) -> str:
        role = identity.roles(self.tx).get(role_id or "")
        return in_words(Text(role.sv, role.en)) if role else (role_id or "")


def _word(said: Any) -> str:
    return in_words(said) if isinstance(said, Text) else str(said)
