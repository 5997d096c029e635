"""A task's form page: look, draft, check, submit, take back, claim and release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import outcomes, receipts, same_answer, user_tasks
from engine.errors import (
    EngineError,
    InvalidForm,
    KeyReused,
    NotOpenYet,
    NotPossible,
    StaleRevision,
    TakenBySomeoneElse,
    TaskNotOpen,
)
from engine.rules.forms import FieldError
from engine.task_form import TaskForm
from engine.task_form import task_form as form_of
from engine.task_page import TaskPage
from web import dates
from web.context import actor, database, now
from web.errors import note_refusal
from web.messages import Sentence, answered_elsewhere, saved_elsewhere, sentence
from web.permissions import allow
from web.tasklist import formdata
from web.tasklist.blueprint import blueprint
from web.tasklist.form_errors import summary
from web.tasklist.keys import idempotency_key, posted_number
from web.tasklist.reading import echo, read, task_form
from web.words import gettext as _

MISSED = (TaskNotOpen, StaleRevision, TakenBySomeoneElse, NotOpenYet, NotPossible, KeyReused)
BUTTONS = ("_submit", "_key", "_back", "_confirm", "_save", "_version")


@blueprint.get("/tasks/<int:task_id>")
@allow("signed_in")
def task(task_id: int) -> ResponseReturnValue:
    page = read(task_id)
    if page.can_act and (page.state == "open" or request.args.get("change")):
        return form(page)
    with database().page() as tx:
        became = outcomes.of_task(tx, task_id, actor(), now())
    return render_template("tasklist/answer.html", page=page, view=page.view, outcomes=became)


@blueprint.post("/tasks/<int:task_id>")
@allow("signed_in")
def send(task_id: int) -> ResponseReturnValue:
    """One of the form's buttons: a row's, save, back to the form, submit, or submit in spite of departures."""
    asked = task_form(task_id)
    data = formdata.parse(asked.form.components, request.form)
    if action := formdata.row_action(request.form):
        press(asked, action, data)
        return form(read(task_id), data, added=action)
    if "_submit" in request.form or "_confirm" in request.form:
        return submit(asked, data)
    if "_back" in request.form:
        return form(read(task_id), data)
    return save(asked, data)


def press(asked: TaskForm, action: formdata.RowAction, data: dict[str, Any]) -> None:
    """Carry out a row's button; a new row begins with what the form fills in."""
    row = formdata.carry_out(action, data)
    if row is not None:
        path = ".".join([*action.path, str(row)])
        formdata.value_at(data, path).update(asked.new_row(data, path))


def form(
    page: TaskPage,
    data: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    added: formdata.RowAction | None = None,
) -> ResponseReturnValue:
    view = page.view if data is None else page.asked.view(data, errors)
    typed = page.typed if data is None else data
    content = render_template(
        "tasklist/task.html",
        page=page,
        view=view,
        problems=summary(view),
        added=added,
        carried=formdata.carried(view.components, typed),
        key=uuid4().hex,
    )
    return content, 422 if errors else 200


def save(asked: TaskForm, data: Mapping[str, Any]) -> ResponseReturnValue:
    """The draft button, for those who want to be sure; the files' button saves too, so that nothing typed is left."""
    stands, version = True, posted_number("_version")
    try:
        if "_attach" in request.form or ("_copy" in request.form and asked.task.state == "open"):
            stands = keep_typed(asked.task.id, data, version)
        else:
            keep(asked.task.id, data, version)
    except StaleRevision as refusal:
        return missed(asked.task.id, data, refusal, kept=False)
    if "_copy" in request.form and stands:
        return copied(asked.task)
    if "_copy" in request.form:
        flash(_("Skriv något först: det finns inget att kopiera än."), "notice")
        return redirect(url_for("tasklist.task", task_id=asked.task.id))
    if "_attach" in request.form:
        return redirect(url_for("tasklist.task_attachments", task_id=asked.task.id))
    flash(_("Utkastet är sparat. Det är inte inskickat än."), "success")
    return redirect(url_for("tasklist.task", task_id=asked.task.id, change=changing(asked.task.state)))


def keep(task_id: int, data: Mapping[str, Any], version: int | None) -> tuple[int, Any]:
    with database().verb() as tx:
        return user_tasks.save_draft(tx, task_id, data, version=version, by=actor(), now=now())


def keep_typed(task_id: int, data: Mapping[str, Any], version: int | None) -> bool:
    """Whether a draft stands after it: who has changed nothing on the page, and has none, gets none."""
    page = read(task_id)
    if page.kept is None and formdata.same(data, page.typed):
        return False
    keep(task_id, data, version)
    return True


def changing(state: str) -> str | None:
    """The query that keeps the form of an answered task open; None leaves it out."""
    return "1" if state == "completed" else None


def submit(asked: TaskForm, data: dict[str, Any]) -> ResponseReturnValue:
    """Departures are shown first; what was typed is kept as a draft whatever is refused."""
    task_id = asked.task.id
    if asked.can_act and asked.form.warns and "_confirm" not in request.form:
        checked = asked.check(data)
        if checked.errors:
            return refused(task_id, data, checked.errors)
        if checked.warnings:
            return render_template(
                "tasklist/check.html", asked=asked, warnings=checked.warnings, posted=echo(BUTTONS), key=uuid4().hex
            )
    try:
        complete(task_id, data)
    except InvalidForm as refusal:
        return refused(task_id, data, refusal.errors)
    except MISSED as refusal:
        keep(task_id, data, None)
        return missed(task_id, data, refusal)
    return redirect(url_for("tasklist.receipt", task_id=task_id))


