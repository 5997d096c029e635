"""What stands beside the flow of tokens and is refused: data, items, correlation, choreographies, artifacts, and
expressions that are none; with their twins."""

from support.bpmn_models import (
    XSI,
    after,
    around,
    catch,
    compensate,
    cycle,
    edge,
    end,
    escalation,
    many,
    message,
    model,
    process,
    script,
    signal,
    sub,
    throw,
    undo,
)
from support.refused.drawing import (
    CALL,
    FLOW,
    LINE,
    POOLS,
    SENDER,
    TAKER,
    Pair,
    chosen,
    free,
    joined,
    marked,
    pools,
)

ITEMS = (
    '<itemDefinition id="one" structureRef="Text"/><itemDefinition id="other" structureRef="Count"/>'
    '<itemDefinition id="many" structureRef="Text" isCollection="true"/>'
)
INTERFACE = (
    '<interface id="if" name="i"><operation id="op" name="o"><inMessageRef>m_x</inMessageRef></operation></interface>'
)
NOTE = '<textAnnotation id="ta"><text>x</text></textAnnotation>'
GROUP = '<group id="gr"/>'
LINKED = f'{NOTE}<association id="as" sourceRef="a" targetRef="ta"/>'
TWO = 'id="co"><participant id="pa"/><participant id="pb"/>'


def data(spec: str, kind: str = "scriptTask", joined: str = "", attributes: str = "", more: str = "") -> bytes:
    """A task with data of its own beside a data object `do` and a property `pr` of the process."""
    body = "<script>trace 1</script>" if kind == "scriptTask" else ""
    task = f'<{kind} id="a" {attributes}><ioSpecification>{spec}</ioSpecification>{joined}{body}</{kind}>'
    return model('<property id="pr"/>', '<dataObject id="do" name="text"/>', "s -> a -> e", task, more=more + ITEMS)


def taken(*inputs: str, inside: str = "", sets: str = "<outputSet/>") -> str:
    """Data inputs in one set."""
    items = "".join(f"<dataInput {each}/>" for each in inputs)
    listed = "".join(f"<dataInputRefs>{each.split()[0][4:-1]}</dataInputRefs>" for each in inputs)
    return f"{items}<inputSet>{listed}{inside}</inputSet>{sets}"


def given(inside: str = "") -> str:
    return (
        f'<dataOutput id="do1"/><dataOutput id="do2"/><inputSet id="i1"/><outputSet id="o1"><dataOutputRefs>do1'
        f"</dataOutputRefs>{inside}</outputSet>"
    )


def object_of(attributes: str) -> bytes:
    return model(f'<dataObject id="do" {attributes}/>', "s -> a -> e", more=ITEMS)


def state(name: str) -> bytes:
    """A data object `Plan` that is approved, by this name."""
    drawn = f'<dataObjectReference id="dr" name="{name}" dataObjectRef="do"><dataState id="ds" name="approved"/>'
    return model('<dataObject id="do" name="Plan"/>', f"{drawn}</dataObjectReference>", "s -> a -> e")


def event_with(data_kind: str, definition: str, more: str = "") -> bytes:
    """An event whose message or signal holds data."""
    into, listing = ("inputSet", "dataInputRefs") if data_kind == "dataInput" else ("outputSet", "dataOutputRefs")
    inner = f'<{data_kind} id="d1"/>{more}<{into}><{listing}>d1</{listing}></{into}>{definition}'
    kind = throw if data_kind == "dataInput" else catch
    return model("s -> z -> e", kind("z", inner))


def after_process(text: str, before: bytes = LINE) -> bytes:
    return before.replace(b"</process>", text.encode() + b"</process>", 1)


def beside(text: str) -> bytes:
    return around(text, process("P", "s -> a -> e"))


def untyped(xml: bytes) -> bytes:
    return xml.replace(XSI.encode(), b"")


def named_twice(kind: str, second: str) -> bytes:
    """Two messages or signals; the one that is thrown is called `x`."""
    definition = f'<{kind}EventDefinition {kind}Ref="{kind}_{{}}"/>'
    declared = "".join(f'<{kind} id="{kind}_{n}" name="{name}"/>' for n, name in ((1, "x"), (2, second)))
    return model("s -> p1 -> y -> e", "p1 -> z -> e2", throw("y", definition.format(1)),
                 catch("z", definition.format(2)), more=declared)  # fmt: skip


def note_flow(source: str, target: str) -> bytes:
    """A message flow where an artifact is drawn."""
    return around(POOLS.format(NOTE + GROUP + FLOW.format(source, target)), SENDER, TAKER)


