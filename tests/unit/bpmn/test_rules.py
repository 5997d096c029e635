"""Each rule lets its valid diagram through and refuses its invalid ones with two sentences."""

from __future__ import annotations

import pkgutil

import pytest
from support.bpmn_drawing import boundary, end, file, flows, gateway, message, start, timer, user

from engine.bpmn import BpmnError, Finding, check, load, rules

LINE = flows("s -> a -> e")
SUB = f'<subProcess id="sub">{start("s2")}{end("e2")}{flows("s2 -> e2")}</subProcess>'
EVENT_SUB = '<subProcess id="ev" triggeredByEvent="true">{}{}{}</subProcess>'
EVENT_START = start("es", message("m"), 'isInterrupting="false"')
EVENT_REST = user("ea") + end("ee") + flows("es -> ea -> ee")


def line(task: str, *more: str) -> bytes:
    return file(start(), task, end(), LINE, *more)


def choice(default: str, *out: str) -> bytes:
    return file(
        start(),
        gateway("exclusive", "g", default),
        user("a", "b"),
        end(),
        flows("s -> g", *out, "a -> e", "b -> e"),
    )


def event_sub(first: str = EVENT_START, rest: str = EVENT_REST, more: str = "") -> bytes:
    return line(user("a"), EVENT_SUB.format(first, rest, more))


def catch(inner: str) -> bytes:
    return line(f'<intermediateCatchEvent id="a">{inner}</intermediateCatchEvent>')


def marked(inner: str) -> bytes:
    return line(f'<userTask id="a">{inner}</userTask>')


def marked_with(extension: str) -> str:
    return f'<userTask id="a"><extensionElements>{extension}</extensionElements></userTask>'


def chain(count: int) -> bytes:
    names = [f"t{i}" for i in range(count)]
    return file(start(), user(*names), end(), flows(" -> ".join(["s", *names, "e"])))


VALID = {
    "attributes": line('<userTask id="a" isForCompensation="false" startQuantity="1"/>'),
    "boundary_events": line(user("a"), boundary("b", "a", timer("PT1S")), flows("b -> e")),
    "conditions": choice('default="g_b"', "g -> a: x", "g -> b"),
    "contents": line(user("a"), '<textAnnotation id="ta"><text>Obs</text></textAnnotation>'),
    "foreign_scripts": line(marked_with('<x:note xmlns:x="urn:x">Obs</x:note>')),
    "dead_ends": line(SUB.replace('"sub"', '"a"')),
    "endless_loops": file(
        start(),
        gateway("exclusive", "g"),
        user("a"),
        gateway("exclusive", "h"),
        end(),
        flows("s -> g -> a -> h", "h -> g: x", "h -> e: not x"),
    ),
    "event_definitions": line('<intermediateThrowEvent id="a"/>'),
    "event_subprocesses": event_sub(),
    "identifiers": line(user("a")),
    "kinds": line('<serviceTask id="a"/>'),
    "loop_markers": marked("<multiInstanceLoopCharacteristics/>"),
    "messages": catch(message("m")),
    "path_length": chain(298),
    "reachability": line(user("a")),
    "references": choice('default="g_b"', "g -> a: x", "g -> b"),
    "start_events": file(start("s", timer("Y-2-11-01")), user("a"), end(), LINE),
    "timers": catch(timer("review.closes")),
}

