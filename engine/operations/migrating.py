"""Letting running instances go on under a newer definition: tasks, dates, drafts and answers stay as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import activities, deployments, jobs, step_windows, user_tasks
from engine.actor import Actor
from engine.contexts import before_start
from engine.deployments import Deployed
from engine.errors import NotPossible
from engine.operating import ensure_may_operate, why
from engine.operations.common import Preview, concerned, counted, day_of, listed, name_of, sentence, tasks_in_words
from engine.operations.mapping import adopted, obstacles
from engine.process_instances import start_value
from engine.rules import calendar
from engine.rules.user_task_spec import UserTaskSpec
from engine.running import Run, lock, peek
from engine.settle import settle
from engine.store.database import Tx
from engine.store.tables import definition, draft, instance, job, user_task
from engine.texts import Text

LIVE = ("active", "suspended")


def behind(tx: Tx, key: str) -> list[int]:
    """Live instances of the process that run an older definition than the newest, oldest first. Raises NotFound."""
    newest = deployments.latest(tx, key)
    older = tx.rows(sa.select(definition.c.id).where(definition.c.key == key, definition.c.version < newest.version))
    if not older:
        return []  # without looking at very many instances of another process
    query = sa.select(instance.c.id).where(instance.c.key == key, instance.c.state.in_(LIVE))
    of_older = query.where(instance.c.definition_id.in_([row.id for row in older]))
    return [row.id for row in tx.rows(of_older.order_by(instance.c.id))]


def preview_migrate(tx: Tx, instance_id: int, *, to: Deployed | None = None, by: Actor, now: datetime) -> Preview:
    """What moving to the newest definition (or `to`) would change for whom; with `obstacles` it will be refused.

    Raises NotFound, NotPossible (it runs the newest already, or has ended).
    """
    run = replace(peek(tx, instance_id, now=now), by=by)
    new = _newer(run, to or deployments.latest(tx, run.key))
    return Preview(tuple(_report(tx, run, new)), tuple(obstacles(tx, run, new)))


def migrate(tx: Tx, instance_id: int, *, reason: str, to: Deployed | None = None, by: Actor, now: datetime) -> None:
    """Let the instance go on under the newest definition of its process (or `to`). Under it already: no harm.

    Raises NotFound, Forbidden, InvalidInput, NotPossible (ended, or something cannot be mapped: nothing has changed).
    """
    ensure_may_operate(tx, by, now)
    reason, run = why(reason), lock(tx, instance_id, by=by, now=now)
    new = to or deployments.latest(tx, run.key)
    if new.id == run.deployed.id:
        return
    new = _newer(run, new)
    if obstacles(tx, run, new):
        raise NotPossible(reason="cannot_migrate")
    old, moved = run.deployed, replace(run, deployed=new, held=adopted(run, new, now))
    added = {e: w for e, w in new.windows(run.plan_year).items() if e not in run.windows}
    moved.windows.update(added)
    step_windows.keep(tx, run.id, moved.windows)
    _add_variables(tx, moved)
    tx.execute(instance.update().where(instance.c.id == run.id).values(definition_id=new.id))
    for step in activities.live(tx, run.id):
        _carry_over(tx, moved, old, step)
    moved.note(
        tx,
        "instance_migrated",
        {
            "old_version": old.version,
            "new_version": new.version,
            "old": old.sha256,
            "new": new.sha256,
            "reason": reason,
        },
    )
    settle(tx, moved)


def _newer(run: Run, new: Deployed) -> Deployed:
    if run.state not in LIVE:
        raise NotPossible(reason=f"instance_{run.state}")
    if new.version <= run.deployed.version:
        raise NotPossible(reason="nothing_to_migrate")
    return new


def _add_variables(tx: Tx, run: Run) -> None:
    """Variables that the older definition did not have begin as in an instance that starts now."""
    package, variables = run.deployed.package, run.execution.variables
    missing = [name for name in package.variables if name not in variables]
    if missing:
        context = before_start(tx, package, run.key, run.plan_year, run.now, variables)
        variables.update({name: start_value(package.variables[name], context, run.now) for name in missing})


def _carry_over(tx: Tx, run: Run, old: Deployed, step: Any) -> None:
    """Open rows take the new form's name; reminders are planned anew if the new version plans others."""
    before, spec = old.tasks[step.element_id], run.deployed.tasks[step.element_id]
    if spec.form != before.form:
        tx.execute(
            user_task.update()
            .where(user_task.c.activity_id == step.id, user_task.c.state == "open")
            .values(form=spec.form)
        )
    if step.state != "open":
        return
    if _waits_no_more(step, before, spec):
        user_tasks.advance_if_last(tx, step, run.now)
    if (spec.reminders, spec.escalations) == (before.reminders, before.escalations):
        return
    overdue = sa.and_(job.c.activity_id == step.id, job.c.state == "due", job.c.kind == "overdue")
    was_late = tx.scalar(sa.select(sa.func.count()).where(overdue)) == 0
    jobs.cancel_notices(tx, step.id)
    activities.schedule_notices(tx, run, step, spec)
    if was_late:
        tx.execute(job.update().where(overdue).values(state="cancelled"))


