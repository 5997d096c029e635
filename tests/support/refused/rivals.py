"""Two in one place that wait for the same, or undo the same, with twins in which they do not."""

from collections.abc import Callable

from support.bpmn_models import (
    after,
    around,
    begin,
    catch,
    compensate,
    edge,
    end,
    error,
    escalation,
    handler,
    message,
    model,
    process,
    signal,
    start,
    sub,
    throw,
    undo,
)
from support.refused.drawing import Pair, raced


def on_edges(first: str, second: str, interrupting: bool = False) -> bytes:
    return model("s -> a -> e", "b1 -> b -> e1", "b2 -> c -> e2", edge("b1", "a", first),
                 edge("b2", "a", second, interrupting))  # fmt: skip


def handled(name: str, definition: str, interrupting: bool = True) -> str:
    """An event sub-process with the start `<name>s`."""
    return handler(name, begin(f"{name}s", definition, interrupting), f"{name}s -> {name}x -> {name}e", end(f"{name}e"))


def in_scope(*handlers: str) -> bytes:
    return model("s -> sub -> e", sub("sub", "s1 -> a -> e1", *handlers))


def undoing_handler(activity: str) -> str:
    """An event sub-process with an activity `b` of its own that can be undone, and a throw event that undoes."""
    return handler("h", begin("hs", signal("x")), "hs -> b -> th -> he", throw("th", compensate(activity)),
                   undo("b", "ub"), end("he"))  # fmt: skip


def undone_outside(activity: str) -> bytes:
    """An event sub-process with an activity that can be undone, and a throw event after what it stands in."""
    inner = handler("h", begin("hs", signal("x")), "hs -> b -> he", undo("b", "ub"), end("he"))
    return model("s -> k -> sub -> th -> e", throw("th", compensate(activity)), undo("k", "uk"),
                 sub("sub", "s1 -> a -> e1", inner))  # fmt: skip


def handled_by(name: str, *parts: str) -> str:
    return handler(name, begin("s1", signal("x")), *parts)


def outwards(kind: Callable[..., str]) -> bytes:
    """A throw event in something, that undoes an activity beside that."""
    inner = kind("k", "s1 -> th -> e1", throw("th", compensate("a")), end("e1"))
    return model("s -> sub -> e", sub("sub", "s2 -> a -> k -> e2" if kind is sub else "s2 -> a -> e2", undo("a", "ua"),
                 inner))  # fmt: skip


def undone_by(*parts: str, inside: tuple[str, ...]) -> bytes:
    return model("s -> sub -> th -> e", throw("th", compensate()), sub("sub", "s1 -> a -> e1", *inside), *parts)


def started(*definitions: str, attributes: str = "") -> bytes:
    begun = f'<startEvent id="z" {attributes}>{"".join(definitions)}</startEvent>'
    return around(process("P", begun, "z -> a -> e"), process("Q", "s1 -> b -> th -> e1", throw("th", message("x"))))


def two_started(first: str, second: str, flow: str = "") -> bytes:
    """Processes Q and R, each started by a message, and P, in which `th` sends x."""
    pools = "".join(f'<participant id="p{name}" processRef="{name}"/>' for name in "PQR")
    return around(f'<collaboration id="co">{pools}{flow}</collaboration>', process("P", "s -> th -> e",
                  throw("th", message("x"))), process("Q", "s1 -> a -> e1", start("s1", message(first))),
                  process("R", "z -> b -> e2", second))  # fmt: skip


KINDS = {"message": message, "error": error, "signal": signal}
ONE, TWO = handled("h", compensate()), handled("k", compensate())

RIVALS = [
    *(Pair(f"two events on one edge that wait for one {kind}", "rivals", "b2", on_edges(of("x"), of("x"), True),
           on_edges(of("x"), of("y"), True)) for kind, of in KINDS.items()),
    Pair("two events beside that wait for one escalation", "rivals", "b2", on_edges(escalation("x"), escalation("x")),
         on_edges(escalation("x"), escalation())),
    *(Pair(f"two event sub-processes that wait for one {kind}", "rivals", "ks", in_scope(handled("h", of("x")),
           handled("k", of("x"))), in_scope(handled("h", of("x")), handled("k", of("y"))))
      for kind, of in KINDS.items()),
    Pair("two event sub-processes that wait for one signal, of which one interrupts", "rivals", "ks", in_scope(
         handled("h", signal("x")), handled("k", signal("x"), False)), in_scope(handled("h", signal("x"), False),
         handled("k", signal("x"), False))),
    Pair("two starts of one message", "rivals", "s2", model("s -> a -> e", "s2 -> b -> e2", start("s", message("x")),
         start("s2", message("x"))), model("s -> a -> e", "s2 -> b -> e2", start("s", message("x")),
         start("s2", message("y")))),
    *(Pair(f"two processes that one message starts, {how}", "rivals", "z", two_started("x", second), right)
      for how, second, right in (
          ("by events", start("z", message("x")), two_started("x", start("z", message("x")),
           '<messageFlow id="mf" sourceRef="th" targetRef="s1"/>')),
          ("by a task", '<receiveTask id="z" instantiate="true" messageRef="m_x"/>', two_started("y", start("z",
           message("x")))))),
    *(Pair(f"two events behind a gateway that wait for one {what}", "rivals", "c3", raced(catch("z", definition),
           "v -> c3 -> d -> e", catch("c3", definition)), raced(catch("z", definition), "v -> c3 -> d -> e",
           catch("c3", other))) for what, definition, other in (
           ("message", message("x"), message("y")), ("signal", signal("x"), signal("y")))),
    Pair("two event sub-processes that undo one sub-process", "compensation", "ks", undone_by(inside=(ONE, TWO)),
         undone_by(inside=(ONE,))),
    Pair("an event sub-process and an event on the edge that undo one sub-process", "compensation", "hs", undone_by(
         undo("sub", "u"), inside=(ONE,)), undone_by(undo("sub", "u"), inside=())),
    Pair("an event sub-process that undoes everything and has something of its own", "compensation", "th", in_scope(
         undo("a", "ua"), undoing_handler("")), in_scope(undo("a", "ua"), undoing_handler("b"))),
    Pair("a sub-process that undoes what is outside it", "compensation", "th", outwards(sub), outwards(handled_by)),
    Pair("an event sub-process whose activity is undone from outside", "compensation", "ub_b", undone_outside(""),
         undone_outside("k")),
    Pair("an event sub-process whose activity is undone with the sub-process", "compensation", "ub_b",
         undone_outside("sub"), undone_outside("k")),
    Pair("a start when all events have come", "event_definitions", "z", started(message("x"), message("y"),
         attributes='parallelMultiple="true"'), started(message("x"), message("y"))),
    Pair("a start at a time and by a message", "event_definitions", "z", started(message("x"), after("PT1S")),
         started(after("PT1S"))),
]  # fmt: skip
