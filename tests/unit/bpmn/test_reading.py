"""What a model tells about its diagram."""

from __future__ import annotations

from support.bpmn_drawing import Walk, boundary, end, file, flows, gateway, message, start, timer, user

from engine.bpmn import load, load_all

LANES = """<laneSet id="ls"><lane id="l1"
name="Förvaltning"><flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef>
<flowNodeRef>sub</flowNodeRef><childLaneSet id="cl"><lane id="l2"
name="Chef"><flowNodeRef>b</flowNodeRef></lane>
</childLaneSet></lane></laneSet>"""
SUB = f'<subProcess id="sub">{start("s2")}{user("x")}{end("e2")}{flows("s2 -> x -> e2")}</subProcess>'


def test_an_element_is_in_its_innermost_lane_and_inherits_that_of_its_sub_process() -> None:
    model = load(file(LANES, start(), user("a", "b"), SUB, end(), flows("s -> a -> b -> sub -> e")))
    assert {i: model.element(i).lane for i in ("s", "a", "b", "x")} == {
        "s": None,
        "a": "Förvaltning",
        "b": "Chef",
        "x": "Förvaltning",
    }


def test_a_wait_tells_its_lane() -> None:
    walk = Walk(file(LANES, start(), user("a", "b"), SUB, end(), flows("s -> a -> b -> sub -> e")))
    assert [w.lane for w in walk.now.waits()] == ["Förvaltning"]


def test_our_extensions_are_read_and_those_of_others_ignored() -> None:
    task = """<userTask id="a" name="Svara"><documentation>Rad</documentation><extensionElements>
      <arshjul:task role="manager" scope="unit"/><arshjul:reminder at="P7D"/><arshjul:reminder at="P1D"/>
      <arshjul:title lang="sv">Svara på frågan</arshjul:title>
      <x:form xmlns:x="urn:other" key="1"/></extensionElements></userTask>"""
    element = load(file(start(), task, end(), flows("s -> a -> e"))).element("a")
    assert element.extension == {
        "task": [{"role": "manager", "scope": "unit"}],
        "reminder": [{"at": "P7D"}, {"at": "P1D"}],
        "title": [{"lang": "sv", "text": "Svara på frågan"}],
    }
    assert element.documentation == "Rad"
    assert load(file(start(), user("a"), end(), flows("s -> a -> e"))).element("a").extension is None


def test_flows_without_an_id_are_told_apart() -> None:
    bare = '<sequenceFlow sourceRef="a" targetRef="e"/>'
    drawn = f'{flows("s -> a")}<sequenceFlow id="f" sourceRef="a" targetRef="e"/>{bare * 3}'
    (model,) = load_all(file(start(), user("a"), end(), drawn))
    assert [flow[0] for flow in model.flows][1:] == ["f", "a->e", "a->e 2", "a->e 3"]


def test_the_order_reads_branches_before_their_join_and_events_beside_their_task() -> None:
    model = load(
        file(
            end(),
            gateway("parallel", "join"),
            user("b", "a", "late"),
            boundary("ev", "a", timer("PT1S"), interrupting=False),
            gateway("parallel", "fork"),
            SUB,
            start(),
            flows("fork -> a -> join -> sub -> e", "s -> fork -> b -> join", "ev -> late -> e"),
        )
    )
    order = model.order()
    assert sorted(order) == sorted(model.elements)
    assert order[:3] == ["s", "fork", "a"]
    assert order.index("ev") == order.index("a") + 1
    for before, after in (("a", "join"), ("b", "join"), ("join", "sub"), ("sub", "x"), ("x", "e")):
        assert order.index(before) < order.index(after)


def test_flows_are_told_with_their_conditions() -> None:
    model = load(
        file(
            start(),
            gateway("exclusive", "g", 'default="g_e"'),
            user("a"),
            end(),
            flows("s -> g", "g -> a: x", "g -> e", "a -> e"),
        )
    )
    assert ("g_a", "g", "a", None, "x") in model.flows
    assert (model.process_id, model.process_name) == ("p", "P")


def test_attached_and_message_events_say_what_they_hang_on() -> None:
    model = load(file(start(), user("a"), boundary("ev", "a", message("stop")), end(), flows("s -> a -> e", "ev -> e")))
    event = model.element("ev")
    assert (event.kind, event.attached_to, event.message, event.interrupting) == (
        "boundaryEvent",
        "a",
        "stop",
        True,
    )
    assert model.element("a").in_flows == ("s_a",)
    assert model.element("a").out_flows == ("a_e",)
