"""Whole models in a few words: flows as text, elements that are not drawn are guessed from their ids.

`s…` starts, `e…` ends, `x…`, `p…`, `o…` and `v…` are exclusive, parallel, inclusive and event-based gateways (each
a letter and perhaps a digit); every other id is a script task that traces its own id.
"""

from __future__ import annotations

import re

from support.bpmn_drawing import HEAD, XSI, flows

GUESSED = {
    "s": "startEvent", "e": "endEvent", "x": "exclusiveGateway", "p": "parallelGateway", "o": "inclusiveGateway",
    "v": "eventBasedGateway",
}  # fmt: skip
DECLARED = {"m": "message", "sig": "signal", "err": "error", "esc": "escalation"}
CODES = {"error": 'errorCode="{0}"', "escalation": 'escalationCode="{0}"'}


def body(*parts: str) -> str:
    """The elements of one scope: XML as it stands, flows drawn, what they name and nobody drew guessed."""
    drawn = "\n".join(part for part in parts if part.startswith("<"))
    lines = [part for part in parts if not part.startswith("<")]
    known = set(re.findall(r' id="([^"]+)"', drawn))
    named = [name.strip() for line in lines for name in line.partition(":")[0].split("->")]
    missing = [name for name in dict.fromkeys(named) if name not in known]
    artifacts = re.findall(r"<association [^>]*/>", drawn)
    for artifact in artifacts:
        drawn = drawn.replace(artifact, "")
    return "\n".join([drawn, *(guess(name) for name in missing), flows(*lines), *artifacts])


def guess(name: str) -> str:
    kind = GUESSED.get(name[0]) if re.fullmatch(r"[a-z]\d?", name) else None
    return script(name) if kind is None else f'<{kind} id="{name}"/>'


def model(*parts: str, more: str = "") -> bytes:
    """A file with one executable process `P`; `more` stands beside it."""
    return around(process("P", *parts), more)


def around(*content: str) -> bytes:
    """A file with what is given, and a declaration of every message, signal, error and escalation in it."""
    text = "\n".join(content)
    declared = []
    for prefix, kind in DECLARED.items():
        for name in sorted(set(re.findall(rf'"{prefix}_(\w+)"', text))):
            code = CODES.get(kind, "").format(name)
            declared.append(f'<{kind} id="{prefix}_{name}" name="{name}" {code}/>')
    return (HEAD + "".join(declared) + text + "</definitions>").encode()


def process(name: str, *parts: str, executable: str = "true") -> str:
    return f'<process id="{name}" isExecutable="{executable}">{body(*parts)}</process>'


def script(name: str, *commands: str, inner: str = "", attributes: str = "") -> str:
    text = "\n".join(commands or (f'trace "{name}"',)).replace("&", "&amp;").replace("<", "&lt;")
    return f'<scriptTask id="{name}" {attributes}>{inner}<script>{text}</script></scriptTask>'


def sub(name: str, *parts: str, kind: str = "subProcess", attributes: str = "", marker: str = "") -> str:
    return f'<{kind} id="{name}" {attributes}>{marker}{body(*parts)}</{kind}>'


def handler(name: str, start: str, *parts: str) -> str:
    """An event sub-process."""
    return sub(name, start, *parts, attributes='triggeredByEvent="true"')


def begin(name: str, definition: str, interrupting: bool = True, attributes: str = "") -> str:
    stays = "true" if interrupting else "false"
    return f'<startEvent id="{name}" isInterrupting="{stays}" {attributes}>{definition}</startEvent>'


def start(name: str, definition: str = "") -> str:
    return f'<startEvent id="{name}">{definition}</startEvent>'


def end(name: str, definition: str = "") -> str:
    return f'<endEvent id="{name}">{definition}</endEvent>'


def throw(name: str, definition: str = "") -> str:
    return f'<intermediateThrowEvent id="{name}">{definition}</intermediateThrowEvent>'


def catch(name: str, definition: str, attributes: str = "") -> str:
    return f'<intermediateCatchEvent id="{name}" {attributes}>{definition}</intermediateCatchEvent>'


def edge(name: str, host: str, definition: str, interrupting: bool = True, attributes: str = "") -> str:
    stops = "true" if interrupting else "false"
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{stops}" {attributes}>'
        f"{definition}</boundaryEvent>"
    )


def signal(name: str) -> str:
    return f'<signalEventDefinition signalRef="sig_{name}"/>'


def message(name: str) -> str:
    return f'<messageEventDefinition messageRef="m_{name}"/>'


def error(name: str = "") -> str:
    return f'<errorEventDefinition errorRef="err_{name}"/>' if name else "<errorEventDefinition/>"


def escalation(name: str = "") -> str:
    return f'<escalationEventDefinition escalationRef="esc_{name}"/>' if name else "<escalationEventDefinition/>"


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


def conditional(expression: str) -> str:
    return f"<conditionalEventDefinition><condition {XSI}>{expression}</condition></conditionalEventDefinition>"


def compensate(activity: str = "") -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>' if activity else "<compensateEventDefinition/>"


def undo(activity: str, name: str) -> str:
    """A compensation event on an activity and the script that undoes it."""
    return (
        edge(f"{name}_b", activity, compensate())
        + script(name, attributes='isForCompensation="true"')
        + f'<association id="{name}_a" sourceRef="{name}_b" targetRef="{name}" associationDirection="One"/>'
    )


def after(text: str) -> str:
    return f"<timerEventDefinition><timeDuration {XSI}>{text}</timeDuration></timerEventDefinition>"


def at(text: str) -> str:
    return f"<timerEventDefinition><timeDate {XSI}>{text}</timeDate></timerEventDefinition>"


def cycle(text: str) -> str:
    return f"<timerEventDefinition><timeCycle {XSI}>{text}</timeCycle></timerEventDefinition>"


def many(count: str, completion: str = "", attributes: str = "") -> str:
    done = f"<completionCondition {XSI}>{completion}</completionCondition>" if completion else ""
    return (
        f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality {XSI}>{count}</loopCardinality>{done}"
        "</multiInstanceLoopCharacteristics>"
    )


def complex_gateway(name: str, activation: str = "", attributes: str = "") -> str:
    """`activation`: when it opens; without it, it only splits."""
    inner = f"<activationCondition {XSI}>{activation}</activationCondition>" if activation else ""
    return f'<complexGateway id="{name}" {attributes}>{inner}</complexGateway>'


def loop(condition: str, attributes: str = "") -> str:
    return (
        f"<standardLoopCharacteristics {attributes}><loopCondition {XSI}>{condition}</loopCondition>"
        "</standardLoopCharacteristics>"
    )


CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"
