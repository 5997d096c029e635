"""Everything that keeps a file from being deployed, found at once."""

from __future__ import annotations

from engine.bpmn import limits, schema
from engine.bpmn.diagram import RUN, TEST, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import executable_processes, read
from engine.bpmn.rules import RULES, deadlocks, identifiers
from engine.bpmn.xml import local


def check(xml: bytes) -> list[Finding]:
    """All findings in the order of the file; an empty list means that the file can be deployed.

    Where ids are missing or used twice, only that is told: every other rule goes by them.
    """
    return examine(xml)[1]


def warnings(xml: bytes) -> list[Finding]:
    """What a file that can be deployed may come to, after some answers and not after others."""
    diagram, findings = examine(xml)
    return [] if findings or diagram is None else list(deadlocks.warn(diagram))


def check_all(xml: bytes, *, scripts: bool = False) -> list[Finding]:
    """What keeps a file from being run as a model, with all its executable processes."""
    return examine_all(xml, TEST if scripts else RUN)[1]


def process_ids(xml: bytes) -> list[str]:
    """The ids of the file's executable processes; none of a file that cannot be read."""
    root, findings = limits.parse(xml)
    if findings or local(root) != "definitions":
        return []
    return [process.get("id", "") for process in executable_processes(root)]


def examine(xml: bytes) -> tuple[Diagram | None, list[Finding]]:
    """The diagram to deploy, when it could be read at all, and its findings."""
    root, findings = limits.parse(xml)
    if findings:
        return None, findings
    processes = executable_processes(root) if local(root) == "definitions" else []
    if len(processes) != 1:
        return None, [_one_process(len(processes))]
    diagram = read(root, processes[0])
    return diagram, _judge([diagram])


def examine_all(xml: bytes, profile: str) -> tuple[list[Diagram], list[Finding]]:
    """The diagrams of all executable processes, and the findings of the whole file."""
    root, findings = limits.parse(xml)
    if findings:
        return [], findings
    processes = executable_processes(root, profile) if local(root) == "definitions" else []
    if not processes:
        return [], [_one_process(0)]
    diagrams = [read(root, process, profile) for process in processes]
    called = {i: d for diagram in diagrams for i, d in diagram.called.items()}
    executable = {d.process_id for d in diagrams}
    return diagrams, _judge([*diagrams, *(d for i, d in called.items() if i not in executable)])


def _judge(diagrams: list[Diagram]) -> list[Finding]:
    found = [finding for diagram in diagrams for finding in identifiers.check(diagram)]
    if not found:  # everything else goes by id
        found = [finding for diagram in diagrams for rule in RULES for finding in rule(diagram)]
    if not found:
        found = list(schema.check(diagrams[0]))
    return sorted(dict.fromkeys(found), key=lambda f: (f.line or 0, f.rule))


def _one_process(count: int) -> Finding:
    return Finding(
        "one_process",
        None,
        None,
        None,
        f"Filen ska ha precis en process som är märkt körbar (isExecutable); den har {count}.",
        f"The file must hold exactly one process marked executable (isExecutable); it holds {count}.",
    )