INVALID: list[tuple[str, str | None, bytes]] = [
    ("attributes", "a", line('<userTask id="a" isForCompensation="true"/>')),
    ("attributes", "a", line('<userTask id="a" startQuantity="2"/>')),
    (
        "attributes",
        None,
        choice('default="g_b"', "g -> a: x", "g -> b").replace(
            b"<conditionExpression ", b'<conditionExpression language="python" '
        ),
    ),
    ("boundary_events", "b", line(user("a"), boundary("b", "s", timer("PT1S")), flows("b -> e"))),
    ("boundary_events", "b", line(user("a"), boundary("b", "gone", timer("PT1S")), flows("b -> e"))),
    ("boundary_events", "b", line(user("a"), boundary("b", "a", timer("PT1S")), flows("b -> e", "a -> b"))),
    ("conditions", "g_b", choice("", "g -> a: x", "g -> b")),
    ("conditions", "a_e", file(start(), user("a"), end(), flows("s -> a", "a -> e: x"))),
    ("conditions", "a", line('<userTask id="a" default="a_e"/>')),
    (
        "conditions",
        "f_a",
        file(start(), gateway("parallel", "f"), user("a"), end(), flows("s -> f", "f -> a: x", "a -> e")),
    ),
    ("contents", None, marked("<potentialOwner/>")),
    ("contents", None, marked("<ioSpecification/>")),
    ("contents", "cs", line(user("a"), '<correlationSubscription id="cs"/>')),
    ("foreign_scripts", "a", line(marked_with('<x:preScript xmlns:x="urn:x">exit()</x:preScript>'))),
    ("foreign_scripts", "a", line(marked_with('<x:executionListener xmlns:x="urn:x" class="A"/>'))),
    ("dead_ends", "b", line(user("a", "b"), flows("s -> b"))),
    ("dead_ends", "e", line(user("a", "b"), flows("e -> b -> a"))),
    ("dead_ends", "s", line(user("a"), flows("a -> s"))),
    (
        "endless_loops",
        "g",
        file(
            start(),
            gateway("exclusive", "g"),
            gateway("exclusive", "h"),
            end(),
            flows("s -> g -> h", "h -> g: x", "h -> e: not x"),
        ),
    ),
    ("event_definitions", "a", catch('<signalEventDefinition signalRef="x"/>')),
    ("event_definitions", "a", catch("<conditionalEventDefinition/>")),
    ("event_definitions", "a", catch("")),
    ("event_definitions", "a", catch(timer("PT1S") + message("m"))),
    (
        "event_definitions",
        None,
        line('<intermediateThrowEvent id="a"><eventDefinitionRef>x</eventDefinitionRef></intermediateThrowEvent>'),
    ),
    ("event_definitions", "e", file(start(), user("a"), end("e", "<cancelEventDefinition/>"), LINE)),
    ("event_definitions", "e", file(start(), user("a"), end("e", timer("PT1S")), LINE)),
    ("event_subprocesses", "es", event_sub(EVENT_START.replace("false", "true"))),
    ("event_subprocesses", "ev", event_sub(start("es"))),
    (
        "event_subprocesses",
        "ev",
        event_sub(more="").replace(b"</process>", b"").replace(b"</definitions>", b"")
        + flows("ev -> e").encode()
        + b"</process></definitions>",
    ),
    (
        "event_subprocesses",
        "ev",
        line(
            SUB.replace('"sub"', '"a"').replace(
                "</subProcess>", EVENT_SUB.format(EVENT_START, EVENT_REST, "") + "</subProcess>"
            )
        ),
    ),
    ("identifiers", "a", line(user("a"), user("a"))),
    ("identifiers", None, line(user("a"), "<userTask/>")),
    ("identifiers", "sub", line(user("a"), '<subProcess id="sub"><subProcess id="sub"/></subProcess>')),
    ("identifiers", "x", line('<subProcess id="x"><subProcess id="a"><subProcess id="x"/></subProcess></subProcess>')),
    ("loop_markers", "a", line('<serviceTask id="a"><multiInstanceLoopCharacteristics/></serviceTask>')),
    ("loop_markers", "a", marked("<standardLoopCharacteristics/>")),
    ("loop_markers", None, marked('<multiInstanceLoopCharacteristics isSequential="true"/>')),
    (
        "loop_markers",
        None,
        marked(
            "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
        ),
    ),
    ("messages", "a", catch("<messageEventDefinition/>")),
    ("messages", "a", catch('<messageEventDefinition messageRef="gone"/>')),
    ("path_length", "t299", chain(300)),
    ("reachability", "b", line(user("a", "b"), flows("b -> e"))),
    ("references", "a_gone", line(user("a"), flows("a -> gone"))),
    ("references", "g", choice('default="s_g"', "g -> a: x", "g -> b: not x")),
    ("references", "a_e2", line(user("a"), SUB, flows("a -> e2", "s -> sub -> e"))),
    (
        "references",
        "l",
        line(user("a"), '<laneSet id="ls"><lane id="l"><flowNodeRef>gone</flowNodeRef></lane></laneSet>'),
    ),
    ("references", "a", marked("<incoming>gone</incoming>")),
    ("start_events", "p", file(user("a"), end(), flows("a -> e"))),
    ("start_events", "p", file(start(), start("s3"), user("a"), end(), LINE, flows("s3 -> a"))),
    ("start_events", "a", line('<subProcess id="a"/>')),
    ("timers", "a", catch("<timerEventDefinition/>")),
    ("timers", "a", catch("<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>")),
]

