"""Handing a task over to someone, with a reason, and taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import handovers, identity, task_page
from engine.errors import InvalidInput
from web import choosing, dates, reasons
from web.choosing import Choice
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist.blueprint import blueprint
from web.words import gettext as _


@blueprint.get("/tasks/<int:task_id>/hand-over")
@allow("signed_in")
def hand_over(task_id: int) -> ResponseReturnValue:
    page, choice = read(task_id)
    if not page.can_hand_over:
        return redirect(url_for("tasklist.task", task_id=task_id))
    return show(page, choice, "", {})


@blueprint.post("/tasks/<int:task_id>/hand-over")
@allow("signed_in")
def do_hand_over(task_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()
    page, choice = read(task_id)
    if choice.searched:
        return show(page, choice, reason, {})
    errors: dict[str, str] = {}
    if choice.chosen is None:
        errors["person"] = _("Välj vem som ska ta över")
    wrong = reasons.fault(reason, _("Skriv varför du lämnar över uppgiften"))
    if wrong is not None:
        errors["reason"] = wrong
    if errors or choice.chosen is None:
        return show(page, choice, reason, errors), 422
    try:
        with database().verb() as tx:
            handovers.hand_over(tx, task_id, choice.chosen, reason=reason, by=actor(), now=now())
            name = identity.person_name(tx, choice.chosen)
    except InvalidInput:
        errors["person"] = _("Välj någon annan än dig själv som arbetar kvar")
        return show(page, choice, reason, errors), 422
    flash(_("%(name)s har fått uppgiften och får veta det.", name=name), "success")
    return redirect(url_for("tasklist.task", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/recall")
@allow("signed_in")
def recall(task_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        handovers.recall(tx, task_id, by=actor(), now=now())
    flash(_("Du har tagit tillbaka uppgiften."), "success")
    return redirect(url_for("tasklist.task", task_id=task_id))


def read(task_id: int) -> tuple[task_page.TaskPage, Choice]:
    today = dates.today()
    with database().page() as tx:
        page = task_page.task_page(tx, task_id, actor(), now())
        return page, choosing.choose(tx, "person", identity.near(tx, current_user.id, today), today)


def show(page: task_page.TaskPage, choice: Choice, reason: str, errors: dict[str, str]) -> str:
    return render_template("tasklist/hand_over.html", page=page, choice=choice, reason=reason, errors=errors)
