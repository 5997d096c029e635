"""Activities: sub-processes, repetition, calls, tokens by the number, transactions and compensation (BPMN 2.0.2,
10.3, 13.3 and 13.5.5)."""

from support.bpmn_cases import Case, each, prove
from support.bpmn_models import (
    CANCEL,
    XSI,
    after,
    around,
    begin,
    compensate,
    edge,
    end,
    error,
    escalation,
    handler,
    loop,
    many,
    model,
    process,
    script,
    signal,
    sub,
    throw,
    undo,
)

SIGNAL = '<signalEventDefinition id="sd" signalRef="sig_x"/>'
ESCALATION = '<escalationEventDefinition id="sd" escalationRef="esc_x"/>'
CALL = '<callActivity id="c" calledElement="Q"/>'


def repeated(marker: str, *commands: str) -> bytes:
    return model("s -> a -> b -> e", script("a", *(commands or ('trace "a"',)), inner=marker))


def counting(condition: str, attributes: str = "") -> bytes:
    return repeated(loop(condition, attributes), 'trace "a"', "set n = n + 1")


def announcing(attributes: str, definition: str, caught: str) -> bytes:
    marker = many("3", attributes=f'isSequential="true" {attributes}')
    return model("s -> a -> b -> e", "bo -> c -> e2", script("a", inner=marker), edge("bo", "a", caught, False),
                 more=definition)  # fmt: skip


def inside(*parts: str, marker: str) -> bytes:
    return model("s -> sub -> b -> e", sub("sub", *parts, marker=marker))


def free(ordering: str, *parts: str, done: str = "", attributes: str = "") -> bytes:
    """An ad-hoc sub-process between `s` and `z`."""
    condition = f"<completionCondition {XSI}>{done}</completionCondition>" if done else ""
    inner = sub("sub", *parts, kind="adHocSubProcess", attributes=f'ordering="{ordering}" {attributes}')
    return model("s -> sub -> z -> e", inner.replace("</adHocSubProcess>", f"{condition}</adHocSubProcess>"))


def undoing_inside(way: str, activity: str = "") -> bytes:
    """A completed sub-process of `a` and `b`, undone by its own event sub-process."""
    drawn = throw("t2", compensate(activity)) if "t2" in way else ""
    inside = sub("h", begin("hs", compensate()), *filter(None, [drawn]), way, end("he"),
                 attributes='triggeredByEvent="true" isForCompensation="true"')  # fmt: skip
    return model("s -> sub -> th -> e", throw("th", compensate()), sub("sub", "s1 -> a -> b -> e1", undo("a", "ua"),
                 undo("b", "ub"), inside))  # fmt: skip


