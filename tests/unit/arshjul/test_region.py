"""The invented region: what a demo and a rehearsal can count on."""

from collections import Counter
from itertools import islice

import pytest

from arshjul.names import names, username
from arshjul.region import invent


def chiefs(managers: int) -> Counter[str]:
    return Counter(h.person for h in invent(managers).holdings if h.position.startswith("chef-"))


@pytest.mark.parametrize("managers", [12, 13, 45, 90, 200])
def test_there_are_as_many_managers_as_asked_for_and_one_of_them_heads_three_units(managers: int) -> None:
    assert len(chiefs(managers)) == managers
    assert max(chiefs(managers).values()) == 3


def test_ninety_managers_share_five_areas_and_sixty_units() -> None:
    kinds = Counter(unit.kind for unit in invent(90).units)
    assert (kinds["region"], kinds["area"], kinds["unit"]) == (1, 5, 60)
    assert kinds["operations"] > 5


@pytest.mark.parametrize("managers", [12, 90])
def test_a_vacant_unit_has_a_held_position_above_it(managers: int) -> None:
    region = invent(managers)
    vacant = [p for p in region.positions if p.role == "chef" and not region.holders(p.id)]
    parents = {unit.id: unit.parent for unit in region.units}
    assert vacant
    assert all(region.holders(f"chef-{parents[position.unit]}") for position in vacant)


def test_every_body_has_a_chair_and_a_secretary_and_the_council_is_not_active() -> None:
    region = invent(12)
    functions = Counter((h.position, h.function) for h in region.holdings if h.function != "holder")
    bodies = {position for position, _function in functions}
    assert {"arbetsgrupp", "rd_ledningsgrupp", "regionstyrelse", "kompetensforsorjningsrad"} < bodies
    assert all(functions[body, "chair"] == functions[body, "secretary"] == 1 for body in bodies)
    assert [p.id for p in region.positions if not p.active] == ["kompetensforsorjningsrad"]


def test_the_region_is_the_same_every_time() -> None:
    assert invent(30) == invent(30)


def test_fewer_managers_than_the_areas_need_are_refused() -> None:
    with pytest.raises(ValueError, match="11"):
        invent(11)


def test_twenty_thousand_names_and_usernames_differ() -> None:
    found = list(islice(names(), 20_000))
    assert len(set(found)) == len({username(name) for name in found}) == 20_000
    assert username("Åsa Låtsasson-Påhitt") == "asa.latsasson-pahitt"
