"""What may still come in an instance, from where it is."""

import pytest
from support.bpmn_models import begin, catch, edge, error, handler, link, loop, message, model, signal, sub, throw, undo

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
    assert flows.ahead(with_a_choice_inside(), live.split()) == dict.fromkeys(ahead.split(), "coming")


def test_in_a_loop_what_was_passed_may_come_again() -> None:
    assert {"c", "d"} <= flows.ahead(with_a_choice_inside(loop("way = 1")), ["f"]).keys()


def test_a_flow_that_leads_back_is_followed_once() -> None:
    back = loaded("s -> x1 -> a -> x2", "x2 -> x1: way = 1", "x2 -> b: way = 2", "b -> e")
    assert flows.ahead(back, ["a"]).keys() == {"a", "x2", "x1", "b", "e"}


def test_a_link_leads_to_where_it_is_caught_and_nothing_else_leads_to_a_catch() -> None:
    two = loaded(
        "s -> t1", throw("t1", signal("N")), "t1 -> x",
        "x -> t2: way = 2", throw("t2", link("L")), catch("l", link("L")), "l -> e1",
        "x -> t3: way = 1", throw("t3", link("M")), catch("k", link("M")), "k -> c -> e2", catch("c", signal("N")),
    )  # fmt: skip
    assert flows.after(two, ["t2"]) == {"t2", "l", "e1"}
    assert flows.after(two, ["t3"]) == {"t3", "k", "c", "e2"}


def test_what_undoes_an_activity_comes_on_demand() -> None:
    assert flows.ahead(loaded("s -> a -> e", undo("a", "u")), ["a"])["u"] == "on_demand"


def test_a_link_leads_to_where_it_is_caught() -> None:
    linked = loaded("s -> a -> t", throw("t", link("L")), catch("l", link("L")), "l -> b -> e")
    assert flows.ahead(linked, ["a"]).keys() == {"a", "t", "l", "b", "e"}
    assert flows.after(linked, ["t"]) == {"t", "l", "b", "e"}


def test_what_only_an_event_begins_comes_on_demand() -> None:
    """Inside a sub-process that has not begun as around the whole; once it has begun, the flow leads on in it."""
    inner = sub("in", "s2 -> c -> e2", handler("h2", begin("b2", message("N")), "b2 -> g -> e4"))
    outer = handler("h", begin("b1", message("M"), interrupting=False), "b1 -> d -> f -> e3")
    drawn = loaded("s -> a -> in -> e", inner, outer)
    found = flows.ahead(drawn, ["a"])
    assert {name for name, when in found.items() if when == "coming"} == {"a", "in", "s2", "c", "e2", "e"}
    assert {name for name, when in found.items() if when == "on_demand"} == {*"h b1 d f e3 h2 b2 g e4".split()}
    begun = flows.ahead(drawn, ["a", "h", "d"])
    assert {begun[name] for name in ("d", "f", "e3")} == {"coming"}