REPEATED = [
    *(Case(f"a loop tested after, from {n}", counting("n &lt; 3"), ["a"] * times + ["b"], {"n": n})
      for n, times in ((0, 3), (1, 2), (3, 1))),
    *(Case(f"a loop tested before, from {n}", counting("n &lt; 3", 'testBefore="true"'), ["a"] * times + ["b"],
           {"n": n})
      for n, times in ((0, 3), (2, 1), (3, 0))),
    Case("a loop with a maximum", repeated(loop("true", 'loopMaximum="3"')), ["a", "a", "a", "b"]),
    Case("a loop with a maximum alone", repeated('<standardLoopCharacteristics loopMaximum="2"/>'), ["a", "a", "b"]),
    Case("a maximum that is not reached", counting("n &lt; 1", 'loopMaximum="5"'), ["a", "b"], {"n": 0}),
    Case("more instances in instances than can be followed", inside("s1 -> a -> e1", script("a", inner=many("40")),
         marker=many("40")), ["ERROR_runtime"]),
    Case("a loop of a sub-process", inside("s1 -> a -> c -> e1", script("a", "trace n", "set n = n + 1"),
         marker=loop("n &lt; 2")), [0, "c", 1, "c", "b"], {"n": 0}),
    Case("a loop that an event ends", model("s -> a -> b -> e", "bo -> c -> e2",
         script("a", 'trace "a"', "wait 10", inner=loop("true")), edge("bo", "a", after("PT25S"))),
         ["a", "a", "a", "c"]),
    Case("a loop around a loop", model("s -> x1 -> a -> x2", "x2 -> x1: m &lt; 2", "x2 -> b: m >= 2", "b -> e",
         script("a", "trace n", "set n = n + 1", "set m = m + 1", inner=loop("n &lt; 2"))), [0, 1, "b"],
         {"n": 0, "m": 0}),
    Case("instances one after the other", repeated(many("3", attributes='isSequential="true"')), ["a", "a", "a", "b"]),
    Case("instances side by side", repeated(many("3")), ["a", "a", "a", "b"]),
    Case("one instance", repeated(many("1")), ["a", "b"]),
    Case("no instance", repeated(many("0")), ["b"]),
    Case("as many instances as a variable says", repeated(many("n")), ["a", "a", "b"], {"n": 2}),
    Case("a negative number of instances", repeated(many("n")), ["ERROR_runtime"], {"n": -1}),
    Case("too many instances", repeated(many("n")), ["ERROR_runtime"], {"n": 101}),
    Case("a hundred instances", repeated(many("n")), ["a"] * 100 + ["b"], {"n": 100}),
    Case("done when a condition holds, in sequence", repeated(
        many("5", "numberOfCompletedInstances >= 2", 'isSequential="true"')), ["a", "a", "b"]),
    Case("done when a condition holds, in parallel", repeated(many("5", "numberOfCompletedInstances >= 2")),
         ["a", "a", "b"]),
    Case("done when the data say so", repeated(many("5", "n > 2", 'isSequential="true"'), "trace n", "set n = n + 1"),
         [1, 2, "b"], {"n": 1}),
    Case("the rest is cancelled", model("s -> a -> b -> e", script("a", "set n = n + 1", "wait n", 'trace "a"',
         inner=many("3", "numberOfCompletedInstances = 1"))), ["a", "b"], {"n": 0}),
    Case("instances rest side by side", repeated(many("2"), 'trace "x"', "wait 5", 'trace "y"'),
         ["x", "x", "y", "y", "b"]),
    Case("a sub-process three times in sequence", inside("s1 -> a -> c -> e1",
         marker=many("2", attributes='isSequential="true"')), ["a", "c", "a", "c", "b"]),
    Case("a sub-process side by side", inside("s1 -> a -> c -> e1", marker=many("2")), ["a", "c", "a", "c", "b"]),
    Case("instances within instances", inside("s1 -> a -> e1", script("a", inner=many("2")), marker=many("2")),
         ["a", "a", "a", "a", "b"]),
    Case("an event takes all instances", model("s -> a -> b -> e", "bo -> c -> e2",
         script("a", "wait 9", 'trace "a"', inner=many("3")), edge("bo", "a", after("PT5S"))), ["c"]),
    Case("an error of one instance takes all", model("s -> a -> b -> e", "bo -> c -> e2",
         script("a", 'throw "x"', inner=many("3")), edge("bo", "a", error("x"))), ["c"]),
    Case("each instance throws", announcing('behavior="None" noneBehaviorEventRef="sd"', SIGNAL, signal("x")),
         ["a", "a", "a", "c", "c", "c", "b"]),
    Case("the first instance throws", announcing('behavior="One" oneBehaviorEventRef="sd"', SIGNAL, signal("x")),
         ["a", "a", "a", "c", "b"]),
    Case("no instance throws", announcing('behavior="All"', SIGNAL, signal("x")), ["a", "a", "a", "b"]),
    Case("each instance escalates", announcing('behavior="None" noneBehaviorEventRef="sd"', ESCALATION,
         escalation("x")), ["a", "a", "a", "c", "c", "c", "b"]),
]  # fmt: skip

