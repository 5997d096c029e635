"""Who there is and who may act: units, people, positions and who holds them from when to when.

Tasks belong to positions, so every question here is about a position or a person on a civil day in
Europe/Stockholm.
"""

from engine.identity.absences import (
    absence_refusals,
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
    save_roles,
    set_locale,
)
from engine.identity.csv_files import COLUMNS as CSV_COLUMNS
from engine.identity.csv_files import CsvError
from engine.identity.csv_import import ImportReport, import_csv
from engine.identity.csv_words import in_words as csv_fault
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
    standing,
    superior,
    superior_name,
    units,
)
from engine.identity.roles import Role

__all__ = [
    "CSV_COLUMNS",
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
    "absence_refusals",
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
    "csv_fault",
    "deputises_for",
    "effective_positions",
    "end_absence",
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
    "set_locale",
    "standing",
    "standing_in",
    "superior",
    "superior_name",
    "units",
    "with_deputies",
]
