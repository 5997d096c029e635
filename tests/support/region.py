"""The invented region of the tests: four areas, eight units, who heads what, and the bodies with their secretaries."""

from __future__ import annotations

from typing import Any

from engine import identity

AREAS = {"hs": "Hälso- och sjukvård", "ru": "Regional utveckling", "st": "Regionstöd", "fo": "Folkhälsa"}
UNITS = {
    "hs-1": "Medicinkliniken", "hs-2": "Kirurgkliniken", "hs-3": "Akutmottagningen", "hs-4": "Vårdcentralen Ån",
    "ru-1": "Näringslivsenheten", "ru-2": "Kulturenheten", "st-1": "Fastighetsenheten", "fo-1": "Folktandvården",
}  # fmt: skip
MANAGERS = {
    "hs-1": "tora", "hs-2": "tora", "hs-3": "tora", "hs-4": "hilda", "ru-1": "rune", "st-1": "sten", "fo-1": "folke",
    "hs": "hans", "ru": "rut", "st": "stina", "fo": "fred",
}  # fmt: skip
"""Who heads what. Tora heads three units; ru-2 is vacant, and Rut above it takes over. Areas have heads besides."""

ONE_OF_EACH = {
    "hr_strateg": "hr", "hr_chef": "hrchef", "hr_loneoversyn": "lo", "kommunikation": "komm",
    "kommunikationschef": "kommchef", "revisor": "revi", "systemadministrator": "sysa",
    "regiondirektorens_kansli": "kansli", "verksamhetsutvecklare": "vera", "strateg": "stig",
    "utbildningsanordnare": "ktc",
}  # fmt: skip
OUTSIDER = "ovid"
"""An employee without any position."""
BODIES = {
    "arbetsgrupp": "argus",
    "rd_ledningsgrupp": "rdsek",
    "regionstyrelse": "rssek",
    "kompetensforsorjningsrad": "ksek",
}


def people_the_region(tx: Any) -> None:
    """Everyone and everything above, in an empty database with its roles."""
    identity.add_unit(tx, "r", "Region Exempel", "region")
    for unit_id, name in AREAS.items():
        identity.add_unit(tx, unit_id, name, "area", "r")
    for unit_id, name in UNITS.items():
        identity.add_unit(tx, unit_id, name, "unit", unit_id.split("-")[0])
    of_areas = {f"{function}-{area}" for area in AREAS for function in ("sek", "foc")}
    everyone = {*MANAGERS.values(), *ONE_OF_EACH.values(), *BODIES.values(), *of_areas, OUTSIDER}
    for person_id in sorted(everyone):
        identity.add_person(tx, person_id, f"{person_id.capitalize()} Påhitt", f"{person_id}@region.example")
    for unit_id, name in {**AREAS, **UNITS}.items():
        identity.add_position(tx, f"chef-{unit_id}", "chef", unit_id, f"Chef, {name}")
        if unit_id in MANAGERS:
            identity.add_holding(tx, f"chef-{unit_id}", MANAGERS[unit_id])
    for role, person_id in ONE_OF_EACH.items():
        identity.add_position(tx, role, role, "r", role)
        identity.add_holding(tx, role, person_id)
    for role, person_id in BODIES.items():
        active = role != "kompetensforsorjningsrad"
        identity.add_position(tx, role, role, "r", role, active=active)
        identity.add_holding(tx, role, person_id, function="secretary")
    for area in AREAS:
        identity.add_position(tx, f"foc-{area}", "forvaltningsomradeschef", area, f"Förvaltningsområdeschef {area}")
        identity.add_holding(tx, f"foc-{area}", f"foc-{area}")
        identity.add_position(tx, f"lg-{area}", "forvaltningsomrade_lg", area, f"Ledningsgruppen {area}")
        identity.add_holding(tx, f"lg-{area}", f"sek-{area}", function="secretary")
