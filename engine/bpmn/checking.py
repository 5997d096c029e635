"""Everything that keeps a file from being deployed, found at once."""

from __future__ import annotations

from engine.bpmn import limits, schema
from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import executable_processes, local, read
from engine.bpmn.rules import RULES, identifiers


def check(xml: bytes) -> list[Finding]:
    """All findings in the order of the file; an empty list means that the file can be deployed.

    Where ids are missing or used twice, only that is told: every other rule goes by them.
    """
    return examine(xml)[1]


def examine(xml: bytes) -> tuple[Diagram | None, list[Finding]]:
    """The diagram, when it could be read at all, and its findings."""
    root, findings = limits.parse(xml)
    if findings:
        return None, findings
    processes = executable_processes(root) if local(root) == "definitions" else []
    if len(processes) != 1:
        return None, [_one_process(len(processes))]
    diagram = read(root, processes[0])
    found = list(identifiers.check(diagram))
    if not found:  # everything else goes by id
        found = [finding for rule in RULES for finding in rule(diagram)]
    if not found:
        found = list(schema.check(diagram))
    return diagram, sorted(found, key=lambda f: (f.line or 0, f.rule))


def _one_process(count: int) -> Finding:
    return Finding(
        "one_process",
        None,
        None,
        None,
        f"Filen ska ha precis en process som är märkt körbar (isExecutable); den har {count}.",
        f"The file must hold exactly one process marked executable (isExecutable); it holds {count}.",
    )
