"""Events: what is thrown, caught, at the edge of an activity and around a whole scope (BPMN 2.0.2, 10.5 and 13.5)."""

from support.bpmn_cases import Case, each, prove
from support.bpmn_models import (
    TERMINATE,
    after,
    at,
    begin,
    catch,
    conditional,
    cycle,
    edge,
    end,
    error,
    escalation,
    handler,
    link,
    model,
    script,
    signal,
    sub,
    throw,
)

BOTH = signal("x") + signal("y")
SOME_DEFINITIONS = (
    '<timerEventDefinition id="d1"><timeDuration>PT1S</timeDuration></timerEventDefinition>'
    '<signalEventDefinition id="d2" signalRef="sig_x"/><errorEventDefinition id="d3" errorRef="err_x"/>'
)
LINKED = '<linkEventDefinition id="{}" name="{}">{}</linkEventDefinition>'


def borrowed(name: str) -> str:
    return f"<eventDefinitionRef>{name}</eventDefinitionRef>"


def thrown_inside(definition: str, caught: str, interrupting: bool) -> bytes:
    """A throw event between `a` and `b` in a sub-process, caught on its edge by `c`; `d` comes after it."""
    return model("s -> sub -> d -> e", "bo -> c -> e2", sub("sub", "s1 -> a -> th -> b -> e1", throw("th", definition)),
                 edge("bo", "sub", caught, interrupting))  # fmt: skip


def ended_inside(definition: str, caught: str, interrupting: bool = True) -> bytes:
    return model("s -> sub -> d -> e", "bo -> c -> e2", sub("sub", "s1 -> a -> e1", end("e1", definition)),
                 edge("bo", "sub", caught, interrupting))  # fmt: skip


def handled_inside(definition: str, caught: str, interrupting: bool) -> bytes:
    """The same, caught by an event sub-process inside."""
    return model("s -> sub -> d -> e", sub("sub", "s1 -> a -> th -> b -> e1", throw("th", definition),
                 handler("h", begin("hs", caught, interrupting), "hs -> c -> he", end("he"))))  # fmt: skip


def thrown_again(definition: str, caught: str) -> bytes:
    """An event sub-process that does not interrupt throws again what has started it; `f` hears it on the edge."""
    return model("s -> sub -> d -> e", "bo -> f -> e2", sub("sub", "s1 -> a -> th -> b -> e1", throw("th", definition),
                 handler("h", begin("hs", caught, False), "hs -> c -> he", end("he", definition))),
                 edge("bo", "sub", definition, False))  # fmt: skip


def handled_end(definition: str, caught: str) -> bytes:
    return model("s -> sub -> d -> e", sub("sub", "s1 -> a -> e1", end("e1", definition),
                 handler("h", begin("hs", caught), "hs -> c -> he", end("he"))))  # fmt: skip


def timed(outer: str, interrupting: bool) -> bytes:
    return model("s -> sub -> d -> e", "bo -> c -> e2", sub("sub", "s1 -> ca -> a -> e1", catch("ca", after("PT1M"))),
                 edge("bo", "sub", outer, interrupting))  # fmt: skip


def timed_inside(started: str, interrupting: bool) -> bytes:
    return model("s -> sub -> d -> e", sub("sub", "s1 -> ca -> a -> e1", catch("ca", after("PT1M")),
                 handler("h", begin("hs", started, interrupting), "hs -> c -> he", end("he"))))  # fmt: skip


