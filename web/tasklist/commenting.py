"""What people say about a task: one page for it, shown beside the task too."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import comments
from engine.errors import InvalidInput
from web import messages
from web.context import actor, database, now
from web.permissions import allow
from web.tasklist.blueprint import blueprint
from web.tasklist.reading import read
from web.words import gettext as _
from web.words import ngettext


@blueprint.get("/tasks/<int:task_id>/comments")
@allow("signed_in")
def task_comments(task_id: int) -> ResponseReturnValue:
    return show(task_id, "", "")


@blueprint.post("/tasks/<int:task_id>/comments")
@allow("signed_in")
def add_comment(task_id: int) -> ResponseReturnValue:
    text = request.form.get("comment", "").replace("\r\n", "\n")
    try:
        with database().verb() as tx:
            comments.add(tx, task_id, text, by=actor(), now=now())
    except InvalidInput as refused:
        return show(task_id, text, refusal(refused, text)), 422
    flash(_("Kommentaren är sparad."), "success")
    return redirect(url_for("tasklist.task_comments", task_id=task_id))


def refusal(refused: InvalidInput, text: str) -> str:
    if refused.params["reason"] == "control_character":
        return messages.sentence(refused).text
    over = len(text.strip()) - comments.LONGEST
    if over > 0:
        return ngettext("Korta texten med %(num)d tecken", "Korta texten med %(num)d tecken", over)
    return _("Skriv en kommentar")


@blueprint.post("/comments/<int:comment_id>/withdraw")
@allow("signed_in")
def withdraw_comment(comment_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        task_id = comments.withdraw(tx, comment_id, by=actor(), now=now())
    flash(_("Kommentaren är tillbakatagen."), "success")
    return redirect(url_for("tasklist.task_comments", task_id=task_id))


def show(task_id: int, text: str, error: str) -> str:
    return render_template("tasklist/comments.html", page=read(task_id), text=text, error=error)
