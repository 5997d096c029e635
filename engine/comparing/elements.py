"""Elements and flows of two diagrams, and who does each task, side by side by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.bpmn import Element
from engine.comparing.values import Change, Kind, both, other, others
from engine.deployments import Deployed
from engine.operations.common import sentence
from engine.rules.packages import Role
from engine.rules.user_task_spec import UserTaskSpec
from engine.texts import Text

KINDS = {
    "startEvent": Text("Starthändelse", "Start event"),
    "endEvent": Text("Sluthändelse", "End event"),
    "boundaryEvent": Text("Händelse på kanten", "Boundary event"),
    "intermediateCatchEvent": Text("Väntande händelse", "Catching event"),
    "intermediateThrowEvent": Text("Sändande händelse", "Throwing event"),
    "userTask": Text("Användaruppgift", "User task"),
    "serviceTask": Text("Tjänsteuppgift", "Service task"),
    "subProcess": Text("Delprocess", "Sub-process"),
    "exclusiveGateway": Text("Exklusiv gateway", "Exclusive gateway"),
    "parallelGateway": Text("Parallell gateway", "Parallel gateway"),
    "inclusiveGateway": Text("Inklusiv gateway", "Inclusive gateway"),
}
SUPERIOR = Text("Påminnelse till överordnad chef", "Reminder to the superior manager")
FLOW = Text("Flöde", "Flow")
OF_ELEMENT = {
    "lane": Text("Bana", "Lane"),
    "parent": Text("Delprocess", "Sub-process"),
    "attached_to": Text("Sitter på", "Attached to"),
    "timer": Text("Tid", "Time"),
    "message": Text("Meddelande", "Message"),
    "interrupting": Text("Avbryter", "Interrupts"),
    "multi": Text("Går till flera", "Goes to several"),
    "loop": Text("Upprepas", "Repeats"),
    "repetition": Text("Upprepning", "Repetition"),
    "default": Text("Standardflöde", "Default flow"),
    "definitions": Text("Händelsens innehåll", "What the event is about"),
    "documentation": Text("Beskrivning", "Description"),
}
OF_TASK = {
    "form": Text("Formulär", "Form"),
    "step": Text("Steg", "Step"),
    "title": Text("Rubrik", "Title"),
    "guideline": Text("Paragraf i riktlinjen", "Paragraph of the guideline"),
    "completes": Text("Blir klar", "Completes"),
    "at_close": Text("Utkast när svarstiden är slut", "Drafts at the close"),
    "decides": Text("Är ett beslut", "Is a decision"),
    "where": Text("Vilka som är med", "Who takes part"),
}
SAME_NAME = Text(
    "Elementet har ett annat id än förut. Det som pågår och har kommit dit kan inte byta version.",
    "The element has another id than before. What is under way and has come there cannot change version.",
)


def elements(old: Deployed, new: Deployed) -> list[Change]:
    """In the order of the new diagram, what was taken away last."""
    before, after = old.model.elements, new.model.elements
    found: list[Change] = []
    for element_id in new.model.order():
        if element_id in before:
            found += _changed(old, new, element_id)
        else:
            found.append(_added(before, after, after[element_id]))
    gone = [before[element_id] for element_id in old.model.order() if element_id not in after]
    return found + [Change("removed", _kind(each), each.id, _name(each)) for each in gone]


def _kind(element: Element) -> Text:
    return KINDS.get(element.kind, both(element.kind))


def _name(element: Element) -> Text:
    return both(element.name or element.id)


def _added(before: Mapping[str, Element], after: Mapping[str, Element], element: Element) -> Change:
    """New; or one that was there under another id, which a reader would take for the same."""
    alike = [
        each
        for each in before.values()
        if each.id not in after and each.name and (each.name, each.kind) == (element.name, element.kind)
    ]
    change = Change("added", _kind(element), element.id, _name(element))
    return replace(change, details=(SAME_NAME,)) if alike else change


def _changed(old: Deployed, new: Deployed, element_id: str) -> list[Change]:
    before, after = old.model.elements[element_id], new.model.elements[element_id]
    details = other(Text("Slag", "Kind"), _kind(before), _kind(after)) if before.kind != after.kind else []
    details += others(before, after, OF_ELEMENT)
    if element_id in old.tasks and element_id in new.tasks:
        details += others(old.tasks[element_id], new.tasks[element_id], OF_TASK)
    renamed = other(Text("Namn", "Name"), before.name, after.name)
    if not renamed and not details:
        return []
    kind: Kind = "changed" if details else "renamed"
    return [Change(kind, _kind(after), element_id, _name(after), (*renamed, *details))]


def flows(old: Deployed, new: Deployed) -> list[Change]:
    """Sequence flows by their ids, told by what they lead from and to."""
    before = {flow[0]: flow for flow in old.model.flows}
    after = {flow[0]: flow for flow in new.model.flows}
    found = []
    for flow_id, flow in after.items():
        if flow_id not in before:
            found.append(Change("added", FLOW, flow_id, _way(new, flow)))
        elif flow != before[flow_id]:
            earlier = before[flow_id]
            details = other(Text("Väg", "Way"), _way(old, earlier), _way(new, flow))
            details += other(Text("Namn", "Name"), earlier[3], flow[3])
            details += other(Text("Villkor", "Condition"), earlier[4], flow[4])
            found.append(Change("changed", FLOW, flow_id, _way(new, flow), tuple(details)))
    return found + [
        Change("removed", FLOW, flow_id, _way(old, flow)) for flow_id, flow in before.items() if flow_id not in after
    ]


def _way(deployed: Deployed, flow: tuple[str, str, str, str | None, str | None]) -> Text:
    names = [_name(deployed.model.elements[end]) for end in flow[1:3]]
    return sentence("Från ”{a}” till ”{b}”", "From “{a}” to “{b}”", a=names[0], b=names[1])


def roles(old: Deployed, new: Deployed) -> list[Change]:
    """Who does each task, and who is told when it is late; and the process's own role."""
    found = []
    for element_id, spec in new.tasks.items():
        before = old.tasks.get(element_id)
        if before is None:
            continue
        details = other(Text("Utförs av", "Done by"), _named(old, before.roles), _named(new, spec.roles))
        details += other(
            Text("Påminnelse till överordnad chef", "Reminder to the superior manager"),
            _told(old, before),
            _told(new, spec),
        )
        if details:
            name = _name(new.model.elements[element_id])
            found.append(Change("changed", KINDS["userTask"], element_id, name, tuple(details)))
    owners = other(Text("Leds av", "Led by"), _named(old, (old.package.owner,)), _named(new, (new.package.owner,)))
    if owners:
        found.append(Change("changed", Text("Processen", "The process"), new.key, new.package.name, tuple(owners)))
    return found


def _named(deployed: Deployed, ids: tuple[str, ...]) -> Text:
    known: Mapping[str, Role] = deployed.package.roles
    superior = Text("överordnad chef", "the superior manager")
    texts = [
        superior if each == "superior" else Text(known[each].sv, known[each].en) if each in known else both(each)
        for each in ids
    ]
    return Text(", ".join(text.sv for text in texts), ", ".join(text.en for text in texts))


def _told(deployed: Deployed, spec: UserTaskSpec) -> Text:
    lines = [(_named(deployed, each.to), each.message or "") for each in spec.escalations]
    return Text(
        "; ".join(" ".join(filter(None, (who.sv, message))) for who, message in lines),
        "; ".join(" ".join(filter(None, (who.en, message))) for who, message in lines),
    )
