"""The workflow control-flow patterns 1–20 of van der Aalst and others, those that BPMN can draw."""

from support.bpmn_cases import Case, each, prove
from support.bpmn_drawing import XSI
from support.bpmn_models import (
    CANCEL,
    TERMINATE,
    catch,
    complex_gateway,
    edge,
    end,
    error,
    many,
    model,
    script,
    signal,
    sub,
    throw,
)

SIGNAL = '<signalEventDefinition id="sd" signalRef="sig_x"/>'
LETTERS = [{"a": a, "b": b, "c": c} for a in (True, False) for b in (True, False) for c in (True, False)]


def named(values: dict[str, bool]) -> str:
    return "".join(letter for letter, value in values.items() if value) or "none"


def chosen(values: dict[str, bool], otherwise: str) -> list[str]:
    return [letter for letter in "ab" if values[letter]] or [otherwise]


MERGE = model('<inclusiveGateway id="o"/>', "s -> o", "o -> f: a", "o -> g: b", "o -> h: c", "f -> x1", "g -> x1",
              "h -> x1", "x1 -> d -> e")  # fmt: skip
MULTI = model('<inclusiveGateway id="o" default="o_h"/>', "s -> o", "o -> f: a", "o -> g: b", "o -> h", "f -> e",
              "g -> e", "h -> e")  # fmt: skip
IMPLICIT = model(script("t", " ", attributes='default="t_h"'), "s -> t", "t -> f: a", "t -> g: b", "t -> h", "f -> e",
                 "g -> e", "h -> e")  # fmt: skip
CHOICE = model('<exclusiveGateway id="x" default="x_h"/>', "s -> x", "x -> f: a", "x -> g: b", "x -> h", "f -> e",
               "g -> e", "h -> e")  # fmt: skip
COMPLEX = model(complex_gateway("k", attributes='default="k_h"'), "s -> k", "k -> f: a", "k -> g: b", "k -> h",
                "f -> o", "g -> o", "h -> o -> e", '<inclusiveGateway id="o"/>')  # fmt: skip
WORDS = {"a": "f", "b": "g", "c": "h"}
DEFERRED = model("s -> p1 -> v -> c1 -> f -> e", "v -> c2 -> g -> e", "p1 -> w -> x1", "x1 -> t1: a",
                 "x1 -> t2: not(a)",
                 "t1 -> e", "t2 -> e", script("w", "wait 3"), catch("c1", signal("x")), catch("c2", signal("y")),
                 throw("t1", signal("x")), throw("t2", signal("y")))  # fmt: skip

ONE_AT_A_TIME = sub("sub", "a -> b", *(script(name, "wait 5", f'trace "{name}"', "set n = n + 1") for name in "abd"),
                    kind="adHocSubProcess", attributes='ordering="Sequential"')  # fmt: skip
ALL_DONE = f"<completionCondition {XSI}>n = 3</completionCondition></adHocSubProcess>"
INTERLEAVED = model("s -> sub -> c -> e", ONE_AT_A_TIME.replace("</adHocSubProcess>", ALL_DONE))