ON_THE_EDGE = [
    Case("a signal interrupts", thrown_inside(signal("x"), signal("x"), True), ["a", "c"]),
    Case("a signal does not interrupt", thrown_inside(signal("x"), signal("x"), False), ["a", "b", "c", "d"]),
    Case("another signal is not heard", thrown_inside(signal("x"), signal("y"), True), ["a", "b", "d"]),
    Case("an escalation interrupts", thrown_inside(escalation("x"), escalation("x"), True), ["a", "c"]),
    Case("an escalation does not", thrown_inside(escalation("x"), escalation("x"), False), ["a", "b", "c", "d"]),
    Case("any escalation is caught", thrown_inside(escalation("x"), escalation(), True), ["a", "c"]),
    Case("an escalation that nobody catches passes", thrown_inside(escalation("x"), escalation("y"), True),
         ["a", "b", "d"]),
    Case("an escalation ends the process and nobody catches it", model("s -> a -> e", end("e", escalation("x"))),
         ["a"]),
    Case("an escalation that nobody catches takes nothing", model("s -> p1 -> a -> e", "p1 -> w -> b -> e2",
         end("e", escalation("x")), script("w", "wait 5")), ["a", "b"]),
    Case("an error ends and is caught", ended_inside(error("x"), error("x")), ["a", "c"]),
    Case("any error is caught", ended_inside(error("x"), error()), ["a", "c"]),
    Case("an escalation ends and interrupts", ended_inside(escalation("x"), escalation("x")), ["a", "c"]),
    Case("an escalation ends and does not interrupt", ended_inside(escalation("x"), escalation("x"), False),
         ["a", "c", "d"]),
    Case("a signal ends and interrupts", ended_inside(signal("x"), signal("x")), ["a", "c"]),
    Case("a signal ends and does not interrupt", ended_inside(signal("x"), signal("x"), False), ["a", "c", "d"]),
    Case("a timer interrupts", timed(after("PT1S"), True), ["c"]),
    Case("a timer does not interrupt", timed(after("PT1S"), False), ["c", "a", "d"]),
    Case("a timer that comes too late", timed(after("PT2M"), True), ["a", "d"]),
    Case("a date that has passed", timed(at("2011-03-11T12:13:14Z"), True), ["c"]),
    Case("a cycle on the edge", timed(cycle("R4/PT10S"), False), ["c", "c", "c", "c", "a", "d"]),
    Case("a cycle that is cut off", timed(cycle("R/PT25S"), False), ["c", "c", "a", "d"]),
    Case("a condition interrupts at once", timed(conditional("go"), True), ["c"], {"go": True}),
    Case("a condition that never holds", timed(conditional("go"), True), ["a", "d"], {"go": False}),
    Case("a condition fires once", timed(conditional("go"), False), ["c", "a", "d"], {"go": True}),
    Case("a condition that comes true", model("s -> p1 -> sub -> d -> e", "p1 -> w -> e2", "bo -> c -> e3",
         script("w", "wait 5", "set go = true"), sub("sub", "s1 -> ca -> a -> e1", catch("ca", after("PT1M"))),
         edge("bo", "sub", conditional("go"))), ["c"], {"go": False}),
    Case("a time is what its variable said when the wait began", model("s -> p1 -> ca -> a -> e", "p1 -> w -> b -> e2",
         catch("ca", after("rest")), script("w", "wait 2", 'set rest = "PT1H"', "wait 60")), ["a", "b"],
         {"rest": "PT9S"}),
    Case("a condition that holds only while a script rests", model("s -> p1 -> ca -> a -> e", "p1 -> w -> b -> e2",
         catch("ca", conditional("go")), script("w", "set go = true", "wait 5", "set go = false")), ["a", "b"],
         {"go": False}),
    Case("a condition that a resting script makes true again", model("s -> w -> b -> e", script("w", "set go = true",
         "wait 1", "set go = false", "wait 1", "set go = true", "wait 1"), handler("h", begin("hs", conditional("go"),
         False), "hs -> c -> he", end("he"))), ["c", "c", "b"], {"go": False}),
    Case("a script whose own edge it makes true goes no further", model("s -> w -> b -> e", "bo -> c -> e2",
         script("w", "set go = true", "wait 5", 'trace "never"'), edge("bo", "w", conditional("go"))), ["c"],
         {"go": False}),
    Case("a script throws and its edge catches", model("s -> a -> b -> e", "bo -> c -> e2",
         script("a", 'trace "a"', 'throw "x"', 'trace "never"'), edge("bo", "a", error("x"))), ["a", "c"]),
    Case("a script throws and the sub-process catches", model("s -> sub -> d -> e", "bo -> c -> e2",
         sub("sub", "s1 -> a -> e1", script("a", 'throw "x"')), edge("bo", "sub", error("x"))), ["c"]),
    Case("who names the error comes before who names none", model("s -> sub -> d -> e", "b1 -> f -> e2",
         "b2 -> g -> e3", sub("sub", "s1 -> a -> e1", end("e1", error("x"))), edge("b1", "sub", error()),
         edge("b2", "sub", error("x"))), ["a", "g"]),
    Case("the nearest catcher hears the error", model("s -> out -> d -> e", "bo -> f -> e2",
         sub("out", "s1 -> mid -> b -> e1", "bi -> c -> e3", sub("mid", "s2 -> a -> e4", end("e4", error("x"))),
             edge("bi", "mid", error("x"))), edge("bo", "out", error("x"))), ["a", "c", "d"]),
    Case("an error passes scopes that do not catch it", model("s -> out -> d -> e", "bo -> f -> e2",
         sub("out", "s1 -> mid -> b -> e1", sub("mid", "s2 -> a -> e4", end("e4", error("x")))),
         edge("bo", "out", error("x"))), ["a", "f"]),
    Case("an error in a handler goes outwards", model("s -> sub -> d -> e", "bo -> f -> e2", sub("sub",
         "s1 -> a -> e1", end("e1", error("x")),
         handler("h", begin("hs", error("x")), "hs -> c -> he", end("he", error("y")))),
         edge("bo", "sub", error("y"))), ["a", "c", "f"]),
    Case("an escalation thrown again in a handler goes outwards", thrown_again(escalation("x"), escalation("x")),
         ["a", "c", "b", "f", "d"]),
    Case("an escalation thrown again in the handler of any goes outwards", thrown_again(escalation("x"), escalation()),
         ["a", "c", "b", "f", "d"]),
    Case("an escalation thrown again in a handler that nobody else catches", model("s -> a -> th -> b -> e",
         throw("th", escalation("x")), handler("h", begin("hs", escalation("x"), False), "hs -> c -> he",
         end("he", escalation("x")))), ["a", "c", "b"]),
    Case("an escalation thrown in a handler starts the one beside it", model("s -> a -> th -> b -> e",
         throw("th", escalation("x")), handler("h", begin("hs", escalation("x"), False), "hs -> c -> he",
         end("he", escalation("y"))), handler("i", begin("is", escalation("y"), False), "is -> f -> ie", end("ie"))),
         ["a", "c", "b", "f"]),
    Case("what interrupts takes every token inside", model("s -> sub -> d -> e", "bo -> c -> e2", sub("sub",
         "s1 -> p1 -> w -> a -> e1", "p1 -> b -> e2b", script("w", "wait 30"), end("e2b", error("x"))),
         edge("bo", "sub", error("x"))), ["b", "c"]),
    Case("two events on one edge", model("s -> a -> b -> e", "b1 -> c -> e1", "b2 -> d -> e2",
         script("a", "wait 30", 'trace "a"'), edge("b1", "a", after("PT5S"), False), edge("b2", "a", after("PT9S"))),
         ["c", "d"]),
    Case("an uncaught error of the process", model("s -> a -> e", end("e", error("x"))),
         ["a", "ERROR_thrownErrorEvent"]),
    Case("an uncaught error takes everything", model("s -> p1 -> a -> e", "p1 -> b -> e2", script("b", "wait 9",
         'trace "never"'), end("e", error("x"))), ["a", "ERROR_thrownErrorEvent"]),
    Case("a script's uncaught error", model("s -> a -> b -> e", script("a", 'throw "x"')), ["ERROR_runtime"]),
]  # fmt: skip

