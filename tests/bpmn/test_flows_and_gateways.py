"""Sequence flows and gateways (BPMN 2.0.2, 13.2 and 13.4)."""

from support.bpmn_cases import Case, each, prove
from support.bpmn_models import (
    after,
    around,
    catch,
    complex_gateway,
    conditional,
    many,
    model,
    process,
    script,
    signal,
    sub,
    throw,
)

LANES = (
    '<laneSet id="ls"><lane id="l1" name="One"><flowNodeRef>a</flowNodeRef></lane>'
    '<lane id="l2" name="Two"><flowNodeRef>b</flowNodeRef></lane></laneSet>'
)
LISTED = (
    '<startEvent id="s"><outgoing>s_a</outgoing></startEvent>'
    '<scriptTask id="a"><incoming>s_a</incoming><outgoing>a_e</outgoing><script>trace "a"</script></scriptTask>'
    '<endEvent id="e"><incoming>a_e</incoming></endEvent>'
)
ABC = {
    "a": {"a": True, "b": False, "c": False},
    "b": {"a": False, "b": True, "c": False},
    "ab": {"a": True, "b": True, "c": False},
    "none": {"a": False, "b": False, "c": False},
}


FLOWS = [
    Case("one task", model("s -> a -> e"), ["a"]),
    Case("a sequence", model("s -> a -> b -> c -> d -> e"), ["a", "b", "c", "d"]),
    Case("elements in any order of the file", model("b -> e", "a -> b", "s -> a"), ["a", "b"]),
    Case("places for extensions that say nothing", model("<auditing/>", "<monitoring/>", "s -> a -> e"), ["a"]),
    Case("lanes change nothing", model(LANES, "s -> a -> b -> e"), ["a", "b"]),
    Case("a pool around it", around(
        '<collaboration id="c"><participant id="pa" processRef="P"/></collaboration>', process("P", "s -> a -> e")
    ), ["a"]),
    Case("flows listed in the elements", model(LISTED, "s -> a -> e"), ["a"]),
    Case("two flows out of a start event", model("s -> a -> e", "s -> b -> e"), ["a", "b"]),
    Case("two flows out of a task are both taken", model("s -> a -> b -> e", "a -> c -> e"), ["a", "b", "c"]),
    Case("a task is done once for each token", model("s -> p1 -> a -> c -> e", "p1 -> b -> c"),
              ["a", "b", "c", "c"]),
    Case("two end events", model("s -> p1 -> a -> e1", "p1 -> b -> e2"), ["a", "b"]),
    Case("without start and end events", model("a -> b"), ["a", "b"]),
    Case("without start events all that nothing leads to begins", model("a -> c", "b -> c"), ["a", "b", "c", "c"]),
    Case("an intermediate event without type only marks a place", model("s -> a -> th -> b -> e", throw("th")),
         ["a", "b"]),
    Case("a task without type and a manual task are passed", model(
        "s -> a -> k -> hand -> b -> e", '<task id="k"/><manualTask id="hand"/>'
    ), ["a", "b"]),
    Case("a user task waits for a person", model("s -> a -> u -> b -> e", '<userTask id="u"/>'), ["a"]),
    Case("a service task waits for its service", model("s -> a -> u -> b -> e", '<serviceTask id="u"/>'), ["a"]),
    Case("data objects and notes beside the flow", model(
        '<dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d"/>', "s -> a -> e",
        '<association id="as" sourceRef="a" targetRef="dr"/>',
    ), ["a"]),
    Case("a property written and read", model(
        '<property id="pr" name="word"/>', "s -> a -> b -> e", script("a", 'set word = "hej"'),
        script("b", "trace word"),
    ), ["hej"]),
]  # fmt: skip

CONDITIONAL = [
    Case(f"conditions out of a task: {name}", model("s -> t", "t -> a: a", "t -> b: b", "t -> c", "a -> e",
         "b -> e", "c -> e"), ["t", *taken, "c"], values)
    for name, values, taken in (("a", ABC["a"], ["a"]), ("ab", ABC["ab"], ["a", "b"]), ("none", ABC["none"], []))
] + [
    Case(f"a default flow out of a task: {name}", model(
        script("t", attributes='default="t_c"'), "s -> t", "t -> a: a", "t -> c", "a -> e", "c -> e"
    ), ["t", taken], ABC[name])
    for name, taken in (("a", "a"), ("b", "c"))
] + [
    Case(f"a default beside a flow without condition: {name}", model(
        script("t", attributes='default="t_c"'), "s -> t", "t -> a: a", "t -> c", "t -> d", "a -> e", "c -> e", "d -> e"
    ), ["t", taken, "d"], ABC[name])
    for name, taken in (("a", "a"), ("b", "c"))
] + [
    Case("no condition out of a task holds", model("s -> t", "t -> a: a", "t -> b: b", "a -> e", "b -> e"),
         ["t", "ERROR_runtime"], ABC["none"]),
    Case("a condition that is no truth value", model("s -> t", "t -> a: a", "t -> b: b", "a -> e", "b -> e"),
         ["t", "ERROR_runtime"], {"a": 3, "b": False}),
]  # fmt: skip


