"""Gateways that are refused, with their twins."""

from support.bpmn_models import (
    after,
    catch,
    complex_gateway,
    edge,
    message,
    model,
    signal,
    throw,
)
from support.refused.drawing import (
    LINE,
    Pair,
    directed,
    joined,
    raced,
)

GATEWAYS = [
    Pair("a gateway with one way in and out", "gateways", "x1", model("s -> x1 -> a -> e"), LINE),
    Pair("a gateway that converges by its word alone", "gateways", "z", directed("parallel", "Converging"),
         directed("parallel", "Diverging")),
    Pair("a mixed gateway that only splits", "gateways", "z", directed("parallel", "Mixed"),
         directed("parallel", "Diverging")),
    Pair("a diverging gateway that joins", "gateways", "y", model('<parallelGateway id="y" '
         'gatewayDirection="Diverging"/>', "s -> p1 -> a -> y -> e", "p1 -> b -> y"), model(
         '<parallelGateway id="y" gatewayDirection="Converging"/>', "s -> p1 -> a -> y -> e", "p1 -> b -> y")),
    Pair("a complex gateway that does not say when", "gateways", "k", joined(), joined("activationCount >= 1")),
    Pair("a complex gateway that only splits and says when", "gateways", "k", model(complex_gateway("k", "true"),
         "s -> k", "k -> a: a", "k -> b: b", "a -> e", "b -> e"), model(complex_gateway("k"), "s -> k", "k -> a: a",
         "k -> b: b", "a -> e", "b -> e")),
    Pair("a complex gateway that joins and splits", "gateways", "k", joined("true", "k -> d: c", "k -> f: not(c)",
         "d -> e", "f -> e"), joined("true")),
    Pair("a complex gateway with a condition on its way out", "gateways", "k", joined("true", "k -> d: c", "d -> e"),
         joined("true")),
    Pair("a complex gateway on a loop", "gateways", "k", joined("true", "k -> d -> x1", "x1 -> p1: go",
         "x1 -> e: not(go)", start="s -> x2 -> p1").replace(b'"x1_p1" sourceRef="x1" targetRef="p1"',
         b'"x1_p1" sourceRef="x1" targetRef="x2"'), joined("true", "k -> d -> x1", "x1 -> f: go", "x1 -> e: not(go)",
         "f -> e")),
    Pair("a complex gateway whose condition cannot be read", "expression", "k", joined("count ("),
         joined("activationCount > 1")),
    Pair("an event-based gateway with one way", "gateways", "v", model("s -> v -> ca -> e", "s -> v",
         catch("ca", signal("x"))).replace(b'<sequenceFlow id="s_v"', b'<sequenceFlow id="s_v2"', 1),
         model("s -> v -> ca -> e", "v -> cb -> e", catch("ca", signal("x")), catch("cb", signal("y")))),
    Pair("a task behind an event-based gateway", "gateways", "z", raced(), raced(catch("z", signal("x")))),
    Pair("a throw event behind an event-based gateway", "gateways", "z", raced(throw("z", signal("x"))),
         raced(catch("z", signal("x")))),
    Pair("an event with two ways in behind an event-based gateway", "gateways", "z",
         raced(catch("z", signal("x")), "b -> z"), raced(catch("z", signal("x")))),
    Pair("a message and a receive task behind one gateway", "gateways", "z", raced(
         '<receiveTask id="z" messageRef="m_x"/>', "v -> cc -> a", catch("cc", message("y"))),
         raced('<receiveTask id="z" messageRef="m_x"/>')),
    Pair("a receive task with an event on its edge behind a gateway", "gateways", "z", raced(
         '<receiveTask id="z" messageRef="m_x"/>', edge("bo", "z", after("PT1S")), "bo -> f -> e"),
         raced('<receiveTask id="z" messageRef="m_x"/>')),
    Pair("a condition out of an event-based gateway", "gateways", "z", raced(catch("z", signal("x"))).replace(
         b'id="v_z" sourceRef="v" targetRef="z">', b'id="v_z" sourceRef="v" targetRef="z"><conditionExpression>go'
         b"</conditionExpression>"), raced(catch("z", signal("x")))),
    Pair("an event-based gateway that waits for all", "attributes", "v", raced(catch("z", signal("x")),
         '<eventBasedGateway id="v" eventGatewayType="Parallel"/>'), raced(catch("z", signal("x")),
         '<eventBasedGateway id="v" eventGatewayType="Exclusive"/>')),
    Pair("an event-based gateway that starts the process", "gateways", "v", raced(catch("z", signal("x")),
         '<eventBasedGateway id="v" instantiate="true"/>'), raced(catch("z", signal("x")))),
]  # fmt: skip