OWN = '<property id="n"/>'
CALLED = process("Q", "s1 -> a -> e1")
THROWN = process("Q", "s1 -> th2 -> e1", throw("th2", message("x")))
TIMED = model("s -> z -> e", catch("z", after("PT1S")))
CYCLED = model("s -> a -> e", "z -> b -> e2", edge("z", "a", cycle("R2/PT1S"), False))
DRAWN = {"a note": (NOTE, "ta"), "a group": (GROUP, "gr"), "an association": (LINKED, "as")}

FETCHED = '<dataOutput id="di" {}/><inputSet/><outputSet><dataOutputRefs>di</dataOutputRefs></outputSet>'
TO_INPUT = "<dataInputAssociation><sourceRef>do</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
FROM_OUTPUT = "<dataOutputAssociation><sourceRef>di</sourceRef><targetRef>do</targetRef></dataOutputAssociation>"
CARRIED = [
    ("sendTask", "two sets of data", "<inputSet/><inputSet/><outputSet/>", ""),
    ("sendTask", "data of its message", taken('id="di"'), TO_INPUT),
    ("sendTask", "data of another item", taken('id="di" itemSubjectRef="other"'), ""),
    ("receiveTask", "two sets of data", "<inputSet/><outputSet/><outputSet/>", ""),
    ("receiveTask", "data of its message", FETCHED.format(""), FROM_OUTPUT),
    ("receiveTask", "data of another item", FETCHED.format('itemSubjectRef="other"'), ""),
]
PASSED = '<startEvent id="s1"/><endEvent id="e1"/><sequenceFlow id="f1" sourceRef="s1" targetRef="e1"/>'
CONVERSATION = (
    f"<collaboration {TWO}</collaboration>"
    '<globalConversation id="gc"><choreographyRef>ch</choreographyRef></globalConversation><choreography id="ch"/>'
)
CHOREOGRAPHIES = '<choreography id="ch"><choreographyRef>c2</choreographyRef></choreography><choreography id="c2"/>'

UNDO = compensate().encode()
UNDOING = model("s -> a -> th -> e", undo("a", "u"), throw("th", compensate()))

SAID = "<formalExpression>some one</formalExpression>"
NAMED, TOLD = "<resourceRef>rs</resourceRef>", f"<resourceAssignmentExpression>{SAID}</resourceAssignmentExpression>"


def performed(said: str) -> bytes:
    """A task that somebody does."""
    role = f'<performer id="r">{said}</performer>'
    who = '<resource id="rs" name="r"><resourceParameter id="rp" name="p"/></resource>'
    return model("s -> a -> e", script("a", inner=role), more=who)