def chosen(kind: str, more: str = "") -> bytes:
    return model(f'<{kind}Gateway id="g" {more}/>', f'<{kind}Gateway id="h"/>', "s -> g", "g -> a: a", "g -> b: b",
                 "a -> h", "b -> h", "h -> c -> e")  # fmt: skip


def with_default(kind: str) -> bytes:
    return model(f'<{kind}Gateway id="g" default="g_d"/>', f'<{kind}Gateway id="h"/>', "s -> g", "g -> a: a",
                 "g -> b: b", "g -> d", "a -> h", "b -> h", "d -> h", "h -> c -> e")  # fmt: skip


def mixed(split: str, join: str) -> bytes:
    conditions = split != "parallel"
    return model(f'<{split}Gateway id="g"/>', f'<{join}Gateway id="h"/>', "s -> g",
                 "g -> a: a" if conditions else "g -> a", "g -> b: b" if conditions else "g -> b",
                 "a -> h", "b -> h", "h -> c -> e")  # fmt: skip


def listed(*outgoing: str) -> bytes:
    """A choice of `a` or `b` in which every element lists its flows, the gateway the given ones."""
    drawn = {"s": ((), ("s_g",)), "g": (("s_g",), outgoing), "a": (("g_a",), ("a_e",)), "b": (("g_b",), ("b_e",)),
             "e": (("a_e", "b_e"), ())}  # fmt: skip
    kinds = {"s": "startEvent", "g": "exclusiveGateway", "e": "endEvent"}
    text = ""
    for name, (before, behind) in drawn.items():
        lists = "".join(f"<incoming>{flow}</incoming>" for flow in before)
        lists += "".join(f"<outgoing>{flow}</outgoing>" for flow in behind)
        kind = kinds.get(name)
        text += script(name, inner=lists) if kind is None else f'<{kind} id="{name}">{lists}</{kind}>'
    return model(text, "s -> g", "g -> a: a", "g -> b: b", "a -> e", "b -> e")


