"""Who there is and who may act: units, people, positions and who holds them from when to when.

Tasks belong to positions, so every question here is about a position or a person on a civil day in
Europe/Stockholm.
"""

from engine.identity.absences import (
    absences_led,
    absences_of,
    deputises_for,
    end_absence,
    ensure_may_set,
    on_behalf_of,
    set_absence,
    standing_in,
    with_deputies,
)
from engine.identity.changes import (
    add_holding,
    add_person,
    add_position,
    add_unit,
    end_holding,
    save_roles,
    set_active,
    set_locale,
    set_position_active,
)
from engine.identity.csv_files import CsvError
from engine.identity.csv_import import ImportReport, import_csv
from engine.identity.days import Holder, How
from engine.identity.directory import Listed, below, find, leads_anyone, listed, near
from engine.identity.organisation import Absence, Person, Position, Unit
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
    "Absence",
    "CsvError",
    "Holder",
    "How",
    "ImportReport",
    "Listed",
    "Person",
    "Position",
    "Role",
    "Unit",
    "absences_led",
    "absences_of",
    "actors_for",
    "add_holding",
    "add_person",
    "add_position",
    "add_unit",
    "area_of",
    "below",
    "capabilities",
    "deputises_for",
    "effective_positions",
    "end_absence",
    "end_holding",
    "ensure_may_set",
    "find",
    "holders",
    "import_csv",
    "leads_anyone",
    "listed",
    "near",
    "on",
    "on_behalf_of",
    "people",
    "person",
    "person_name",
    "position",
    "positions",
    "positions_with_role",
    "roles",
    "roles_of",
    "save_roles",
    "set_absence",
    "set_active",
    "set_locale",
    "set_position_active",
    "standing_in",
    "superior",
    "superior_name",
    "unit",
    "units",
    "with_deputies",
]
