"""Who there is and who may act: units, people, positions and who holds them from when to when.

Tasks belong to positions, so every question here is about a position or a person on a civil day in
Europe/Stockholm.
"""

from engine.identity.changes import (
    add_holding,
    add_person,
    add_position,
    add_unit,
    end_holding,
    save_roles,
    set_active,
    set_position_active,
)
from engine.identity.csv_files import CsvError
from engine.identity.csv_import import ImportReport, import_csv
from engine.identity.days import Holder, How
from engine.identity.organisation import Person, Position, Unit
from engine.identity.reading import (
    actors_for,
    area_of,
    capabilities,
    effective_positions,
    holders,
    on,
    people,
    person,
    person_name,
    position,
    positions,
    positions_with_role,
    roles,
    roles_of,
    superior,
    superior_name,
    unit,
    units,
)
from engine.identity.roles import Role

__all__ = [
    "CsvError",
    "Holder",
    "How",
    "ImportReport",
    "Person",
    "Position",
    "Role",
    "Unit",
    "actors_for",
    "add_holding",
    "add_person",
    "add_position",
    "add_unit",
    "area_of",
    "capabilities",
    "effective_positions",
    "end_holding",
    "holders",
    "import_csv",
    "on",
    "people",
    "person",
    "person_name",
    "position",
    "positions",
    "positions_with_role",
    "roles",
    "roles_of",
    "save_roles",
    "set_active",
    "set_position_active",
    "superior",
    "superior_name",
    "unit",
    "units",
]
