"""Starting a plan year by hand: what it would hand out now, with which last days, before anybody is asked anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine import activities, bpmn, deployments, feel, process_instances
from engine.actor import Actor
from engine.errors import AlreadyExists, InvalidInput
from engine.operating import ensure_may_operate, why
from engine.operations.common import Preview, counted, day_of, name_of, sentence
from engine.rules import business_keys
from engine.running import Run
from engine.store.database import Tx
from engine.texts import Text


def preview_start(tx: Tx, key: str, plan_year: str, *, by: Actor, now: datetime) -> Preview:
    """Raises NotFound, Forbidden, InvalidInput (plan_year: out_of_range, already_started), NotPossible."""
    ensure_may_operate(tx, by, now)
    deployed = deployments.latest(tx, key)
    year = business_keys.year(plan_year)
    try:
        run, cancelled = process_instances.prepared(tx, deployed, year, {}, by=by, now=now)
    except AlreadyExists:
        raise InvalidInput(field="plan_year", reason="already_started", value=str(year)) from None
    said = [sentence("{name} startar nu.", "{name} starts now.", name=name_of(run))]
    warnings: list[Text] = []
    for wait in run.execution.waits():
        if wait.kind == "user_task":
            handed_out, nobody = _asked(tx, run, wait)
            said += handed_out
            warnings += [*nobody, *_late(run, wait)]
    if cancelled:
        said.append(
            sentence(
                "En tidigare omgång är avbruten. Den finns kvar i historiken.",
                "An earlier round was cancelled. It stays in the history.",
            )
        )
    return Preview(tuple(said), warnings=tuple(warnings))


def start(tx: Tx, key: str, plan_year: str, *, reason: str, by: Actor, now: datetime) -> int:
    """The new instance's id. Raises NotFound, Forbidden, InvalidInput, AlreadyExists, NotPossible."""
    ensure_may_operate(tx, by, now)
    deployed = deployments.latest(tx, key)
    year = business_keys.year(plan_year)
    return process_instances.begin(tx, deployed, year, {}, reason=why(reason), by=by, now=now)


def _asked(tx: Tx, run: Run, wait: bpmn.Wait) -> tuple[list[Text], list[Text]]:
    """What the step does at the start, or why it asks nobody."""
    spec, window = run.deployed.tasks[wait.element_id], run.windows[wait.element_id]
    title = spec.title.fill(run.names())
    if window.opens is not None and window.opens > run.now:
        later = sentence(
            "”{title}” öppnar {opens}, med sista dag {due}.",
            "“{title}” opens on {opens}; its last day is {due}.",
            title=title,
            opens=day_of(window.opens),
            due=day_of(window.due),
        )
        return [later], []
    try:
        number = len(activities.participants(tx, run, spec, wait.multi))
    except feel.FeelError as fault:
        return [], [_unknown(title, fault)]
    if number == 0:
        return [], [_passed_over(title) if wait.multi else _unopened(title)]
    at_once = sentence(
        "”{title}” delas ut genast: {tasks}, med sista dag {due}. De som får dem får mejl.",
        "“{title}” is handed out at once: {tasks}; the last day is {due}. Those who get them are sent mail.",
        title=title,
        tasks=counted(number, ("uppgift", "task"), ("uppgifter", "tasks")),
        due=day_of(window.due),
    )
    return [at_once], []


def _unknown(title: Text, fault: feel.FeelError) -> Text:
    return sentence(
        "Ingen kan få ”{title}”: diagrammets regel för vem som ska svara går inte att räkna ut: {rule}. "
        "Steget öppnar inte förrän det tekniska felet är åtgärdat.",
        "Nobody can get “{title}”: the diagram's rule for who is to answer cannot be worked out: {rule}. "
        "The step does not open until the technical fault is mended.",
        title=title,
        rule=fault.expression,
    )


def _passed_over(title: Text) -> Text:
    return sentence(
        "Ingen får ”{title}”: ingen befattning ska svara på det. Steget hoppas över.",
        "Nobody gets “{title}”: no position is to answer it. The step is passed over.",
        title=title,
    )


def _unopened(title: Text) -> Text:
    return sentence(
        "Ingen kan få ”{title}”: det finns ingen befattning som ska svara. "
        "Steget öppnar inte förrän det tekniska felet är åtgärdat.",
        "Nobody can get “{title}”: there is no position to answer it. "
        "The step does not open until the technical fault is mended.",
        title=title,
    )


def _late(run: Run, wait: bpmn.Wait) -> Iterator[Text]:
    title, due = run.deployed.tasks[wait.element_id].title.fill(run.names()), run.windows[wait.element_id].due
    if due < run.now:
        yield sentence(
            "Sista dagen för ”{title}” var {due}. Uppgiften blir sen från början. Flytta sista dagen sedan, så att den "
            "går att svara på i tid.",
            "The last day of “{title}” was {due}. The task is late from the start. Move the last day afterwards, so "
            "that it can be answered in time.",
            title=title,
            due=day_of(due),
        )