AROUND = [
    Case("handler: signal interrupts", handled_inside(signal("x"), signal("x"), True), ["a", "c", "d"]),
    Case("handler: signal does not", handled_inside(signal("x"), signal("x"), False), ["a", "c", "b", "d"]),
    Case("handler: escalation interrupts", handled_inside(escalation("x"), escalation("x"), True), ["a", "c", "d"]),
    Case("handler: escalation does not", handled_inside(escalation("x"), escalation(), False), ["a", "c", "b", "d"]),
    Case("handler: error", handled_end(error("x"), error("x")), ["a", "c", "d"]),
    Case("handler: any error", handled_end(error("x"), error()), ["a", "c", "d"]),
    Case("handler: escalation at the end", handled_end(escalation("x"), escalation("x")), ["a", "c", "d"]),
    Case("handler: timer interrupts", timed_inside(after("PT1S"), True), ["c", "d"]),
    Case("handler: timer does not", timed_inside(after("PT1S"), False), ["c", "a", "d"]),
    Case("handler: cycle", timed_inside(cycle("R3/PT5S"), False), ["c", "c", "c", "a", "d"]),
    Case("handler: condition interrupts", timed_inside(conditional("go"), True), ["c", "d"], {"go": True}),
    Case("handler: condition does not", timed_inside(conditional("go"), False), ["c", "a", "d"], {"go": True}),
    Case("handler: condition never", timed_inside(conditional("go"), False), ["a", "d"], {"go": False}),
    Case("handler of the process: error", model("s -> a -> e1", end("e1", error("x")),
         handler("h", begin("hs", error("x")), "hs -> c -> he", end("he"))), ["a", "c"]),
    Case("handler of the process: error of a sub-process", model("s -> sub -> b -> e", sub("sub", "s1 -> a -> e1",
         end("e1", error("x"))), handler("h", begin("hs", error("x")), "hs -> c -> he", end("he"))), ["a", "c"]),
    Case("handler of the process: signal", model("s -> a -> th -> b -> e", throw("th", signal("x")),
         handler("h", begin("hs", signal("x"), False), "hs -> c -> he", end("he"))), ["a", "c", "b"]),
    Case("handler of the process: timer", model("s -> w -> b -> e", script("w", "wait 60"),
         handler("h", begin("hs", after("PT5S"), False), "hs -> c -> he", end("he"))), ["c", "b"]),
    Case("a handler that runs keeps its scope", model("s -> sub -> d -> e", sub("sub", "s1 -> a -> th -> e1",
         throw("th", signal("x")), handler("h", begin("hs", signal("x"), False), "hs -> w -> c -> he", end("he"),
         script("w", "wait 60")))), ["a", "c", "d"]),
    Case("a handler of the same event twice", model("s -> sub -> d -> e", sub("sub",
         "s1 -> t1 -> w -> t2 -> a -> e1", throw("t1", signal("x")), throw("t2", signal("x")), script("w", "wait 1"),
         handler("h", begin("hs", signal("x"), False), "hs -> c -> he", end("he")))), ["c", "c", "a", "d"]),
]  # fmt: skip

