"""Small diagrams in one line each, and a walker that saves and reloads between all steps."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from engine.bpmn import Execution, Model, load

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:arshjul="urn:arshjul:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">\n'
)
XSI = 'xsi:type="tFormalExpression"'
TIMER = "<timerEventDefinition><timeDate>{}</timeDate></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="m_{}"/>'


def file(*parts: str, executable: str = "true") -> bytes:
    """A whole file around the elements of one process; messages are declared for every reference to m_…, errors and
    escalations for those to err and esc with a number."""
    body = "\n".join(parts)
    names = sorted(set(re.findall(r'messageRef="m_(\w+)"', body)))
    messages = "".join(f'<message id="m_{name}" name="{name}"/>' for name in names)
    for kind, code in sorted(set(re.findall(r'(error|escalation)Ref="(e\w\w\d+)"', body))):
        messages += f'<{kind} id="{code}" name="{code}" {kind}Code="{code}"/>'
    process = f'<process id="p" name="P" isExecutable="{executable}">\n{body}\n</process>'
    return f"{HEAD}{messages}{process}</definitions>".encode()


def flows(*lines: str, default: str | None = None) -> str:
    """'a -> b', or 'a -> b: condition'. Ids are a_b; chains 'a -> b -> c' make one flow each."""
    found = []
    for line in lines:
        path, _, condition = line.partition(":")
        ids = [part.strip() for part in path.split("->")]
        inner = f"<conditionExpression {XSI}>{condition.strip()}</conditionExpression>" if condition else ""
        found += [
            f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}">{inner}</sequenceFlow>'
            for a, b in pairwise(ids)
        ]
    return "\n".join(found)


def start(name: str = "s", inner: str = "", attributes: str = "") -> str:
    return f'<startEvent id="{name}" {attributes}>{inner}</startEvent>'


def end(name: str = "e", inner: str = "") -> str:
    return f'<endEvent id="{name}">{inner}</endEvent>'


def user(*names: str) -> str:
    return "".join(f'<userTask id="{name}" name="{name.upper()}"/>' for name in names)


def gateway(kind: str, name: str, attributes: str = "") -> str:
    return f'<{kind}Gateway id="{name}" {attributes}/>'


def boundary(name: str, host: str, inner: str, interrupting: bool = True) -> str:
    cancel = "true" if interrupting else "false"
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}">{inner}</boundaryEvent>'


def timer(text: str) -> str:
    return TIMER.format(text)


def message(name: str) -> str:
    return MESSAGE.format(name)


def lookup(expression: str, variables: dict[str, Any]) -> Any:
    """Stands in for FEEL: 'x' is the value of x, 'not x' its negation, 'x = 3' a comparison."""
    if "=" in expression:
        name, value = expression.split("=")
        return str(variables.get(name.strip())) == value.strip()
    if expression.startswith("not "):
        return not variables[expression[4:]]
    return variables[expression]


class Walk:
    """Drives an instance by element ids; with `reload`, it is saved and restored before every step."""

    def __init__(self, xml: bytes, variables: dict[str, Any] | None = None, reload: bool = False) -> None:
        self.model: Model = load(xml)
        self.reload = reload
        self.visits: list[tuple[str, str]] = []
        self.thrown: list[tuple[str, dict[str, Any]]] = []
        self.now: Execution = self.model.start(variables or {}, lookup)

    def _step(self) -> None:
        if self.reload:
            self.collect()
            blob = self.now.dump()
            self.now = self.model.restore(blob, lookup)
            assert self.now.rewritten() == blob

    def collect(self) -> None:
        self.visits += [(v.element_id, v.what) for v in self.now.visits]
        self.thrown += self.now.thrown
        self.now.visits.clear()
        self.now.thrown.clear()

    def token(self, element_id: str) -> str:
        return next(w.token for w in self.now.waits() if w.element_id == element_id)

    def do(self, element_id: str, **variables: Any) -> Walk:
        self._step()
        self.now.complete(self.token(element_id), variables)
        return self

    def fire(self, element_id: str) -> Walk:
        self._step()
        self.now.fire(self.token(element_id))
        return self

    def hear(self, element_id: str, **variables: Any) -> Walk:
        self._step()
        self.now.correlate(self.token(element_id), variables)
        return self

    @property
    def at(self) -> list[str]:
        """Element ids of what waits, in order."""
        return [w.element_id for w in self.now.waits()]

    @property
    def passed(self) -> list[str]:
        """Elements left so far, in order."""
        self.collect()
        return [element for element, what in self.visits if what == "left"]
