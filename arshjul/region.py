"""An invented region as plain data: always the same for the same number of managers, and nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from arshjul.names import names, username

AREAS = {
    "sv": ("Sjukhusvård", "Medicinkliniken", "Kirurgkliniken", "Akutsjukvården"),
    "nv": ("Nära vård", "Hälsocentralerna", "Hemsjukvården", "Rehabiliteringen"),
    "ps": ("Psykiatri och habilitering", "Vuxenpsykiatrin", "Barnpsykiatrin", "Habiliteringen"),
    "ru": ("Regional utveckling", "Kollektivtrafiken", "Kulturen", "Näringslivet"),
    "rs": ("Regionstöd", "Fastigheterna", "Digitaliseringen", "Måltiderna"),
}
"""Id: the administration area's name and those of its operations."""

REGION = "region"
KTC = "ktc"
PROVIDERS = {
    KTC: "Kliniskt träningscentrum (KTC)",
    "lardig": "Utbildningsbolaget Lärdig",
    "kursa": "Kursakademin Påhitt",
}
COUNCIL, BOARD, MANAGEMENT_GROUP, WORKING_GROUP = (
    "kompetensforsorjningsrad",
    "regionstyrelse",
    "rd_ledningsgrupp",
    "arbetsgrupp",
)
POSTS = {
    "hr_strateg": ("HR-strateg", 2),
    "hr_chef": ("HR-chef", 1),
    "hr_loneoversyn": ("HR-ansvarig för löneöversyn", 2),
    "kommunikation": ("Kommunikatör", 2),
    "kommunikationschef": ("Kommunikationschef", 1),
    "regiondirektorens_kansli": ("Regiondirektörens kansli", 1),
    "revisor": ("Revisor", 1),
    "systemadministrator": ("Systemadministratör", 1),
}
"""Role: the name of its one position in the region, and how many hold it."""

FEWEST_MANAGERS = 12


@dataclass(frozen=True)
class Unit:
    id: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Position:
    id: str
    role: str
    unit: str
    name: str
    active: bool = True


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    email: str


@dataclass(frozen=True)
class Holding:
    position: str
    person: str
    function: str = "holder"


@dataclass
class Region:
    """Units before what stands under them, and everything else in any order."""

    units: list[Unit] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def holders(self, position: str) -> list[str]:
        return [holding.person for holding in self.holdings if holding.position == position]


