"""What else a package says: its name, steps, variables, extra tasks and events."""

from __future__ import annotations

from engine.comparing.values import Change, both, matched, other, others
from engine.deployments import Deployed
from engine.rules.business_keys import Column
from engine.rules.packages import Event, FollowOnSpec, Start, Step
from engine.texts import Text

BY_HAND = Start(None, None, None, 1)
OF_PACKAGE = {
    "name": Text("Namn", "Name"),
    "instance_name": Text("Namn på det som startas", "Name of what is started"),
    "guideline": Text("Riktlinje", "Guideline"),
}
OF_START = {
    "at": Text("Startar av sig själv", "Starts by itself"),
    "title": Text("Knappens text", "The button's text"),
    "first_plan_year": Text("Första planår", "First plan year"),
    "every_years": Text("Vart så många år", "Every so many years"),
}
OF_COLUMN = {
    "label": Text("Rubrik", "Label"),
    "kind": Text("Slag", "Kind"),
    "key": Text("Skiljer den ena från den andra", "Tells one from another"),
}
OF_STEP = {
    "name": Text("Namn", "Name"),
    "guideline": Text("Paragraf", "Paragraph"),
    "text": Text("Riktlinjens ord", "The guideline's words"),
}
OF_FOLLOW_ON = {
    "title": Text("Rubrik", "Title"),
    "form": Text("Formulär", "Form"),
    "role": Text("Roll", "Role"),
    "step": Text("Steg", "Step"),
    "due": Text("Sista dag", "Last day"),
}
OF_EVENT = {"title": Text("Rubrik", "Title"), "roles": Text("Roller", "Roles"), "when": Text("Visas när", "Shown when")}


def rest(old: Deployed, new: Deployed) -> list[Change]:
    """The package itself first, then its parts."""
    before, after = old.package, new.package
    found: list[Change] = []
    about = others(before, after, OF_PACKAGE) + others(before.start or BY_HAND, after.start or BY_HAND, OF_START)
    if about:
        found.append(Change("changed", Text("Processen", "The process"), new.key, after.name, tuple(about)))
    found += matched(
        {column.name: column for column in before.columns},
        {column.name: column for column in after.columns},
        Text("Uppgift vid start", "Asked at the start"),
        lambda _id, column: column.label,
        _of_column,
    )
    found += matched(
        {step.id: step for step in before.steps},
        {step.id: step for step in after.steps},
        Text("Steg", "Step"),
        lambda _id, step: step.name,
        _of_step,
    )
    found += matched(
        before.variables,
        after.variables,
        Text("Variabel", "Variable"),
        lambda name, _value: both(name),
        lambda a, b: other(Text("Första värde", "First value"), a, b),
    )
    found += matched(
        before.follow_on,
        after.follow_on,
        Text("Följduppgift", "Follow-on task"),
        lambda _id, each: each.title,
        _of_follow_on,
    )
    found += matched(before.events, after.events, Text("Händelse", "Event"), lambda _id, each: each.title, _of_event)
    if before.audit != after.audit:
        what = Text("Svar på granskarens frågor", "Answers to the auditor's questions")
        found.append(Change("changed", what, "audit.toml", both("audit.toml")))
    return found


def _of_column(old: Column, new: Column) -> list[Text]:
    return others(old, new, OF_COLUMN)


def _of_step(old: Step, new: Step) -> list[Text]:
    return others(old, new, OF_STEP)


def _of_follow_on(old: FollowOnSpec, new: FollowOnSpec) -> list[Text]:
    return others(old, new, OF_FOLLOW_ON)


def _of_event(old: Event, new: Event) -> list[Text]:
    return others(old, new, OF_EVENT)
