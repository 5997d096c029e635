"""Bringing an invented region into a database the way a real one comes: as the CSV files of its staff system."""

from __future__ import annotations

from datetime import datetime

from arshjul.region import Region
from engine import identity
from engine.actor import SYSTEM
from engine.identity.csv_files import written
from engine.store.database import Tx


def people(tx: Tx, region: Region, *, now: datetime) -> None:
    """The roles must be there: deploy a package first. `now` is process time."""
    identity.import_csv(tx, as_csv(region), by=SYSTEM, now=now)


def as_csv(region: Region) -> dict[str, bytes]:
    """The four files of an organisation (README, "Organisationen")."""
    return {
        "units.csv": written(
            ("id", "name", "kind", "parent"), ((u.id, u.name, u.kind, u.parent or "") for u in region.units)
        ),
        "people.csv": written(("id", "name", "email"), ((p.id, p.name, p.email) for p in region.people)),
        "positions.csv": written(
            ("id", "role", "unit", "name", "active"),
            ((p.id, p.role, p.unit, p.name, "ja" if p.active else "nej") for p in region.positions),
        ),
        "holdings.csv": written(
            ("position", "person", "function"), ((h.position, h.person, h.function) for h in region.holdings)
        ),
    }