SUBPROCESSES = [
    Case("a sub-process", model("s -> sub -> b -> e", sub("sub", "s1 -> a -> e1")), ["a", "b"]),
    Case("sub-processes in each other", model("s -> sub -> c -> e", sub("sub", "s1 -> inn -> b -> e1",
         sub("inn", "s2 -> a -> e2"))), ["a", "b", "c"]),
    Case("a sub-process waits for all its tokens", model("s -> sub -> d -> e", sub("sub", "s1 -> p1 -> a -> e1",
         "p1 -> w -> b -> e1", script("w", "wait 5"))), ["a", "b", "d"]),
    Case("a sub-process without start and end", model("s -> sub -> c -> e", sub("sub", "a -> b")), ["a", "b", "c"]),
    Case("a sub-process twice", model("s -> sub -> x1", "x1 -> b: n >= 2", "x1 -> sub: n &lt; 2", "b -> e",
         sub("sub", "s1 -> a -> e1", script("a", "trace n", "set n = n + 1"))), [0, 1, "b"], {"n": 0}),
    Case("a transaction", model("s -> sub -> b -> e", sub("sub", "s1 -> a -> e1", kind="transaction")), ["a", "b"]),
    Case("a call", around(process("P", CALL, "s -> c -> b -> e"), process("Q", "s1 -> a -> e1")), ["a", "b"]),
    Case("a call of a process that is not executable", around(process("P", CALL, "s -> c -> b -> e"),
         process("Q", "s1 -> a -> e1", executable="false")), ["a", "b"]),
    Case("a call of a global task", around('<globalScriptTask id="Q"><script>trace "a"</script></globalScriptTask>',
         process("P", CALL, "s -> c -> b -> e")), ["a", "b"]),
    Case("a call that calls", around(process("P", CALL, "s -> c -> b -> e"),
         process("Q", '<callActivity id="c2" calledElement="R"/>', "s1 -> c2 -> d -> e1"),
         process("R", "s2 -> a -> e2")), ["a", "d", "b"]),
    Case("two calls of the same", around(process("P", CALL, '<callActivity id="c2" calledElement="Q"/>',
         "s -> c -> c2 -> b -> e"), process("Q", "s1 -> a -> e1")), ["a", "a", "b"]),
    Case("a call again and again", around(process("P",
         f'<callActivity id="c" calledElement="Q">{many("3")}</callActivity>', "s -> c -> b -> e"),
         process("Q", "s1 -> a -> e1")), ["a", "a", "a", "b"]),
    Case("a called process throws an error", around(process("P", CALL, "s -> c -> b -> e", "bo -> d -> e2",
         edge("bo", "c", error("x"))), process("Q", "s1 -> a -> e1", end("e1", error("x")), executable="false")),
         ["a", "d"]),
    Case("an event on the edge of a call", around(process("P", CALL, "s -> c -> b -> e", "bo -> d -> e2",
         edge("bo", "c", after("PT5S"))), process("Q", "s1 -> w -> a -> e1", script("w", "wait 9"))), ["d"]),
]  # fmt: skip

SLOW = script("a", "wait 5", 'trace "a"', "set n = n + 1")
MORE = script("b", 'trace "b"', "set n = n + 1")
COUNTS = script("a", 'trace "a"', "set n = n + 1")
FREE = [
    Case("free: everything at once", free("Parallel", SLOW, MORE, done="n = 2"), ["b", "a", "z"], {"n": 0}),
    Case("free: one after the other", free("Sequential", SLOW, MORE, done="n = 2"), ["a", "b", "z"], {"n": 0}),
    Case("free: one way after the other", free("Sequential", SLOW, MORE, "a -> c", done="n = 2"), ["a", "c", "b", "z"],
         {"n": 0}),
    Case("free: until it is done", free("Sequential", COUNTS, "b", "c", done="n >= 1"), ["a", "z"], {"n": 0}),
    Case("free: done in the middle of a way", free("Sequential", COUNTS, "a -> b", "c", done="n >= 1"), ["a", "z"],
         {"n": 0}),
    Case("free: done at the end", free("Sequential", script("b"), COUNTS, done="n >= 1"), ["b", "a", "z"], {"n": 0}),
    Case("free: it does not say when", free("Parallel", "b", "c"), ["b", "c", "z"]),
    Case("free: it does not say when, in turn", free("Sequential", script("b", "wait 5", 'trace "b"'), "c"),
         ["b", "c", "z"]),
    Case("free: it does not say when, and one leads to another", free("Parallel", "b -> c", "d"),
         ["b", "d", "c", "z"]),
    Case("free: done before anything", free("Parallel", "b", "c", done="n >= 1"), ["b", "z"], {"n": 1}),
    Case("free: the others are cut off", free("Parallel", COUNTS, script("b", "wait 5", 'trace "b"'), done="n >= 1"),
         ["a", "z"], {"n": 0}),
    Case("free: the others go on", free("Parallel", COUNTS, script("b", "wait 5", 'trace "b"'), done="n >= 1",
         attributes='cancelRemainingInstances="false"'), ["a", "b", "z"], {"n": 0}),
    Case("free: no more begin", free("Sequential", COUNTS, "b", done="n >= 1",
         attributes='cancelRemainingInstances="false"'), ["a", "z"], {"n": 0}),
    Case("free: all is done and it is not enough", free("Parallel", COUNTS, "b", done="n >= 2"),
         ["a", "b", "ERROR_runtime"], {"n": 0}),
    Case("free: a sub-process inside is one activity", free("Sequential", sub("p", "s1 -> a -> b -> e1", COUNTS), "c",
         done="n >= 1"), ["a", "b", "z"], {"n": 0}),
    Case("free: interrupted", model("s -> sub -> z -> e", "bo -> c -> e2", edge("bo", "sub", after("PT9S")),
         sub("sub", script("a", "wait 5", 'trace "a"'), script("b", "wait 5", 'trace "b"'), kind="adHocSubProcess",
             attributes='ordering="Sequential"').replace("</adHoc", f"<completionCondition {XSI}>n = 2"
             "</completionCondition></adHoc")), ["a", "c"], {"n": 0}),
]  # fmt: skip

