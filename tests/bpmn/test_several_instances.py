"""Several processes of one file: messages and signals between instances, and what starts an instance."""

from support.bpmn_cases import Case, each, prove
from support.bpmn_models import (
    after,
    around,
    at,
    begin,
    catch,
    cycle,
    edge,
    end,
    handler,
    message,
    model,
    process,
    script,
    signal,
    start,
    sub,
    throw,
)

FIRST = {"_processes": ["P"]}
BOTH = {"_processes": ["P", "Q"]}
ALL = {"_processes": ["P", "Q", "R"]}
SEND = '<sendTask id="th" messageRef="m_x"/>'
RECEIVE = '<receiveTask id="ca" messageRef="m_x"/>'
BORN = '<receiveTask id="ca" messageRef="m_x" instantiate="true"/>'
POOLS = (
    '<collaboration id="co"><participant id="pa" processRef="P"/><participant id="pb" processRef="Q"/>'
    '<messageFlow id="mf" sourceRef="th" targetRef="ca"/></collaboration>'
)


def thrower(definition: str) -> str:
    return process("P", "s -> a -> th -> b -> e", throw("th", definition))


def ender(definition: str) -> str:
    return process("P", "s -> a -> e", end("e", definition))


def catcher(definition: str) -> str:
    return process("Q", "s1 -> ca -> c -> e1", catch("ca", definition))


def starter(definition: str) -> str:
    return process("Q", "s1 -> c -> e1", start("s1", definition))


def other(*parts: str, way: str = "s2 -> cb -> d -> e2") -> str:
    return process("R", way, *parts)


def addressed(sender: str, *receivers: str) -> str:
    """Three pools, one in which nothing is drawn, and message flows."""
    drawn = {"pa": "P", "pb": "Q", "pc": "R"}
    pools = "".join(f'<participant id="{pool}" processRef="{process}"/>' for pool, process in drawn.items())
    flows = "".join(f'<messageFlow id="f_{r}" sourceRef="{sender}" targetRef="{r}"/>' for r in receivers)
    return f'<collaboration id="co">{pools}<participant id="pd"/>{flows}</collaboration>'