TAKEN = {"exclusive": {"a": ["a"], "b": ["b"], "ab": ["a"]}, "inclusive": {"a": ["a"], "b": ["b"], "ab": ["a", "b"]}}
GATEWAYS = [
    *(Case(f"{kind}: {name}", chosen(kind), [*taken, "c"], ABC[name])
      for kind, cases in TAKEN.items() for name, taken in cases.items()),
    *(Case(f"{kind} without a way out", chosen(kind), ["ERROR_runtime"], ABC["none"]) for kind in TAKEN),
    *(Case(f"{kind} with a default: {name}", with_default(kind), [*taken, "c"], ABC[name])
      for kind, cases in TAKEN.items() for name, taken in [*cases.items(), ("none", ["d"])]),
    *(Case(f"{kind} into inclusive: {name}", mixed(kind, "inclusive"), [*taken, "c"], ABC[name])
      for kind, cases in TAKEN.items() for name, taken in cases.items() if kind == "exclusive"),
    Case("exclusive asks in the order in which it lists its flows", listed("g_b", "g_a"), ["b"], ABC["ab"]),
    Case("exclusive lists them as they stand in the file", listed("g_a", "g_b"), ["a"], ABC["ab"]),
    Case("parallel", mixed("parallel", "parallel"), ["a", "b", "c"]),
    Case("parallel into inclusive", mixed("parallel", "inclusive"), ["a", "b", "c"]),
    Case("parallel into exclusive", mixed("parallel", "exclusive"), ["a", "b", "c", "c"]),
    Case("inclusive into exclusive: both", mixed("inclusive", "exclusive"), ["a", "b", "c", "c"], ABC["ab"]),
    Case("inclusive into exclusive: one", mixed("inclusive", "exclusive"), ["b", "c"], ABC["b"]),
    Case("exclusive into parallel never opens", mixed("exclusive", "parallel"), ["a"], ABC["ab"]),
    Case("inclusive into parallel: one never opens", mixed("inclusive", "parallel"), ["b"], ABC["b"]),
    Case("inclusive into parallel: both", mixed("inclusive", "parallel"), ["a", "b", "c"], ABC["ab"]),
    Case("three ways in parallel", model("s -> p1 -> a -> p2 -> d -> e", "p1 -> b -> p2", "p1 -> c -> p2"),
         ["a", "b", "c", "d"]),
    Case("parallel in parallel", model("s -> p1 -> p2 -> a -> p3 -> p4 -> d -> e", "p2 -> b -> p3", "p1 -> c -> p4"),
         ["c", "a", "b", "d"]),
    Case("a parallel gateway that joins and splits", model("s -> p1 -> a -> p2 -> c -> e", "p1 -> b -> p2 -> d -> e"),
         ["a", "b", "c", "d"]),
    Case("a mixed exclusive gateway", model("s -> x1", "x1 -> a: a", "x1 -> b: not(a)", "a -> x2", "b -> x2",
         "x2 -> c: a", "x2 -> d: not(a)", "c -> x3", "d -> x3", "x3 -> f -> e"), ["a", "c", "f"], ABC["a"]),
    Case("an inclusive join waits for a token that rests", model("s -> o1", "o1 -> a: a", "o1 -> b: b", "a -> o2",
         "b -> o2", "o2 -> c -> e", script("b", "wait 60", 'trace "b"')), ["a", "b", "c"], ABC["ab"]),
    Case("an inclusive join waits through a sub-process", model("s -> o1", "o1 -> a: a", "o1 -> sub: b", "a -> o2",
         "sub -> o2", "o2 -> c -> e", sub("sub", "s1 -> ca -> b -> e1", catch("ca", after("PT1M")))),
         ["a", "b", "c"], ABC["ab"]),
    Case("nested inclusive gateways", model("s -> o1", "o1 -> o2: a", "o1 -> b: b", "o2 -> f: c", "o2 -> d: not(c)",
         "f -> o3", "d -> o3", "o3 -> o4", "b -> o4", "o4 -> g -> e"), ["b", "d", "g"], ABC["ab"]),
    Case("three inclusive ways, two taken", model("s -> o1", "o1 -> a: a", "o1 -> b: b", "o1 -> c: c", "a -> o2",
         "b -> o2", "c -> o2", "o2 -> d -> e"), ["a", "b", "d"], ABC["ab"]),
    Case("a loop back to an exclusive gateway", model("s -> x1 -> a -> x2", "x2 -> x1: n &lt; 3", "x2 -> b: n >= 3",
         "b -> e", script("a", "trace n", "set n = n + 1")), [0, 1, 2, "b"], {"n": 0}),
    Case("parallel work goes on while a script rests", model("s -> p1 -> a -> p2 -> c -> e", "p1 -> b -> p2",
         script("a", 'trace "a1"', "wait 5", 'trace "a2"'), script("b", 'trace "b1"', "wait 5", 'trace "b2"')),
         ["a1", "b1", "a2", "b2", "c"]),
    Case("a shorter rest ends first", model("s -> p1 -> a -> e", "p1 -> b -> e", script("a", "wait 5", 'trace "a"'),
         script("b", "wait 3", 'trace "b"')), ["b", "a"]),
]  # fmt: skip

K = complex_gateway("k", "activationCount >= 1")
REST = script("w", "wait 5", 'trace "w"')
SPLIT = model(complex_gateway("g"), K, "s -> g", "g -> a: a", "g -> b: b", "g -> c: c", "a -> k", "b -> k", "c -> k",
              "k -> d -> e")  # fmt: skip
DEFAULT = model(complex_gateway("g", attributes='default="g_d"'), "s -> g", "g -> a: a", "g -> b: b", "g -> d",
                "a -> e", "b -> e", "d -> e")  # fmt: skip
