"""Bringing an invented region into a database the way a real one comes: as the CSV files of its staff system."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from arshjul.region import Region
from engine import identity
from engine.actor import SYSTEM
from engine.store.database import Tx


def people(tx: Tx, region: Region, *, now: datetime) -> None:
    """The roles must be there: deploy a package first. `now` is process time."""
    identity.import_csv(tx, as_csv(region), by=SYSTEM, now=now)


def as_csv(region: Region) -> dict[str, bytes]:
    """The four files of an organisation (README, "Organisationen")."""
    return {
        "units.csv": _file(
            ("id", "name", "kind", "parent"), ((u.id, u.name, u.kind, u.parent or "") for u in region.units)
        ),
        "people.csv": _file(("id", "name", "email"), ((p.id, p.name, p.email) for p in region.people)),
        "positions.csv": _file(
            ("id", "role", "unit", "name", "active"),
            ((p.id, p.role, p.unit, p.name, "ja" if p.active else "nej") for p in region.positions),
        ),
        "holdings.csv": _file(
            ("position", "person", "function"), ((h.position, h.person, h.function) for h in region.holdings)
        ),
    }


def _file(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()