PATTERNS = [
    Case("1 sequence", model("s -> a -> b -> e"), ["a", "b"]),
    Case("2 parallel split", model("s -> p1 -> a -> e", "p1 -> b -> e"), ["a", "b"]),
    Case("3 synchronization", model("s -> p1 -> a -> p2 -> c -> e", "p1 -> b -> p2"), ["a", "b", "c"]),
    *(Case(f"4 exclusive choice {named(v)}", CHOICE, [WORDS[chosen(v, "c")[0]]], v) for v in LETTERS),
    *(Case(f"5 and 8 merge {named(v)}", MERGE, [WORDS[k] for k in v if v[k]] + ["d"] * sum(v.values()), v)
      for v in LETTERS if any(v.values())),
    *(Case(f"6 multi-choice {named(v)}", MULTI, [WORDS[k] for k in chosen(v, "c")], v) for v in LETTERS),
    *(Case(f"6 multi-choice without a gateway {named(v)}", IMPLICIT, [WORDS[k] for k in chosen(v, "c")], v)
      for v in LETTERS),
    Case("7 structured synchronizing merge", model("s -> o1", "o1 -> f: a", "o1 -> g: b", "f -> o2", "g -> o2",
         "o2 -> d -> e"), ["f", "g", "d"], {"a": True, "b": True}),
    Case("9 discriminator: the first of equal activities", model("s -> a -> b -> e", script("a",
         inner=many("3", "numberOfCompletedInstances >= 1"))), ["a", "b"]),
    Case("9 discriminator: a complex gateway", model(complex_gateway("k", "activationCount >= 1"), "s -> p1 -> a -> k",
         "p1 -> w -> k", "k -> c -> e", script("w", "wait 9", 'trace "w"')), ["a", "c", "w"]),
    *(Case(f"6 multi-choice of a complex gateway {named(v)}", COMPLEX, [WORDS[k] for k in chosen(v, "c")], v)
      for v in LETTERS),
    *(Case(f"10 arbitrary cycles from {n}", model("s -> x1 -> a -> x2", "x2 -> x1: n &lt; 2", "x2 -> x3: n >= 2",
           "x3 -> b -> x4", "x4 -> x3: n &lt; 3", "x4 -> e: n >= 3", script("a", 'trace "a"', "set n = n + 1"),
           script("b", 'trace "b"', "set n = n + 1")), traced, {"n": n})
      for n, traced in ((0, ["a", "a", "b"]), (1, ["a", "b"]), (2, ["a", "b"]))),
    Case("11 implicit termination", model("s -> p1 -> a", "p1 -> b -> c").replace(b'<startEvent id="s"/>',
         b'<scriptTask id="s"><script>trace "s"</script></scriptTask>'), ["s", "a", "b", "c"]),
    Case("12 multiple instances without synchronization", model("s -> a -> b -> e", "bo -> c -> e2", script("a",
         inner=many("3", attributes='behavior="None" noneBehaviorEventRef="sd"')), edge("bo", "a", signal("x"), False),
         more=SIGNAL), ["a", "a", "a", "c", "c", "c", "b"]),
    Case("13 multiple instances, number known when drawn", model("s -> a -> b -> e", script("a", inner=many("3"))),
         ["a", "a", "a", "b"]),
    Case("14 multiple instances, number known when run", model("s -> a -> b -> e", script("a", inner=many("n"))),
         ["a", "a", "b"], {"n": 2}),
    Case("16 deferred choice, the one", DEFERRED, ["f"], {"a": True}),
    Case("16 deferred choice, the other", DEFERRED, ["g"], {"a": False}),
    Case("17 interleaved parallel routing", INTERLEAVED, ["a", "b", "d", "c"], {"n": 0}),
    Case("19 cancel task", model("s -> a -> b -> e", "bo -> c -> e2", script("a", 'throw "x"'),
         edge("bo", "a", error("x"))), ["c"]),
    Case("20 cancel case by an error", model("s -> sub -> c -> e", "bo -> b -> e2", sub("sub", "s1 -> a -> e1",
         end("e1", error("x"))), edge("bo", "sub", error("x"))), ["a", "b"]),
    Case("20 cancel case by a cancel", model("s -> sub -> c -> e", "bo -> b -> e2", sub("sub", "s1 -> a -> e1",
         end("e1", CANCEL), kind="transaction"), edge("bo", "sub", CANCEL)), ["a", "b"]),
    Case("20 cancel case by termination", model("s -> p1 -> e1", "p1 -> w -> a -> e", end("e1", TERMINATE),
         script("w", "wait 9")), []),
]  # fmt: skip


@each(PATTERNS)
def test_a_workflow_pattern(case: Case) -> None:
    prove(case)