def _waits_no_more(step: Any, before: UserTaskSpec, after: UserTaskSpec) -> bool:
    """Whether the open step goes on as soon as all have answered, and waited for its last day before."""
    return step.state == "open" and step.multi and after.completes == "when-all" != before.completes


def _report(tx: Tx, run: Run, new: Deployed) -> list[Text]:
    said = [
        sentence(
            "{name} flyttas från version {old} till version {new} av processen.",
            "{name} moves from version {old} to version {new} of the process.",
            name=name_of(run), old=run.deployed.version, new=new.version,
        )
    ]  # fmt: skip
    for step in activities.live(tx, run.id):
        if step.element_id in new.tasks:
            said += _about_step(tx, run, new, step)
    said += _about_tasks(run, new)
    said += _about_dates(run, new)
    said.append(
        Text("Svar, underlag, utkast och historik ligger kvar. Ingen får något meddelande.",
             "Answers, records, drafts and history stay. Nobody is sent a message.")
    )  # fmt: skip
    return said


def _about_step(tx: Tx, run: Run, new: Deployed, step: Any) -> list[Text]:
    spec = new.tasks[step.element_id]
    title = spec.title.fill(run.names())
    tasks = tx.rows(
        sa.select(user_task)
        .where(user_task.c.activity_id == step.id, user_task.c.state == "open")
        .order_by(user_task.c.id)
    )
    if not tasks and _waits_no_more(step, run.deployed.tasks[step.element_id], spec):
        return [
            sentence(
                "”{title}”: alla har svarat, så processen går vidare utan att vänta på sista dagen.",
                "“{title}”: all have answered, so the process goes on without waiting for the last day.",
                title=title,
            )
        ]
    if not tasks:
        return []
    said = [
        sentence(
            "”{title}”: {tasks} följer med, och sista dagen {day} ligger kvar. Det gäller {people}.",
            "“{title}”: {tasks} come along, and the last day {day} stays. This concerns {people}.",
            title=title, tasks=tasks_in_words(len(tasks)), day=day_of(step.due_at),
            people=listed(list(concerned(tx, tasks, run.now).values())),
        )
    ]  # fmt: skip
    written = tx.scalar(
        sa.select(sa.func.count())
        .select_from(draft)
        .join(user_task, user_task.c.id == draft.c.task_id)
        .where(user_task.c.activity_id == step.id, user_task.c.state == "open")
    )
    old_form = run.deployed.package.forms[run.deployed.tasks[step.element_id].form]
    if spec.form in new.package.forms and new.package.forms[spec.form].source != old_form.source:
        said.append(
            sentence(
                "Formuläret för ”{title}” är ett annat. {drafts} visas i det nya formuläret.",
                "The form of “{title}” is another. {drafts} are shown in the new form.",
                title=title, drafts=counted(written, ("utkast", "draft"), ("utkast", "drafts")),
            )
        )  # fmt: skip
    elif written:
        said.append(
            sentence("{drafts} följer med.", "{drafts} come along.",
                     drafts=counted(written, ("utkast", "draft"), ("utkast", "drafts")))
        )  # fmt: skip
    return said


def _about_tasks(run: Run, new: Deployed) -> list[Text]:
    added = [e for e in new.model.order() if e in new.tasks and e not in run.deployed.tasks]
    gone = [e for e in run.deployed.model.order() if e in run.deployed.tasks and e not in new.tasks]
    said = []
    if added:
        said.append(
            sentence("Nya uppgifter längre fram: {added}.", "New tasks further on: {added}.",
                     added=listed([new.element_name(e) for e in added]))
        )  # fmt: skip
    if gone:
        said.append(
            sentence("Uppgifter som inte längre kommer: {gone}.", "Tasks that no longer come: {gone}.",
                     gone=listed([run.deployed.element_name(e) for e in gone]))
        )  # fmt: skip
    return said


def _about_dates(run: Run, new: Deployed) -> list[Text]:
    """Dates stay; where the newer version would give others, both are named."""
    return [
        sentence(
            "Sista dagen för {name} ligger kvar, {kept}. Den nya versionen säger {other}.",
            "The last day of {name} stays, {kept}. The new version says {other}.",
            name=new.element_name(e), kept=day_of(run.windows[e].closes), other=day_of(window.closes),
        )
        for e, window in new.windows(run.plan_year).items()
        if e in run.windows and calendar.civil(window.closes) != calendar.civil(run.windows[e].closes)
    ]  # fmt: skip
