"""What may still come in an instance, from where it is."""

import pytest
from support.bpmn_models import catch, edge, error, link, loop, model, sub, throw

from engine import flows
from engine.bpmn import Model
from engine.bpmn.model import load_all


def loaded(*parts: str) -> Model:
    (found,) = load_all(model(*parts), scripts=True)
    return found


def with_a_choice_inside(marker: str = "") -> Model:
    inside = sub("in", "s2 -> c -> x2", "x2 -> d: way = 1", "x2 -> f: way = 2", "d -> e2", "f -> e2", marker=marker)
    return loaded("s -> a -> in -> b -> e", inside, edge("ev", "in", error("E")), "ev -> g -> e")


@pytest.mark.parametrize(
    ("live", "ahead"),
    [
        ("a", "a in s2 c x2 d f e2 ev g b e"),
        ("in c", "in c x2 d f e2 ev g b e"),
        ("f", "f e2 ev g b e"),
        ("b", "b e"),
        ("gone", ""),
        ("", ""),
    ],
)
def test_it_is_what_the_flow_and_the_events_around_lead_to(live: str, ahead: str) -> None:
    assert flows.ahead(with_a_choice_inside(), live.split()) == set(ahead.split())


def test_in_a_loop_what_was_passed_may_come_again() -> None:
    assert {"c", "d"} <= flows.ahead(with_a_choice_inside(loop("way = 1")), ["f"])


def test_a_link_leads_to_where_it_is_caught() -> None:
    linked = loaded("s -> a -> t", throw("t", link("L")), catch("l", link("L")), "l -> b -> e")
    assert flows.ahead(linked, ["a"]) == {"a", "t", "l", "b", "e"}
    assert flows.after(linked, ["t"]) == {"t", "l", "b", "e"}