KINDS = """task manualTask scriptTask sendTask receiveTask businessRuleTask callActivity transaction
adHocSubProcess complexGateway eventBasedGateway callChoreography""".split()


def rule_files() -> set[str]:
    return {module.name for module in pkgutil.iter_modules(rules.__path__)} - {"say"}


def test_every_rule_takes_part_and_has_diagrams_of_both_sorts() -> None:
    """Rules of what is only run as a model have theirs in tests/bpmn."""
    listed = {rule.__module__.rpartition(".")[2] for rule in rules.RULES}
    assert listed | {"identifiers"} == rule_files()
    assert {name for name, _, _ in INVALID} | {"kinds"} == set(VALID)
    assert set(VALID) <= rule_files()


@pytest.mark.parametrize("name", sorted(VALID))
def test_a_valid_diagram_passes_all_rules_and_loads(name: str) -> None:
    assert check(VALID[name]) == []
    load(VALID[name])


@pytest.mark.parametrize(("name", "element", "xml"), INVALID)
def test_an_invalid_diagram_is_refused_by_its_rule(name: str, element: str | None, xml: bytes) -> None:
    found = [f for f in check(xml) if f.rule == name]
    assert found, check(xml)
    if element is not None:
        assert element in [f.element_id for f in found]
    for finding in found:
        assert_is_a_sentence(finding)
    with pytest.raises(BpmnError) as refusal:
        load(xml)
    assert refusal.value.code == "not_deployable"
    assert refusal.value.findings == check(xml)


@pytest.mark.parametrize("kind", KINDS)
def test_every_other_kind_of_element_is_refused_and_says_what_to_draw(kind: str) -> None:
    found = [f for f in check(line(f'<{kind} id="a" name="Sak"/>')) if f.rule == "kinds"]
    assert [(f.element_id, f.element_name) for f in found] == [("a", "Sak")]
    assert_is_a_sentence(found[0])


def assert_is_a_sentence(finding: Finding) -> None:
    for text in (finding.sv, finding.en):
        assert len(text) > 30
        assert text.endswith(".")
    assert finding.sv != finding.en
    assert finding.line


def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    xml = file(start(), '<task id="a"/>', '<scriptTask id="b"/>', end(), flows("s -> a -> b", "b -> e: x"))
    assert [(f.rule, f.element_id) for f in check(xml)] == [
        ("kinds", "a"),
        ("kinds", "b"),
        ("conditions", "b_e"),
    ]


def test_a_flow_that_leads_nowhere_comes_first_and_of_what_comes_after_the_gap_only_the_beginning_is_named() -> None:
    broken = flows("s -> a", "a -> gone", "b -> c -> d -> b", "d -> e")
    xml = file(start(), user("a", "b", "c", "d"), end(), broken)
    found = [(f.rule, f.element_id) for f in check(xml)]
    assert found[0] == ("references", "a_gone")
    assert [element for rule, element in found if rule == "reachability"] == ["b"]