IN_THE_FLOW = [
    Case("a link in place of a flow", model("s -> a -> th", "ca -> b -> e", throw("th", link("L")),
         catch("ca", link("L"))), ["a", "b"]),
    Case("two links to one place", model("s -> p1 -> a -> t1", "p1 -> b -> t2", "ca -> c -> e", throw("t1", link("L")),
         throw("t2", link("L")), catch("ca", link("L"))), ["a", "b", "c", "c"]),
    Case("two links to what they name as their target, and not to what is called like them", model("s -> p1 -> a -> t1",
         "p1 -> b -> t2", "ca -> c -> e", throw("t1", LINKED.format("l1", "L", "<target>l3</target>")),
         throw("t2", LINKED.format("l2", "L", "<target>l3</target>")),
         catch("ca", LINKED.format("l3", "M", "<source>l1</source><source>l2</source>"))), ["a", "b", "c", "c"]),
    Case("a link in a sub-process", model("s -> sub -> e", sub("sub", "s1 -> a -> th", "ca -> b -> e1",
         throw("th", link("L")), catch("ca", link("L")))), ["a", "b"]),
    Case("a link into an inclusive join", model("s -> o1", "o1 -> a: a", "o1 -> b: b", "a -> th", "ca -> o2",
         "b -> o2 -> c -> e", throw("th", link("L")), catch("ca", link("L"))), ["a", "b", "c"], {"a": True, "b": True}),
    Case("a signal to the other branch", model("s -> p1 -> ca -> a -> e1", "p1 -> th -> e2", catch("ca", signal("x")),
         throw("th", signal("x"))), ["a"]),
    Case("the thrower's branch drawn first", model("s -> p1 -> th -> e2", "p1 -> ca -> a -> e1",
         catch("ca", signal("x")), throw("th", signal("x"))), ["a"]),
    Case("a signal reaches all who wait", model("s -> p1 -> ca -> a -> e1", "p1 -> cb -> b -> e3", "p1 -> th -> e2",
         catch("ca", signal("x")), catch("cb", signal("x")), throw("th", signal("x"))), ["a", "b"]),
    Case("a signal is not kept", model("s -> th -> ca -> a -> e", throw("th", signal("x")), catch("ca", signal("x"))),
         []),
    Case("any of several events", model("s -> p1 -> ca -> a -> e1", "p1 -> th -> e2", catch("ca", BOTH),
         throw("th", signal("y"))), ["a"]),
    Case("the first of several events", model("s -> p1 -> ca -> a -> e1", "p1 -> th -> e2", catch("ca", BOTH),
         throw("th", signal("x"))), ["a"]),
    Case("none of several events", model("s -> p1 -> ca -> a -> e1", "p1 -> th -> e2", catch("ca", BOTH),
         throw("th", signal("z"))), []),
    Case("all of several events", model("s -> p1 -> ca -> a -> e1", "p1 -> t1 -> t2 -> e2",
         catch("ca", BOTH, 'parallelMultiple="true"'), throw("t1", signal("x")), throw("t2", signal("y"))), ["a"]),
    Case("one of all events is missing", model("s -> p1 -> ca -> a -> e1", "p1 -> t1 -> e2",
         catch("ca", BOTH, 'parallelMultiple="true"'), throw("t1", signal("x"))), []),
    Case("the same event twice is not all", model("s -> p1 -> ca -> a -> e1", "p1 -> t1 -> t2 -> e2",
         catch("ca", BOTH, 'parallelMultiple="true"'), throw("t1", signal("x")), throw("t2", signal("x"))), []),
    Case("several events thrown at once", model("s -> p1 -> ca -> a -> e1", "p1 -> cb -> b -> e2", "p1 -> th -> e3",
         catch("ca", signal("x")), catch("cb", signal("y")), throw("th", BOTH)), ["a", "b"]),
    *(Case(f"several events of which one takes the thrower away, {place}", model("s -> p1 -> sub -> d -> e",
           "p1 -> cb -> b -> e2", "bo -> c -> e3", sub("sub", "s1 -> th -> a -> e1", throw("th", thrown)),
           edge("bo", "sub", signal("x")), catch("cb", signal("y"))), trace) for place, thrown, trace in (
        ("first", BOTH, ["c", "b"]), ("last", signal("y") + signal("x"), ["b", "c"]))),
    Case("an escalation goes on out of what a signal ends", model("s -> outer -> e", "bo -> c -> e2", sub("outer",
         "s1 -> sub -> e1", "bi -> b -> e3", sub("sub", "s2 -> th -> a -> e4", throw("th", signal("x") +
         escalation("z"))), edge("bi", "sub", signal("x"))), edge("bo", "outer", escalation("z"), False)), ["b", "c"]),
    Case("a timer or a signal", model("s -> ca -> a -> e", catch("ca", signal("x") + after("PT1H"))), ["a"]),
    Case("all of several on an edge", model("s -> p1 -> w -> b -> e1", "p1 -> t1 -> t2 -> e2", "bo -> c -> e3",
         script("w", "wait 9"), edge("bo", "w", BOTH, attributes='parallelMultiple="true"'), throw("t1", signal("x")),
         throw("t2", signal("y"))), ["c"]),
    Case("all of several around a scope", model("s -> sub -> d -> e", sub("sub", "s1 -> t1 -> t2 -> w -> e1",
         throw("t1", signal("x")), throw("t2", signal("y")), script("w", "wait 9"), handler("h",
         begin("hs", BOTH, True, 'parallelMultiple="true"'), "hs -> c -> he", end("he")))), ["c", "d"]),
    Case("any of several around a scope", model("s -> sub -> d -> e", sub("sub", "s1 -> t1 -> w -> e1",
         throw("t1", signal("y")), script("w", "wait 9"), handler("h", begin("hs", BOTH), "hs -> c -> he",
         end("he")))), ["c", "d"]),
    Case("a duration", model("s -> a -> ca -> b -> e", catch("ca", after("PT2H"))), ["a", "b"]),
    Case("a duration beyond the horizon", model("s -> a -> ca -> b -> e", catch("ca", after("P2D"))), ["a"]),
    Case("a wider horizon", model("s -> a -> ca -> b -> e", catch("ca", after("P2D"))), ["a", "b"],
         {"_horizon": 200_000}),
    Case("a duration in a variable", model("s -> p1 -> ca -> a -> e", "p1 -> cb -> b -> e2", catch("ca", after("long")),
         catch("cb", after("short"))), ["b", "a"], {"long": "PT2H", "short": "PT1H"}),
    Case("a variable that is no duration", model("s -> a -> ca -> b -> e", catch("ca", after("long"))),
         ["a", "ERROR_runtime"], {"long": "soon"}),
    Case("a condition that holds", model("s -> ca -> a -> e", catch("ca", conditional("go"))), ["a"], {"go": True}),
    Case("a condition that does not", model("s -> ca -> a -> e", catch("ca", conditional("go"))), [], {"go": False}),
    Case("a condition set by the other branch", model("s -> p1 -> ca -> a -> e", "p1 -> b -> e2",
         catch("ca", conditional("n > 2")), script("b", "set n = 3", 'trace "b"')), ["b", "a"], {"n": 0}),
    Case("terminate takes the rest", model("s -> p1 -> e1", "p1 -> ca -> a -> e", end("e1", TERMINATE),
         catch("ca", after("PT1S"))), []),
    Case("terminate ends only its sub-process", model("s -> sub -> b -> e", sub("sub", "s1 -> p1 -> a -> e1",
         "p1 -> w -> c -> e2", end("e1", TERMINATE), script("w", "wait 5"))), ["a", "b"]),
    Case("terminate takes handlers too", model("s -> p1 -> th -> e1", "p1 -> ca -> e2", throw("th", signal("x")),
         catch("ca", after("PT1S")), end("e2", TERMINATE), handler("h", begin("hs", signal("x"), False),
         "hs -> w -> c -> he", end("he"), script("w", "wait 5"))), []),
    Case("a script with nothing to say", model("s -> a -> b -> e", script("a", " ")), ["b"]),
    Case("values of every kind", model("s -> a -> e", script("a", "trace 1 + 1", 'trace "x"', "trace [1, 2]",
         "trace true", "trace null")), [2, "x", [1, 2], True, None]),
]  # fmt: skip

BORROWED = [
    Case("a borrowed timer", model("s -> a -> ca -> b -> e", catch("ca", borrowed("d1")), more=SOME_DEFINITIONS),
         ["a", "b"]),
    Case("a borrowed signal", model("s -> sub -> d -> e", "bo -> c -> e2", sub("sub", "s1 -> a -> th -> b -> e1",
         throw("th", signal("x"))), edge("bo", "sub", borrowed("d2"), False), more=SOME_DEFINITIONS),
         ["a", "b", "c", "d"]),
    Case("a borrowed error", model("s -> a -> e", end("e", borrowed("d3")), more=SOME_DEFINITIONS),
         ["a", "ERROR_thrownErrorEvent"]),
]  # fmt: skip


@each(ON_THE_EDGE)
def test_an_event_on_the_edge_of_an_activity(case: Case) -> None:
    prove(case)


@each(AROUND)
def test_an_event_sub_process(case: Case) -> None:
    prove(case)


@each(IN_THE_FLOW + BORROWED)
def test_an_event_in_the_flow(case: Case) -> None:
    prove(case)