COMPLEX = [
    *(Case(f"a complex split and join: {name}", SPLIT, [*taken, "d"], ABC[name])
      for name, taken in (("a", ["a"]), ("b", ["b"]), ("ab", ["a", "b"]))),
    Case("a complex split without a way out", SPLIT, ["ERROR_runtime"], ABC["none"]),
    *(Case(f"a complex split with a default: {name}", DEFAULT, taken, ABC[name])
      for name, taken in (("a", ["a"]), ("ab", ["a", "b"]), ("none", ["d"]))),
    Case("the first opens a complex join", model(K, REST, "s -> p1 -> a -> k", "p1 -> w -> k", "k -> d -> e"),
         ["a", "d", "w"]),
    Case("two of three open a complex join", model(complex_gateway("k", "activationCount >= 2"), REST,
         "s -> p1 -> a -> k", "p1 -> b -> k", "p1 -> w -> k", "k -> d -> e"), ["a", "b", "d", "w"]),
    Case("as many as a variable says", model(complex_gateway("k", "activationCount >= n"), REST,
         "s -> p1 -> a -> k", "p1 -> b -> k", "p1 -> w -> k", "k -> d -> e"), ["a", "b", "w", "d"], {"n": 3}),
    Case("a complex join that never opens", model(complex_gateway("k", "activationCount >= 3"), "s -> p1 -> a -> k",
         "p1 -> b -> k", "k -> d -> e"), ["a", "b"]),
    Case("two tokens on one flow are two for a complex join", model(complex_gateway("k", "activationCount >= 2"), REST,
         throw("th"), "s -> p1 -> x1 -> a -> k", "p1 -> th -> x1", "p1 -> w -> k", "k -> d -> e"),
         ["a", "a", "d", "w"]),
    Case("a token that a complex join did not take waits for its next turn", model(
         complex_gateway("k", "activationCount >= 2"), REST, script("l", "wait 9", 'trace "l"'),
         throw("th"), "s -> p1 -> x1 -> a -> k", "p1 -> th -> x1", "p1 -> w -> x2", "p1 -> l -> x2",
         "x2 -> k -> d -> e"),
         ["a", "a", "d", "w", "l", "d"]),
    Case("a complex join whose condition fails", model(complex_gateway("k", "activationCount"), "s -> p1 -> a -> k",
         "p1 -> b -> k", "k -> d -> e"), ["a", "ERROR_runtime"]),
    Case("a scope waits for what a complex join lets go no further", model("s -> sub -> f -> e", sub("sub", K, REST,
         "s1 -> p1 -> a -> k", "p1 -> w -> k", "k -> d -> e1")), ["a", "d", "w", "f"]),
    Case("a complex join opens once for each round", model(K, "s -> p1 -> x1 -> p2 -> a -> k", "p1 -> late -> x1",
         "p2 -> b -> k", "k -> d -> e", script("late", "wait 5")), ["a", "b", "d", "a", "b", "d"]),
    Case("an inclusive join behind a complex one", model(K, REST, "s -> p1 -> a -> k", "p1 -> w -> k", "k -> d -> o1",
         "p1 -> c -> o1", "o1 -> f -> e"), ["a", "c", "d", "f", "w"]),
    Case("a complex join in instances side by side", model("s -> sub -> f -> e", sub("sub", K, REST,
         "s1 -> p1 -> a -> k", "p1 -> w -> k", "k -> d -> e1", marker=many("2"))),
         ["a", "d", "a", "d", "w", "w", "f"]),
    Case("conditions out of a parallel gateway mean nothing", model("s -> p1", "p1 -> a: a", "p1 -> b: b",
         "a -> p2", "b -> p2 -> c -> e"), ["a", "b", "c"], ABC["none"]),
]  # fmt: skip

EVENT_BASED = [
    Case("the timer comes first", model("s -> v -> c1 -> a -> e", "v -> c2 -> b -> e", catch("c1", signal("x")),
         catch("c2", after("PT1S"))), ["b"]),
    Case("the shorter timer decides", model("s -> v -> c1 -> a -> e", "v -> c2 -> b -> e", catch("c1", after("PT2S")),
         catch("c2", after("PT1S"))), ["b"]),
    Case("the signal decides", model("s -> p1 -> v -> c1 -> a -> e", "v -> c2 -> b -> e", "p1 -> th -> c -> e",
         throw("th", signal("y")), catch("c1", signal("x")), catch("c2", signal("y"))), ["b", "c"]),
    Case("a signal after the decision changes nothing", model("s -> p1 -> v -> c1 -> a -> e", "v -> c2 -> b -> e",
         "p1 -> w -> th -> e", script("w", "wait 5"), throw("th", signal("x")), catch("c1", signal("x")),
         catch("c2", after("PT1S"))), ["b"]),
    *(Case(f"a condition that holds already decides, drawn {place}", model(*ways, catch("c1", conditional("go")),
           catch("c2", after("PT1S"))), ["a"], {"go": True}) for place, ways in (
        ("first", ("s -> v -> c1 -> a -> e", "v -> c2 -> b -> e")),
        ("last", ("s -> v -> c2 -> b -> e", "v -> c1 -> a -> e")))),
    Case("two conditions that hold already, and the first drawn decides", model("s -> v -> c1 -> a -> e",
         "v -> c2 -> b -> e", catch("c1", conditional("go")), catch("c2", conditional("go"))), ["a"], {"go": True}),
    Case("a race in each token", model("s -> p1 -> x1 -> v -> c1 -> a -> e", "p1 -> w -> x1", script("w", "wait 3"),
         "v -> c2 -> b -> e", catch("c1", after("PT2S")), catch("c2", signal("x"))), ["a", "a"]),
]  # fmt: skip


@each(FLOWS + CONDITIONAL + GATEWAYS + COMPLEX + EVENT_BASED)
def test_tokens_take_the_flows_that_the_standard_says(case: Case) -> None:
    prove(case)