def refused(task_id: int, data: Mapping[str, Any], errors: Sequence[FieldError]) -> ResponseReturnValue:
    """What was typed is a draft before it is shown again, so that going away loses nothing."""
    keep_typed(task_id, data, None)
    return form(read(task_id), data, errors)


def complete(task_id: int, data: Mapping[str, Any]) -> user_tasks.Receipt:
    with database().verb() as tx:
        return user_tasks.complete(
            tx, task_id, data, by=actor(), now=now(), key=idempotency_key(), revision=posted_number("_revision")
        )


def copied(task: Any) -> ResponseReturnValue:
    """The draft just saved, as the draft of the reader's other units too."""
    with database().verb() as tx:
        given, left = same_answer.copy_draft(tx, task.id, by=actor(), now=now())
    if given:
        flash(
            _("Svaret är kopierat som utkast till %(units)s. Inget är inskickat än.", units="; ".join(given)), "success"
        )
    if left:
        flash(_("Har redan ett utkast och är som förut: %(units)s.", units="; ".join(left)), "notice")
    if not given and not left:
        flash(_("Ingen annan av dina enheter har kvar att svara."), "notice")
    return redirect(url_for("tasklist.group", instance_id=task.instance_id, element_id=task.element_id))


def missed(task_id: int, data: Mapping[str, Any], refusal: EngineError, *, kept: bool = True) -> ResponseReturnValue:
    """Somebody or something was faster: who and when, the answer as it is now, and what was typed, kept as a draft.

    `kept` is False when another window of the reader's own has saved another draft: then the reader chooses.
    """
    fresh = read(task_id)
    content = render_template(
        "tasklist/missed.html",
        page=fresh,
        view=fresh.asked.view(data),
        said=why_missed(refusal, fresh) if kept else saved_elsewhere(refusal.params),
        kept=kept,
        posted=echo(BUTTONS),
        changing=changing(fresh.state),
    )
    return content, refusal.status


def why_missed(refusal: EngineError, fresh: TaskPage) -> Sentence:
    if isinstance(refusal, StaleRevision) and fresh.asked.task.answered_by == actor().person_id:
        return answered_elsewhere(refusal.params)
    return sentence(refusal)


@blueprint.post("/tasks/<int:task_id>/draft")
@allow("signed_in")
def draft(task_id: int) -> ResponseReturnValue:
    """Autosave. JSON: the new version and a sentence; `stop` when saving again would not help."""
    asked = task_form(task_id)
    data = formdata.parse(asked.form.components, request.form)
    try:
        version, saved_at = keep(task_id, data, posted_number("_version"))
    except StaleRevision as refusal:
        text = _(
            "Du har uppgiften öppen i ett annat fönster, och det sparades %(at)s. "
            "Välj Spara utkast för att bestämma vad som gäller.",
            at=dates.clock_time(refusal.params["at"]),
        )
        return jsonify(text=text, stop=True), 409
    except EngineError as refusal:
        if refusal.status in (403, 404):
            note_refusal(refusal.status)
        return jsonify(text=sentence(refusal).text, stop=True), refusal.status
    text = _("Utkast sparat %(at)s", at=dates.clock_time(saved_at))
    if not asked.can_act:
        text = _("Uppgiften går inte längre att skicka in. Det du skriver sparas som utkast.")
    return jsonify(version=version, text=text)


@blueprint.post("/tasks/<int:task_id>/draft/discard")
@allow("signed_in")
def discard(task_id: int) -> ResponseReturnValue:
    """Throw one's own draft away, for the answer that is there."""
    task_form(task_id)
    with database().verb() as tx:
        user_tasks.discard_draft(tx, task_id, by=actor())
    flash(_("Utkastet är borttaget."), "success")
    return redirect(url_for("tasklist.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/view")
@allow("signed_in")
def view(task_id: int) -> ResponseReturnValue:
    """The form's questions for what has been typed so far; with a row's button, that row added or removed."""
    asked = task_form(task_id)
    data = formdata.parse(asked.form.components, request.form)
    action = formdata.row_action(request.form)
    if action:
        press(asked, action, data)
    fresh = asked.view(data)
    return render_template(
        "tasklist/form_body.html", view=fresh, added=action, carried=formdata.carried(fresh.components, data)
    )


@blueprint.post("/tasks/<int:task_id>/claim")
@allow("signed_in")
def claim(task_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        user_tasks.claim(tx, task_id, by=actor(), now=now())
    flash(_("Du har tagit uppgiften. De andra ser att du svarar."), "success")
    return redirect(url_for("tasklist.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/release")
@allow("signed_in")
def release(task_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        user_tasks.release(tx, task_id, by=actor(), now=now())
    flash(_("Du har släppt uppgiften. Vem som helst av er kan svara."), "success")
    return redirect(url_for("tasklist.inbox"))


@blueprint.post("/tasks/<int:task_id>/take-back")
@allow("signed_in")
def take_back(task_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        user_tasks.take_back(tx, task_id, by=actor(), now=now())
    flash(_("Svaret är tillbakataget. Det du skrev finns kvar som utkast."), "success")
    return redirect(url_for("tasklist.task", task_id=task_id))


@blueprint.get("/tasks/<int:task_id>/receipt")
@allow("signed_in")
def receipt(task_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        asked = form_of(tx, task_id, actor(), now())
        answered = receipts.of_answer(tx, asked) if asked.task.state == "completed" else None
    if answered is None:
        return redirect(url_for("tasklist.task", task_id=task_id))
    return render_template("tasklist/receipt.html", answered=answered)