TOKENS = [
    Case("two tokens given, one by one taken", model("s -> a -> b -> e", script("a",
         attributes='completionQuantity="2"')), ["a", "b", "b"]),
    Case("two tokens given and taken together", model("s -> a -> b -> c -> e", script("a",
         attributes='completionQuantity="2"'), script("c", attributes='startQuantity="2"')), ["a", "b", "b", "c"]),
    Case("one token where two are needed", model("s -> a -> b -> e", script("b", attributes='startQuantity="2"')),
         ["a"]),
    Case("two ways into an activity that takes two", model("s -> a -> b -> d -> e", "a -> c -> d",
         script("d", attributes='startQuantity="2"')), ["a", "b", "c", "d"]),
    Case("four tokens, taken by two", model("s -> a -> b -> e", script("a", attributes='completionQuantity="4"'),
         script("b", attributes='startQuantity="2"')), ["a", "b", "b"]),
    Case("tokens gathered by what has an event on its edge", model("s -> a -> b -> e", "bo -> c -> e2",
         script("a", attributes='completionQuantity="2"'), script("b", "wait 9", attributes='startQuantity="2"'),
         edge("bo", "b", after("PT5S"))), ["a", "c"]),
]  # fmt: skip

UNDONE = [
    *(Case(f"compensation thrown by a handler of events, of {what}", model("s -> sub -> d -> e", sub("sub",
           "s1 -> a -> e1", undo("a", "ua"), end("e1", error("x")), handler("h", begin("hs", error("x")),
           "hs -> b -> th -> he", throw("th", compensate(activity)), undo("b", "ub"), end("he")))), traced)
      for what, activity, traced in (("its own", "b", ["a", "b", "ub", "d"]), ("another", "a", ["a", "b", "ua", "d"]))),
    Case("compensation thrown", model("s -> a -> th -> b -> e", throw("th", compensate()), undo("a", "ua")),
         ["a", "ua", "b"]),
    Case("a process called by nobody does not use its own compensation", model("s -> a -> th -> e", undo("a", "ua"),
         throw("th", compensate()), handler("h", begin("hs", compensate()), "hs -> b -> he", end("he"))), ["a", "ua"]),
    Case("compensation at the end", model("s -> a -> e", end("e", compensate()), undo("a", "ua")), ["a", "ua"]),
    Case("the latest is undone first", model("s -> a -> b -> th -> c -> e", throw("th", compensate()), undo("a", "ua"),
         undo("b", "ub")), ["a", "b", "ub", "ua", "c"]),
    Case("only what is named is undone", model("s -> a -> b -> th -> c -> e", throw("th", compensate("a")),
         undo("a", "ua"), undo("b", "ub")), ["a", "b", "ua", "c"]),
    Case("only what was done is undone", model("s -> x1", "x1 -> a: go", "x1 -> b: not(go)", "a -> x2",
         "b -> x2 -> th -> c -> e", throw("th", compensate()), undo("a", "ua"), undo("b", "ub")),
         ["b", "ub", "c"], {"go": False}),
    Case("nothing to undo", model("s -> th -> a -> e", throw("th", compensate()), undo("a", "ua")), ["a"]),
    Case("nothing is undone twice", model("s -> a -> t1 -> t2 -> b -> e", throw("t1", compensate()),
         throw("t2", compensate()), undo("a", "ua")), ["a", "ua", "b"]),
    Case("done twice, undone twice", model("s -> x1 -> a -> x2", "x2 -> x1: n &lt; 2", "x2 -> th: n >= 2",
         "th -> b -> e",
         script("a", "trace n", "set n = n + 1"), throw("th", compensate()), undo("a", "ua")), [0, 1, "ua", "ua", "b"],
         {"n": 0}),
    Case("a handler that takes its time", model("s -> a -> th -> b -> e", throw("th", compensate()),
         undo("a", "ua").replace('trace "ua"', 'wait 60\ntrace "ua"')), ["a", "ua", "b"]),
    Case("undone inside its sub-process", model("s -> sub -> b -> e", sub("sub", "s1 -> a -> e1",
         end("e1", compensate()), undo("a", "ua"))), ["a", "ua", "b"]),
    Case("a completed sub-process is undone from the inside", model("s -> sub -> b -> th -> c -> e",
         throw("th", compensate()), sub("sub", "s1 -> a -> e1", undo("a", "ua"))), ["a", "b", "ua", "c"]),
    Case("a completed sub-process by name", model("s -> sub -> b -> th -> c -> e", throw("th", compensate("sub")),
         sub("sub", "s1 -> a -> e1", undo("a", "ua")), undo("b", "ub")), ["a", "b", "ua", "c"]),
    Case("a sub-process with a handler of its own", model("s -> sub -> th -> c -> e", throw("th", compensate()),
         sub("sub", "s1 -> a -> e1"), undo("sub", "us")), ["a", "us", "c"]),
    Case("its own handler comes before what is inside", model("s -> sub -> th -> c -> e", throw("th", compensate()),
         sub("sub", "s1 -> a -> e1", undo("a", "ua")), undo("sub", "us")), ["a", "us", "c"]),
    Case("an event sub-process undoes", model("s -> sub -> th -> c -> e", throw("th", compensate()), sub("sub",
         "s1 -> a -> e1", handler("h", begin("hs", compensate()), "hs -> u -> he", end("he")))), ["a", "u", "c"]),
    Case("an event sub-process undoes what its sub-process did", undoing_inside("hs -> t2 -> c -> he"),
         ["a", "b", "ub", "ua", "c"]),
    Case("an event sub-process undoes one thing by name", undoing_inside("hs -> t2 -> c -> he", "a"),
         ["a", "b", "ua", "c"]),
    Case("an event sub-process that undoes nothing further", undoing_inside("hs -> c -> he"), ["a", "b", "c"]),
    Case("a handler of errors undoes what is around it", model("s -> sub -> b -> e", sub("sub", "s1 -> a -> d -> e1",
         end("e1", error("x")), undo("a", "ua"), handler("h", begin("hs", error("x")), "hs -> th -> c -> he",
         throw("th", compensate()), end("he")))), ["a", "d", "ua", "c", "b"]),
    Case("a transaction is cancelled", model("s -> sub -> b -> e", "bo -> c -> e2", sub("sub", "s1 -> a -> e1",
         end("e1", CANCEL), kind="transaction"), edge("bo", "sub", CANCEL)), ["a", "c"]),
    Case("a cancelled transaction is undone first", model("s -> sub -> b -> e", "bo -> c -> e2", sub("sub",
         "s1 -> a -> d -> e1", end("e1", CANCEL), undo("a", "ua"), undo("d", "ud"), kind="transaction"),
         edge("bo", "sub", CANCEL)), ["a", "d", "ud", "ua", "c"]),
    Case("cancelled from a sub-process of the transaction", model("s -> sub -> b -> e", "bo -> c -> e2", sub("sub",
         "s1 -> a -> inn -> e1", undo("a", "ua"), sub("inn", "s2 -> d -> e2i", end("e2i", CANCEL)),
         kind="transaction"), edge("bo", "sub", CANCEL)), ["a", "d", "ua", "c"]),
    Case("a cancel takes every token of the transaction", model("s -> sub -> b -> e", "bo -> c -> e2", sub("sub",
         "s1 -> p1 -> w -> a -> e1", "p1 -> d -> e3", script("w", "wait 9"), end("e3", CANCEL), kind="transaction"),
         edge("bo", "sub", CANCEL)), ["d", "c"]),
    Case("a transaction ends by an error", model("s -> sub -> b -> e", "bo -> c -> e2", sub("sub", "s1 -> a -> e1",
         end("e1", error("x")), undo("a", "ua"), kind="transaction"), edge("bo", "sub", error("x"))), ["a", "c"]),
    Case("what was cut off is not undone", model("s -> a -> th -> b -> e", "bo -> c -> th", throw("th", compensate()),
         script("a", "wait 9"), edge("bo", "a", after("PT5S")), undo("a", "ua")), ["c", "b"]),
]  # fmt: skip


@each(REPEATED)
def test_an_activity_that_is_done_again(case: Case) -> None:
    prove(case)


@each(SUBPROCESSES + TOKENS + FREE)
def test_scopes_calls_and_token_quantities(case: Case) -> None:
    prove(case)


@each(UNDONE)
def test_what_was_done_is_undone(case: Case) -> None:
    prove(case)