CASES = [
    Case("a message to who waits", around(thrower(message("x")), catcher(message("x"))), ["a", "b", "c"], BOTH),
    Case("started in the other order", around(thrower(message("x")), catcher(message("x"))), ["a", "b", "c"],
         {"_processes": ["Q", "P"]}),
    Case("a message flow drawn between the pools", around(POOLS, thrower(message("x")), catcher(message("x"))),
         ["a", "b", "c"], BOTH),
    *(Case(f"a message goes where its flow goes: to {what}", around(addressed("th", to), thrower(message("x")),
           catcher(message("x")), other(catch("cb", message("x")))), traced, ALL)
      for what, to, traced in (("the first", "ca", ["a", "b", "c"]), ("the second", "cb", ["a", "b", "d"]),
                               ("a pool", "pc", ["a", "b", "d"]), ("a pool that is empty", "pd", ["a", "b"]))),
    Case("a message flow to a part of a pool is one to the pool", around(addressed("th", "sub"), thrower(message("x")),
         catcher(message("x")), process("R", "s2 -> sub -> e2", sub("sub", "s3 -> cb -> d -> e3",
         catch("cb", message("x"))))), ["a", "b", "d"], ALL),
    Case("a message starts the process where its flow ends", around(addressed("th", "s2"), thrower(message("x")),
         starter(message("x")), process("R", "s2 -> d -> e2", start("s2", message("x")))), ["a", "b", "d"], FIRST),
    Case("a message waits for the one that it is for", around(addressed("th", "cb"), thrower(message("x")),
         catcher(message("x")), other(script("w", "wait 9"), catch("cb", message("x")),
         way="s2 -> w -> cb -> d -> e2")), ["a", "b", "d"], ALL),
    Case("two messages of one event, each along its flow", around(addressed("th", "ca", "cb"), thrower(message("x")
         + message("y")), process("Q", "s1 -> p1 -> ca -> c -> e1", "p1 -> cx -> f -> e3", catch("ca", message("y")),
         catch("cx", message("x"))), other(catch("cb", message("x")))), ["a", "b", "d", "c"], ALL),
    Case("a message starts a process", around(thrower(message("x")), starter(message("x"))), ["a", "b", "c"], FIRST),
    Case("a message at the end starts a process", around(ender(message("x")), starter(message("x"))), ["a", "c"],
         FIRST),
    Case("another message starts nothing", around(thrower(message("x")), starter(message("y"))), ["a", "b"], FIRST),
    Case("a message is kept until somebody waits", around(thrower(message("x")), process("Q",
         "s1 -> w -> ca -> c -> e1",
         script("w", "wait 60"), catch("ca", message("x")))), ["a", "b", "c"], BOTH),
    Case("a message goes to one", around(thrower(message("x")), catcher(message("x"))), ["a", "b", "c"],
         {"_processes": ["P", "Q", "Q"]}),
    Case("two messages to two", around(thrower(message("x")), catcher(message("x"))), ["a", "a", "b", "b", "c", "c"],
         {"_processes": ["P", "P", "Q", "Q"]}),
    Case("a send task and a receive task", around(process("P", SEND, "s -> a -> th -> b -> e"),
         process("Q", RECEIVE, "s1 -> ca -> c -> e1")), ["a", "b", "c"], BOTH),
    Case("a receive task starts a process", around(process("P", SEND, "s -> th -> b -> e"),
         process("Q", BORN, "ca -> c")), ["b", "c"], FIRST),
    Case("a timer on a receive task", around(process("P", RECEIVE, "s -> ca -> a -> e", "bo -> b -> e2",
         edge("bo", "ca", after("PT5S")))), ["b"]),
    Case("a message on an edge", around(thrower(message("x")), process("Q", "s1 -> w -> d -> e1", "bo -> c -> e2",
         script("w", "wait 60"), edge("bo", "w", message("x")))), ["a", "b", "c"], BOTH),
    Case("a message to an event sub-process", around(thrower(message("x")), process("Q", "s1 -> w -> d -> e1",
         script("w", "wait 60"), handler("h", begin("hs", message("x"), False), "hs -> c -> he", end("he")))),
         ["a", "b", "c", "d"], BOTH),
    Case("a message to an event sub-process that interrupts", around(thrower(message("x")), process("Q",
         "s1 -> sub -> d -> e1", sub("sub", "s2 -> w -> f -> e2", script("w", "wait 60"),
         handler("h", begin("hs", message("x")), "hs -> c -> he", end("he"))))), ["a", "b", "c", "d"], BOTH),
    Case("a message decides at a gateway", around(thrower(message("x")), process("Q", "s1 -> v -> ca -> c -> e1",
         "v -> cb -> d -> e1", catch("ca", message("x")), catch("cb", after("PT1H")))), ["a", "b", "c"], BOTH),
    Case("an answer comes back", around(process("P", "s -> th -> ca -> b -> e", throw("th", message("x")),
         catch("ca", message("y"))), process("Q", "s1 -> c -> e1", start("s1", message("x")), end("e1", message("y")))),
         ["c", "b"], FIRST),
    Case("a signal to who waits", around(thrower(signal("x")), catcher(signal("x"))), ["a", "b", "c"], BOTH),
    Case("a signal to all who wait", around(thrower(signal("x")), catcher(signal("x"))), ["a", "b", "c", "c"],
         {"_processes": ["P", "Q", "Q"]}),
    Case("a signal starts a process", around(thrower(signal("x")), starter(signal("x"))), ["a", "b", "c"], FIRST),
    Case("a signal at the end starts a process", around(ender(signal("x")), starter(signal("x"))), ["a", "c"], FIRST),
    Case("a signal interrupts another instance", around(thrower(signal("x")), process("Q", "s1 -> w -> d -> e1",
         "bo -> c -> e2", script("w", "wait 60"), edge("bo", "w", signal("x")))), ["a", "b", "c"], BOTH),
    Case("a timer starts a process", around(process("P", "s -> a -> e"), starter(after("PT1H"))), ["a", "c"], FIRST),
    Case("a cycle starts a process again and again", around(process("P", "s -> a -> e"), starter(cycle("R3/PT1H"))),
         ["a", "c", "c", "c"], FIRST),
    Case("a date starts a process", around(process("P", "s -> a -> e"), starter(at("2025-01-01T06:00:00Z"))),
         ["a", "c"], FIRST),
    Case("what starts beyond the horizon does not start", around(process("P", "s -> a -> e"), starter(after("P2D"))),
         ["a"], FIRST),
    Case("only a timer starts it", model("s -> a -> e", start("s", after("PT1H"))), ["a"]),
    Case("the default is what starts by itself", around(starter(message("x")), process("P", "s -> a -> e")), ["a"]),
    Case("each instance has its own data", around(process("P", "s -> a -> e", script("a", "trace n", "set n = n + 1"))),
         [1, 1], {"_processes": ["P", "P"], "n": 1}),
    *(Case(f"named, a process that starts by {what} starts once, when that comes", around(thrower(message("x")), drawn),
           ["a", "b", "c"], BOTH) for what, drawn in (
          ("a message", starter(message("x"))), ("a time", starter(after("PT5S"))),
          ("a message, or another", process("Q", "s1 -> c -> e1", "s2 -> d -> e2", start("s1", message("x")),
           start("s2", message("y")))), ("a task", process("Q", BORN, "ca -> c")))),
    Case("named, and its event never comes", around(starter(message("x"))), [], {"_processes": ["Q"]}),
    Case("the process that no other calls is the one", around(process("Q", "s1 -> c -> e1"), process("P",
         "s -> k -> a -> e", '<callActivity id="k" calledElement="Q"/>')), ["c", "a"]),
    Case("a process that also starts by a message starts without it", around(process("P", "s -> a -> e", "s1 -> b -> e",
         start("s1", message("x")))), ["a"]),
    Case("no process of that name", model("s -> a -> e"), ["ERROR_runtime"], {"_processes": ["R"]}),
    Case("one instance fails and the other goes on", around(process("P", "s -> a -> e", script("a", "trace n / m")),
         process("Q", "s1 -> c -> e1")), ["ERROR_runtime", "c"], {"_processes": ["P", "Q"], "n": 1}),
    Case("an instance that ends by an error and one that does not", around(ender('<errorEventDefinition '
         'errorRef="err_x"/>'), process("Q", "s1 -> c -> e1")), ["a", "ERROR_thrownErrorEvent", "c"], BOTH),
]  # fmt: skip


@each(CASES)
def test_instances_of_the_processes_of_a_file(case: Case) -> None:
    prove(case)