PAPERS = [
    Pair("documentation of no media type", "text_formats", "a", model("s -> a -> e",
         script("a", inner='<documentation textFormat="plain">x</documentation>')), model("s -> a -> e",
         script("a", inner='<documentation textFormat="text/plain">x</documentation>'))),
    *(Pair(f"a sequence flow {way} {what}", "references", "f",
           after_process(f'<sequenceFlow id="f" {ends.format(drawn)}/>{text}'), after_process(text))
      for way, ends in (("from", 'sourceRef="{}" targetRef="a"'), ("to", 'sourceRef="a" targetRef="{}"'))
      for what, (text, drawn) in DRAWN.items()),
    *(Pair(f"a message flow to {what}", "collaborations", "mf", note_flow("th", target), pools("th", "ca"))
      for what, target in (("a note", "ta"), ("a group", "gr"))),
    *(Pair(f"a message flow from {what}", "collaborations", "mf", note_flow(source, "ca"), pools("th", "ca"))
      for what, source in (("a note", "ta"), ("a group", "gr"))),
    Pair("a message flow to what throws", "collaborations", "mf", around(POOLS.format(FLOW.format("pb", "th")), SENDER,
         TAKER), around(POOLS.format(FLOW.format("th", "pb")), SENDER, TAKER)),
    Pair("a message flow from an end without a message", "collaborations", "mf",
         around(POOLS.format(FLOW.format("e1", "pa")), SENDER, TAKER),
         around(POOLS.format(FLOW.format("e", "pb")), SENDER, TAKER)),
    Pair("a message flow between two that throw", "collaborations", "mf",
         around(POOLS.format(FLOW.format("th2", "th")), SENDER, THROWN),
         around(POOLS.format(FLOW.format("th2", "pa")), SENDER, THROWN)),
    Pair("a loose flow in a pool that is only drawn", "references", "loose", around(
         POOLS.format(FLOW.format("th", "ca")), SENDER, TAKER.replace('"true"', '"false"').replace("</process>",
         '<sequenceFlow id="loose" sourceRef="c" targetRef="gone"/></process>')),
         around(POOLS.format(FLOW.format("th", "ca")), SENDER, TAKER.replace('"true"', '"false"'))),
    Pair("an escalation thrown in the flow without a code", "messages", "esc_x", model("s -> th -> e",
         throw("th", escalation("x"))).replace(b'escalationCode="x"', b""), model("s -> th -> e",
         throw("th", escalation("x")))),
    Pair("an escalation that is not said", "messages", "e", model("s -> a -> e", end("e", escalation())),
         model("s -> a -> e", end("e", escalation("x")))),
    Pair("a condition in words", "expressions", "x_c", untyped(chosen("x_b", "x -> b", "x -> c: the plan is complete")),
         chosen("x_b", "x -> b", "x -> c: the plan is complete")),
    Pair("a condition in words with a hyphen", "expressions", "x_c", untyped(chosen("x_b", "x -> b",
         "x -> c: a well-known plan")), chosen("x_b", "x -> b", "x -> c: complete")),
    Pair("a condition in a word", "expressions", "x_c", untyped(chosen("x_b", "x -> b", "x -> c: complete")),
         untyped(chosen("x_b", "x -> b", "x -> c: complete = true"))),
    Pair("an ad-hoc sub-process that is done in words", "expressions", "sub", untyped(free("a")), free("a")),
    Pair("a complex gateway that opens in words", "expressions", "k", untyped(joined("enough")), joined("enough")),
    Pair("instances that are done in words", "expressions", "a", untyped(marked(many("3", "enough"))),
         marked(many("3", "enough"))),
    Pair("a number in words", "expressions", "a", untyped(marked(many("as many"))), untyped(marked(many("three")))),
    Pair("a condition that is a number", "expressions", "x_c", chosen("x_b", "x -> b", "x -> c: 23"),
         chosen("x_b", "x -> b", "x -> c: n = 23")),
    Pair("instances that are done when 23", "expressions", "a", marked(many("3", "23")), marked(many("3", "n = 23"))),
    Pair("a text of instances", "expressions", "a", marked(many('"three"')), marked(many("3"))),
    Pair("one and a half instance", "expressions", "a", marked(many("1.5")), marked(many("1"))),
    Pair("complex behavior without a condition", "expressions", "a", marked(many("3", attributes='behavior="Complex"'
         ).replace("</multi", '<complexBehaviorDefinition id="cb"><condition xsi:type="tFormalExpression"/>'
         "</complexBehaviorDefinition></multi")), marked(many("3"))),
    Pair("a date that is empty", "timers", "z", TIMED.replace(b"timeDuration", b"timeDate").replace(b"PT1S", b""),
         TIMED),
    *(Pair(f"a {name} that is a word", "timers", "z", right.replace(was, b"INVALID").replace(b"timeDuration", kind),
           right)
      for name, right, was, kind in (("date", TIMED, b"PT1S", b"timeDate"), ("cycle", CYCLED, b"R2/PT1S", b"x"),
                                     ("duration", TIMED, b"PT1S", b"timeDuration"))),
    Pair("a timer with two times", "schema", "z", TIMED.replace(b"</timerEv",
         b"<timeDate>2025-01-01</timeDate></timerEv"), TIMED),
    Pair("a transaction by a protocol of its own", "attributes", "t", model("s -> t -> e", sub("t", "s1 -> a -> e1",
         kind="transaction", attributes='method="##Store"')), model("s -> t -> e", sub("t", "s1 -> a -> e1",
         kind="transaction", attributes='method="##Compensate"'))),
    Pair("a data object of many items that says one", "items", "do", object_of('itemSubjectRef="many"'),
         object_of('itemSubjectRef="many" isCollection="true"')),
    Pair("a data object of one item that says many", "items", "do", object_of('itemSubjectRef="one" '
         'isCollection="true"'), object_of('itemSubjectRef="one"')),
    *(Pair(f"a state that is named {name}", "data_states", "dr", state(name), state("Plan [approved]"))
      for name in ("Plan", "Plan [draft]", "Other [approved]", "approved")),
    Pair("a property of the file", "schema", "pr", beside('<property id="pr"/>'), model('<property id="pr"/>',
         "s -> a -> e")),
    *(Pair(f"a {kind} with {what}", "data", "a", data(spec, kind, association, 'messageRef="m_x"'),
           model("s -> a -> e", f'<{kind} id="a" messageRef="m_x"/>')) for kind, what, spec, association in CARRIED),
    *(Pair(f"a task whose data {what}", "data", "a", data(spec), LINE) for what, spec in (
        ("is of many items and says one", taken('id="di" itemSubjectRef="many"')),
        ("is in no set", '<dataInput id="di"/><inputSet/><outputSet/>'),
        ("comes out in no set", '<dataOutput id="do1"/><inputSet/><outputSet/>'),
        ("is optional and not listed", taken('id="di"', inside="<optionalInputRefs>di2</optionalInputRefs>").replace(
            "<inputSet>", '<dataInput id="di2"/><inputSet>')),
        ("is taken on the way and not listed", taken('id="di"', inside="<whileExecutingInputRefs>di2"
         "</whileExecutingInputRefs>").replace("<inputSet>", '<dataInput id="di2"/><inputSet>')),
        ("has sets that do not name each other", taken('id="di"', inside="<outputSetRefs>o1</outputSetRefs>",
         sets='<outputSet id="o1"/>')),
        ("has sets that only the other names", given("<inputSetRefs>i1</inputSetRefs>")),
        ("may come out and is not listed", given("<optionalOutputRefs>do2</optionalOutputRefs>")),
        ("comes out on the way and is not listed", given("<whileExecutingOutputRefs>do2</whileExecutingOutputRefs>")))),
    *(Pair(f"data from {what}", "data", "a", data(taken('id="di" itemSubjectRef="one"'),
           joined=f"<dataInputAssociation>{sources}<targetRef>di</targetRef></dataInputAssociation>"), LINE)
      for what, sources in (("an object of another item", "<sourceRef>do</sourceRef>"),
                            ("two objects", "<sourceRef>do</sourceRef><sourceRef>pr</sourceRef>"))),
    Pair("data changed by nothing", "contents", "a", data(taken('id="di"'), joined="<dataInputAssociation><sourceRef>do"
         "</sourceRef><targetRef>di</targetRef><transformation/></dataInputAssociation>"), LINE),
    Pair("a sub-process with data", "data", "sub", model("s -> sub -> e", sub("sub", "s1 -> b -> e1",
         marker="<ioSpecification><inputSet/><outputSet/></ioSpecification>")), model("s -> sub -> e",
         sub("sub", "s1 -> b -> e1"))),
    *(Pair(f"data of {what} that a script names", "own_data", "n", model("s -> sub -> k -> e", script("k", "trace n"),
           sub("sub", "s1 -> b -> e1", *parts, marker=marker)), model(OWN, "s -> sub -> k -> e", script("k", "trace n"),
           sub("sub", "s1 -> b -> e1"))) for what, marker, parts in (
          ("a sub-process", OWN, ()), ("a sub-process, drawn,", "", ('<dataObject id="n"/>',)),
          ("a task", "", (script("b", "set n = 1", inner=OWN),)), ("an event", "", (end("e1", OWN),)))),
    Pair("data of a called process that a script names", "own_data", "n", around(process("P", CALL.format("Q"),
         "s -> c -> k -> e", script("k", "trace n")), process("Q", OWN, "s1 -> a -> e1")), around(process("P", OWN,
         CALL.format("Q"), "s -> c -> k -> e", script("k", "trace n")), CALLED)),
    Pair("data into an input of the process", "data", "P", model("<ioSpecification><dataInput id='di'/><inputSet>"
         "<dataInputRefs>di</dataInputRefs></inputSet><outputSet/></ioSpecification>", "s -> a -> e"), LINE),
    *(Pair(f"{what} event that holds data", "data", "z", event_with(kind, definition, more), model("s -> z -> e",
           (throw if kind == "dataInput" else catch)("z", definition)))
      for what, kind, definition, more in (
          ("a throwing", "dataInput", message("x"), ""), ("a catching", "dataOutput", signal("x"), ""),
          ("a catching, two-fold", "dataOutput", signal("x"), '<dataOutput id="d2"/>'))),
    Pair("a call with data", "data", "c", around(process("P", '<callActivity id="c" calledElement="Q"><ioSpecification>'
         '<dataInput id="di"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet/></ioSpecification>'
         "</callActivity>", "s -> c -> e"), CALLED), around(process("P", CALL.format("Q"), "s -> c -> e"), CALLED)),
    Pair("a call of what wants data", "data", "Q", around(process("P", CALL.format("Q"), "s -> c -> e"), CALLED.replace(
         "<startEvent", '<ioSpecification><dataInput id="di"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet>'
         "<outputSet/></ioSpecification><startEvent", 1)), around(process("P", CALL.format("Q"), "s -> c -> e"),
         CALLED)),
    *(Pair(f"a {kind} offered as a service", "contents", "G", around('<message id="m_x"/>', INTERFACE, process("P",
           CALL.format("G"), "s -> c -> e"), f'<{kind} id="G"><supportedInterfaceRef>if</supportedInterfaceRef>{inner}'
           f"</{kind}>").replace(b'<message id="m_x" name="x" />', b""), around(process("P", CALL.format("G"),
           "s -> c -> e"), f'<{kind} id="G">{inner}</{kind}>'))
      for kind, inner in (("globalScriptTask", "<script>trace 1</script>"),
                          ("process", PASSED))),
    Pair("a performer named and told", "performers", "r", performed(f"{NAMED}{TOLD}"), performed(NAMED)),
    Pair("a performer asked by nobody's parameters", "performers", "r", performed('<resourceParameterBinding '
         f'parameterRef="rp">{SAID}</resourceParameterBinding>{TOLD}'), performed(TOLD)),
    Pair("messages told apart by a key", "collaborations", "ck", beside(
         '<message id="m_x"/><correlationProperty id="cp"><correlationPropertyRetrievalExpression messageRef="m_x">'
         "<messagePath/></correlationPropertyRetrievalExpression></correlationProperty>"
         '<collaboration id="co"><correlationKey id="ck"><correlationPropertyRef>cp</correlationPropertyRef>'
         "</correlationKey></collaboration>").replace(b'<message id="m_x" name="x" />', b""), LINE),
    Pair("a subscription to a key", "contents", "P", around(
         '<message id="m_x"/><collaboration id="co"/>', process("P", "s -> a -> e").replace("</process>",
         '<correlationSubscription correlationKeyRef="ck"/></process>')).replace(b'<message id="m_x" name="x" />', b""),
         LINE),
    *(Pair(f"a file of {what}", "collaborations", element, around(text), LINE) for what, text, element in (
        ("a conversation that refers to a choreography", CONVERSATION, "gc"),
        ("a choreography that refers to another", CHOREOGRAPHIES, "ch"),
        ("a conversation with notes", f'<globalConversation id="gc">{NOTE}</globalConversation>', "gc"))),
    Pair("a closed collaboration of an open choreography", "collaborations", "ch", beside(
         '<collaboration id="co" isClosed="true"><choreographyRef>ch</choreographyRef></collaboration>'
         '<choreography id="ch" isClosed="false"/>'), LINE),
    *(Pair(f"a {kind} in {where}", "kinds", "z", draw(f'<{kind} id="z" initiatingParticipantRef="pa"><participantRef>pa'
           f"</participantRef></{kind}>"), right)
      for kind in ("choreographyTask", "subChoreography", "callChoreography")
      for where, draw, right in (
          ("the process", lambda task: model("s -> z -> e", task), LINE),
          ("a sub-process", lambda task: model("s -> sub -> e", sub("sub", "s1 -> z -> e1", task)),
           model("s -> sub -> e", sub("sub", "s1 -> b -> e1"))))),
    Pair("a signal made of an event", "targets", "sig_x", *(model("s -> th -> e", throw("th", signal("x"))).replace(
         b'<signal id="sig_x"', b'<signal structureRef="%s" id="sig_x"' % made) for made in (b"th", b"Text"))),
    Pair("a lane of what is not there", "targets", "la", model('<laneSet id="ls"><lane id="la" '
         'partitionElementRef="gone"><flowNodeRef>a</flowNodeRef></lane></laneSet>', "s -> a -> e"),
         model('<laneSet id="ls"><lane id="la"><flowNodeRef>a</flowNodeRef></lane></laneSet>', "s -> a -> e")),
    Pair("an operation that is not there", "targets", "z", model("s -> z -> e", catch("z",
         '<messageEventDefinition messageRef="m_x"><operationRef>gone</operationRef></messageEventDefinition>')),
         model("s -> z -> e", catch("z", message("x")))),
    *(Pair(f"two {kind}s of one name", "messages", f"{kind}_2", named_twice(kind, "x"), named_twice(kind, "y"))
      for kind in ("message", "signal")),
    Pair("an undoing on an edge that names nothing", "targets", "u_b", UNDOING.replace(UNDO, UNDO.replace(b"/>",
         b' activityRef="gone"/>'), 1), UNDOING),
    Pair("an undoing that names no activity", "compensation", "th", model("s -> a -> th -> e", throw("th",
         compensate("s"))), model("s -> a -> th -> e", throw("th", compensate("a")))),
]  # fmt: skip
