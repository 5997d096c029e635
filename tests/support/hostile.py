"""Diagrams and zips written with ill will, each by the name of its kind."""

from __future__ import annotations

import io
import random
import stat
import zipfile
from collections.abc import Mapping

from support.world import WORKFLOWS

REAL = (WORKFLOWS / "annual_plan" / "annual_plan.bpmn").read_bytes()
END = b"</bpmn:process>"
DEFINITIONS = b"<bpmn:definitions"
MARK = "<svg onload=alert(1)>"
"""What must never come out of a page as it went in."""


def inside(more: bytes) -> bytes:
    """The real diagram with more in its process."""
    assert END in REAL
    return REAL.replace(END, more + END)


def before(more: bytes) -> bytes:
    """The real diagram with more before its root."""
    return REAL.replace(DEFINITIONS, more + DEFINITIONS, 1)


def _numbered(pattern: bytes, count: int) -> bytes:
    return b"".join(pattern % ((i,) * pattern.count(b"%d")) for i in range(count))


def diagrams(web: str, file: str) -> dict[str, bytes]:
    """Every kind. Some name an address (`web`) and a file's path (`file`) that nobody may ask for."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10))
    asks = f'"{web}/asked"'.encode()
    entity = b"<!DOCTYPE d [<!ENTITY %s SYSTEM %s> %s]>"
    return {
        "empty": b"",
        "white space": b" \n\t" * 1000,
        "no xml": b"not a diagram",
        "doctype": before(b"<!DOCTYPE d>"),
        "doctype from an address": before(b"<!DOCTYPE d SYSTEM " + asks + b">"),
        "entity of a file": before(f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{file}">]>'.encode()),
        "entity of an address": before(entity % (b"x", asks, b"")).replace(b"Insamling", b"&x;"),
        "parameter entity": before(entity % (b"% x", asks, b"%x;")),
        "a billion laughs": before(b"<!DOCTYPE d [" + laughs + b"]>").replace(b'name="', b'name="&l9;', 1),
        "entity without doctype": inside(b'<bpmn:task id="q" name="&unknown;"/>'),
        "xinclude of a file": inside(
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{file}" parse="text"/>'.encode()
        ),
        "xinclude of an address": inside(
            b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href=' + asks + b"/>"
        ),
        "stylesheet": before(b'<?xml-stylesheet type="text/xsl" href=' + asks + b"?>"),
        "schema from an address": REAL.replace(
            DEFINITIONS,
            b'<bpmn:definitions xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL '
            + f'{web}/asked"'.encode(),
            1,
        ),
        "import of an address": REAL.replace(
            b"<bpmn:process", b'<bpmn:import importType="x" namespace="x" location=' + asks + b"/><bpmn:process", 1
        ),
        "base of an address": inside(f'<a xml:base="{web}/asked"/>'.encode()),
        "very deep": inside(b"<a>" * 30_000 + b"</a>" * 30_000),
        "deep sub-processes": inside(_numbered(b'<bpmn:subProcess id="q%d">', 200) + b"</bpmn:subProcess>" * 200),
        "a million nodes": inside(b"<a/>" * 1_000_000),
        "many empty nodes": inside(b"<a/>" * 230_000),
        "many tasks": inside(_numbered(b'<bpmn:task id="q%d"/>', 30_000)),
        "tasks up to the limit": inside(_numbered(b'<bpmn:task id="q%d"/>', 4_800)),
        "many messages": inside(_numbered(b'<bpmn:message id="q%d"/>', 25_000)),
        "many duplicate ids": inside(b'<bpmn:message id="q"/>' * 25_000),
        "many lanes of nothing": inside(
            b'<bpmn:laneSet id="q">'
            + _numbered(b'<bpmn:lane id="q%d"><bpmn:flowNodeRef>x%d</bpmn:flowNodeRef></bpmn:lane>', 9_000)
            + b"</bpmn:laneSet>"
        ),
        "a tangle of gateways": inside(_tangle(2_400)),
        "events on each other": inside(
            b"".join(
                b'<bpmn:boundaryEvent id="q%d" attachedToRef="q%d"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>'
                % (i, (i + 1) % 4_000)
                for i in range(4_000)
            )
        ),
        "many attributes": inside(b"<a " + _numbered(b'a%d="" ', 60_000) + b"/>"),
        "many namespaces": inside(_numbered(b'<a%d xmlns:n%d="urn:%d"/>', 20_000)),
        "a name of 900,000 letters": inside(b'<bpmn:task id="q" name="' + b"x" * 900_000 + b'"/>'),
        "an id of 100,000 letters": inside(b'<bpmn:task id="' + b"q" * 100_000 + b'"/>'),
        "duplicate ids": inside(b'<bpmn:task id="collection"/>'),
        "a flow to nothing": inside(b'<bpmn:sequenceFlow id="q" sourceRef="collection" targetRef="nothing"/>'),
        "a default that is no flow": REAL.replace(b'default="', b'default="nothing_', 1),
        "a message of nothing": inside(b'<bpmn:receiveTask id="q" messageRef="nothing"/>'),
        "data of nothing in two sub-processes": inside(
            b'<bpmn:subProcess id="q"><bpmn:subProcess id="r"><bpmn:dataObjectReference id="d" dataObjectRef="none"/>'
            b"</bpmn:subProcess></bpmn:subProcess>"
        ),
        "a process that calls itself": inside(b'<bpmn:callActivity id="q" calledElement="annual_plan"/>'),
        "utf-7": REAL.replace(b"UTF-8", b"UTF-7", 1),
        "utf-16": REAL.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16"),
        "utf-16 that says utf-8": REAL.decode().encode("utf-16"),
        "utf-32": REAL.decode().replace("UTF-8", "UTF-32", 1).encode("utf-32"),
        "latin-1": REAL.decode().replace("UTF-8", "ISO-8859-1", 1).encode("latin-1", "replace"),
        "ebcdic": REAL.decode().replace("UTF-8", "cp037", 1).encode("cp037", "replace"),
        "an encoding that nobody has": REAL.replace(b"UTF-8", b"x-nobody", 1),
        "nul": inside(b'<bpmn:task id="q" name="\0"/>'),
        "nul as an entity": inside(b'<bpmn:task id="q" name="&#0;"/>'),
        "bytes that are no text": inside(b'<bpmn:task id="q" name="\xff\xfe\xfa"/>'),
        "a script": inside(
            b'<bpmn:scriptTask id="q"><bpmn:script>__import__("os").system("id")</bpmn:script></bpmn:scriptTask>'
        ),
        "a script before and after": REAL.replace(
            b"<bpmn:extensionElements>",
            b'<bpmn:extensionElements><s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
            b"exit()</s:preScript>",
            1,
        ),
        "python as a condition": _condition(b"().__class__.__base__.__subclasses__()"),
        "a condition without end": _condition(b"(" * 9_000 + b"1" + b")" * 9_000),
        "a condition of many lists": _condition(b"[" * 5_000),
        "a condition of powers": _condition(b"9**9**9**9 > 1"),
        "a condition of loops": _condition(b"for " + _numbered(b"x%d in 1..1000, ", 6) + b"y in 1..9 return 1"),
        "javascript as a condition": _condition(b"constructor.constructor('return process')()"),
        "python as a timer": inside(
            b'<bpmn:intermediateCatchEvent id="q"><bpmn:timerEventDefinition><bpmn:timeDate>'
            b'__import__("os").system("id")</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
        ),
        "svg in a name": inside(b'<bpmn:task id="q" name="&lt;svg onload=alert(1)&gt;"/>'),
        "svg as an element": inside(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        "html in an id": inside(b'<bpmn:task id="&lt;svg onload=alert(1)&gt;"/>'),
        "html in a process id": REAL.replace(
            b'process id="annual_plan"', b'process id="&lt;svg onload=alert(1)&gt;"', 1
        ),
        "a template in a name": inside(b'<bpmn:task id="q" name="{{ 7*7 }} {% raw %} ${7*7} %(x)s {x.__class__}"/>'),
        "right to left in a name": inside('<bpmn:task id="q" name="\u202e\u2066\ufeff\ud7ff"/>'.encode()),
        "two processes": REAL.replace(
            b"</bpmn:definitions>", b'<bpmn:process id="q" isExecutable="true"/></bpmn:definitions>'
        ),
        "another root": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "only a head": REAL[:400],
    }  # fmt: skip


def _tangle(count: int) -> bytes:
    flow = b'<bpmn:sequenceFlow id="z%d" sourceRef="q%d" targetRef="q%d"/>'
    flows = b"".join(flow % (i, i * 7 % count, (i * 13 + 1) % count) for i in range(count))
    return _numbered(b'<bpmn:inclusiveGateway id="q%d"/>', count) + flows


def _condition(expression: bytes) -> bytes:
    return inside(
        b'<bpmn:exclusiveGateway id="q"/><bpmn:sequenceFlow id="z" sourceRef="q" targetRef="q">'
        b'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        + expression
        + b"</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )


def damaged(chance: random.Random, content: bytes) -> bytes:
    """The same bytes cut, with bits turned over, or with a part of it written twice or left out."""
    place, length = chance.randrange(len(content)), chance.randrange(1, 300)
    match chance.randrange(5):
        case 0:
            return content[:place]
        case 1:
            changed = bytearray(content)
            for _ in range(chance.choice([1, 1, 4, 40])):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            return bytes(changed)
        case 2:
            return content[:place] + content[place + length :]
        case 3:
            return content[: place + length] + content[place:]
        case _:
            other = chance.randrange(len(content))
            return content[:place] + content[other : other + length] + content[place:]


def zipped(files: Mapping[str, bytes], folder: str = "annual_plan/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return buffer.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    """An entry that is a symbolic link to what is written in it."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry
