"""The roles that packages may name, as the installation has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Role:
    """One role of roles.toml. `grants`: what holders may open (cockpit, history, operate, deploy, erase, admin)."""

    id: str
    sv: str
    en: str
    kind: str = "position"
    scope: str = "unit"
    reports_to: str | None = None
    registrars: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()

    @property
    def is_body(self) -> bool:
        return self.kind == "body"


def role_of(role_id: str, values: Mapping[str, Any]) -> Role:
    """A role from its values as roles.toml writes them."""
    return Role(
        id=role_id,
        sv=values["sv"],
        en=values["en"],
        kind=values.get("kind", "position"),
        scope=values.get("scope", "unit"),
        reports_to=values.get("reports_to"),
        registrars=tuple(values.get("registrars") or ()),
        grants=tuple(values.get("grants") or ()),
    )


def as_json(role: Role) -> dict[str, Any]:
    return {
        "sv": role.sv,
        "en": role.en,
        "kind": role.kind,
        "scope": role.scope,
        "reports_to": role.reports_to,
        "registrars": list(role.registrars),
        "grants": list(role.grants),
    }
