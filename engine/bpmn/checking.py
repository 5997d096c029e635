"""Everything that keeps a file from being deployed, found at once."""

from __future__ import annotations

from typing import Any

from engine.bpmn import limits, schema
from engine.bpmn.diagram import BPMN, RUN, TEST, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import executable_processes, read, read_all
from engine.bpmn.rules import OF_THE_FILE, ONCE, RULES, deadlocks, identifiers, references
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import local, reference, tag


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
        return None, [_one_process(root, len(processes))]
    diagram = read(root, processes[0])
    return diagram, _judge([diagram])


def examine_all(xml: bytes, profile: str) -> tuple[list[Diagram], list[Finding]]:
    """The diagrams of all executable processes, and the findings of the whole file: also on processes beside them that
    are only drawn, where a flow hangs loose."""
    root, findings = limits.parse(xml, any_encoding=True)
    if findings:
        return [], findings
    processes = executable_processes(root, profile) if local(root) == "definitions" else []
    if not processes:
        whole = Diagram(root, root, "", None, None, profile)
        return [], [_none_to_run(root), *(finding for rule in OF_THE_FILE for finding in rule(whole))]
    diagrams = read_all(root, processes, profile)
    called = {i: d for diagram in diagrams for i, d in diagram.called.items()}
    executable = {d.process_id for d in diagrams}
    found = _judge([*diagrams, *(d for i, d in called.items() if i not in executable)])
    drawn = [p for p in root.iterchildren(tag("process")) if p not in processes and p.get("id") not in called]
    return diagrams, found or [f for other in read_all(root, drawn, profile) for f in references.check(other)]


FOLLOWING = frozenset({"flow_lists", "dead_ends", "reachability"})
"""Rules that find what is only so because a flow hangs loose."""


def _judge(diagrams: list[Diagram]) -> list[Finding]:
    found = [finding for diagram in diagrams for finding in identifiers.check(diagram)]
    if not found:  # everything else goes by id
        asked = [
            (rule, diagram) for diagram in diagrams for rule in RULES if rule not in ONCE or diagram is diagrams[0]
        ]
        found = _without_what_follows(diagrams[0].root, [f for rule, diagram in asked for f in rule(diagram)])
    if all(finding.rule == "kinds" for finding in found):
        found += schema.check(diagrams[0])
    # A flow that hangs loose comes first: it is often why others are found.
    return sorted(dict.fromkeys(found), key=lambda f: (f.rule != "references", f.line or 0, f.rule))


def _without_what_follows(root: Any, found: list[Finding]) -> list[Finding]:
    """Of what a loose flow leads to or from, and of what lists it, only that is told."""
    loose = {finding.element_id for finding in found if finding.rule == "references"}
    flows = [flow for flow in root.iter(tag("sequenceFlow")) if flow.get("id") in loose] if loose else []
    at_ends = {reference(flow.get(name)) for flow in flows for name in ("sourceRef", "targetRef")}
    return [f for f in found if f.rule not in FOLLOWING or f.element_id not in loose | at_ends]


def _none_to_run(root: Any) -> Finding:
    if _holds_none(root):
        return _no_process(root)
    return about_node(
        "one_process",
        next(root.iterchildren(tag("process")), root),
        "Ingen process i filen är märkt körbar (isExecutable). Märk den som ska köras.",
        "No process in the file is marked executable (isExecutable). Mark the one to run.",
    )


def _holds_none(root: Any) -> bool:
    return root.tag != tag("definitions") or root.find(tag("process")) is None


def _no_process(root: Any) -> Finding:
    return about_node(
        "one_process",
        root,
        f"Filen är inte BPMN 2.0 (definitions i namnrymden {BPMN}) med en process. Rita en, och spara som BPMN 2.0.",
        f"The file is not BPMN 2.0 (definitions in the namespace {BPMN}) with a process. Draw one, and save as "
        "BPMN 2.0.",
    )


def _one_process(root: Any, count: int) -> Finding:
    """Named is a process that should be marked, or the last of too many."""
    if _holds_none(root):
        return _no_process(root)
    processes = list(root.iterchildren(tag("process")))
    return about_node(
        "one_process",
        processes[-1] if processes else root,
        f"Filen ska ha precis en process som är märkt körbar (isExecutable); den har {count}.",
        f"The file must hold exactly one process marked executable (isExecutable); it holds {count}.",
    )