def invent(managers: int = 90) -> Region:
    """A region with that many managers (12 or more), two thirds as many units, and every role.

    One manager heads three units, some two; some units have two managers; at least one has none.
    Raises ValueError when there are fewer managers than areas and operations need.
    """
    if managers < FEWEST_MANAGERS:
        raise ValueError(managers)
    region = Region()
    someone = _people(region)
    heads = _tree(region, units=managers * 2 // 3)
    _managers(region, heads, managers, someone)
    _developers(region, someone)
    _posts(region, someone)
    _bodies(region, someone)
    return region


def _people(region: Region) -> Iterator[str]:
    """Each step adds a person nobody has met before and gives the id."""
    for name in names():
        person = Person(username(name), name, f"{username(name)}@region.example")
        region.people.append(person)
        yield person.id


def _tree(region: Region, units: int) -> list[Position]:
    """Region, areas, operations, units; gives the manager's position of each, from the top."""
    region.units.append(Unit(REGION, "Region Exempel", "region", None))
    heads = [Position(f"chef-{REGION}", "chef", REGION, "Regiondirektör")]
    for area, (name, *_operations) in AREAS.items():
        region.units.append(Unit(area, name, "area", REGION))
        heads.append(Position(f"chef-{area}", "chef", area, f"Förvaltningsområdeschef, {name}"))
    operations = []
    for number in range(max(1, min(15, units // 4))):
        area = list(AREAS)[number % len(AREAS)]
        unit = Unit(f"{area}-{number // len(AREAS) + 1}", AREAS[area][1 + number // len(AREAS)], "operations", area)
        operations.append(unit)
        heads.append(Position(f"chef-{unit.id}", "chef", unit.id, f"Verksamhetschef, {unit.name}"))
    region.units += operations
    for number in range(units):
        above = operations[number % len(operations)]
        serial = number // len(operations) + 1
        unit = Unit(f"{above.id}-{serial}", f"{above.name}, enhet {serial}", "unit", above.id)
        region.units.append(unit)
        heads.append(Position(f"chef-{unit.id}", "chef", unit.id, f"Enhetschef, {unit.name}"))
    region.positions += heads
    return heads


def _managers(region: Region, heads: list[Position], managers: int, someone: Iterator[str]) -> None:
    """Vacant units first from the end, then units whose manager heads another, then deputies up to the number."""
    vacant = max(1, managers // 45)
    held = heads[: len(heads) - vacant]
    shared = max(2 + managers // 30, len(held) - managers)
    own, others = held[:-shared], held[-shared:]
    for position in own:
        region.holdings.append(Holding(position.id, next(someone)))
    first_unit = next(i for i, position in enumerate(own) if position.name.startswith("Enhetschef"))
    for number, position in enumerate(others):
        # The first two go to the same manager, who so heads three.
        manager = own[first_unit + max(0, number - 1)]
        region.holdings.append(Holding(position.id, region.holders(manager.id)[0]))
    for number in range(managers - len(own)):
        unit = own[first_unit + number % (len(own) - first_unit)].unit
        deputy = Position(f"chef-{unit}-{number + 2}", "chef", unit, "Biträdande enhetschef")
        region.positions.append(deputy)
        region.holdings.append(Holding(deputy.id, next(someone)))


def _developers(region: Region, someone: Iterator[str]) -> None:
    for unit in [unit for unit in region.units if unit.kind == "operations"]:
        _hold(
            region,
            Position(f"vu-{unit.id}", "verksamhetsutvecklare", unit.id, "Verksamhetsutvecklare"),
            [next(someone)],
        )
    for area, (name, *_operations) in AREAS.items():
        _hold(region, Position(f"strateg-{area}", "strateg", area, f"Strateg, {name}"), [next(someone)])
        head = region.holders(f"chef-{area}")
        _hold(
            region, Position(f"foc-{area}", "forvaltningsomradeschef", area, f"Förvaltningsområdeschef, {name}"), head
        )


def _posts(region: Region, someone: Iterator[str]) -> None:
    for role, (name, holders) in POSTS.items():
        _hold(region, Position(role, role, REGION, name), [next(someone) for _ in range(holders)])
    for provider, name in PROVIDERS.items():
        region.units.append(Unit(provider, name, "external", REGION))
        _hold(region, Position(f"anordnare-{provider}", "utbildningsanordnare", provider, name), [next(someone)])


def _bodies(region: Region, someone: Iterator[str]) -> None:
    """A chair, a secretary and members each. The council exists and is not active."""
    leaders = [region.holders(f"chef-{area}")[0] for area in AREAS]
    strategist, second = region.holders("hr_strateg")
    office = region.holders("regiondirektorens_kansli")[0]
    developers = [holding.person for holding in region.holdings if holding.position.startswith("vu-")][: len(AREAS)]
    _meet(region, Position(WORKING_GROUP, WORKING_GROUP, REGION, "Arbetsgruppen"), strategist, second, developers)
    _meet(
        region,
        Position(COUNCIL, COUNCIL, REGION, "Kompetensförsörjningsrådet", active=False),
        region.holders("hr_chef")[0],
        second,
        leaders,
    )
    _meet(
        region,
        Position(MANAGEMENT_GROUP, MANAGEMENT_GROUP, REGION, "Regiondirektörens ledningsgrupp"),
        region.holders(f"chef-{REGION}")[0],
        office,
        leaders,
    )
    _meet(
        region,
        Position(BOARD, BOARD, REGION, "Regionstyrelsen"),
        next(someone),
        office,
        [next(someone) for _ in range(3)],
    )
    for area, (name, *_operations) in AREAS.items():
        below = [f"chef-{unit.id}" for unit in region.units if unit.kind == "operations" and unit.parent == area]
        members = [person for position in below for person in region.holders(position)]
        _meet(
            region,
            Position(f"lg-{area}", "forvaltningsomrade_lg", area, f"Ledningsgruppen, {name}"),
            region.holders(f"chef-{area}")[0],
            next(someone),
            members,
        )


def _hold(region: Region, position: Position, people: list[str]) -> None:
    region.positions.append(position)
    region.holdings += [Holding(position.id, person) for person in people]


def _meet(region: Region, body: Position, chair: str, secretary: str, members: list[str]) -> None:
    region.positions.append(body)
    region.holdings += [Holding(body.id, chair, "chair"), Holding(body.id, secretary, "secretary")]
    region.holdings += [Holding(body.id, member, "member") for member in dict.fromkeys(members)]
