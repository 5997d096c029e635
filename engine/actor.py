"""Who does something: a person signed in, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person (id, name) or, with `person_id` None, the system."""

    person_id: str | None
    name: str


SYSTEM = Actor(None, "Årshjul")
