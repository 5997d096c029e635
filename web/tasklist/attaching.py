"""Files of a task: the page that lists and adds them, fetching one, taking one away."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from engine import access_log, attachments
from engine.attachments import File, RefusedFile
from engine.errors import InvalidFiles, InvalidInput
from engine.operating import LONGEST_REASON
from web import sizes
from web.context import actor, database, now, services
from web.permissions import allow
from web.security import sandbox
from web.tasklist.blueprint import blueprint
from web.tasklist.file_words import file_size, reason
from web.tasklist.keys import idempotency_key
from web.tasklist.reading import read
from web.words import gettext as _
from web.words import ngettext


@blueprint.get("/tasks/<int:task_id>/attachments")
@allow("signed_in")
def task_attachments(task_id: int) -> ResponseReturnValue:
    return show(task_id, [])


def too_large(task_id: int) -> ResponseReturnValue:
    whole = file_size(services().config.attachments.task_bytes)
    return show(task_id, [_("Filerna är för stora. Välj filer på högst %(size)s tillsammans.", size=whole)]), 413


@blueprint.post("/tasks/<int:task_id>/attachments")
@allow("signed_in")
@sizes.larger(too_large)
def attach(task_id: int) -> ResponseReturnValue:
    """All of the chosen files, or none and why."""
    files = [File(sent.filename, sent.read()) for sent in request.files.getlist("files") if sent.filename]
    if not files:
        return show(task_id, [_("Välj en fil")]), 422
    limits = services().config.attachments
    try:
        with database().verb() as tx:
            attachments.add(tx, task_id, files, limits=limits, by=actor(), now=now(), key=idempotency_key())
    except InvalidFiles as refused:
        return show(task_id, said(refused.files)), 422
    flash(ngettext("%(num)d fil är bifogad.", "%(num)d filer är bifogade.", len(files)), "success")
    return redirect(url_for("tasklist.task_attachments", task_id=task_id))


def said(refused: list[RefusedFile]) -> list[str]:
    limits = services().config.attachments
    return [f"{each.name}: {reason(each.reason, limits)}" for each in refused]


@blueprint.get("/attachments/<int:attachment_id>")
@allow("signed_in")
def attachment(attachment_id: int) -> Response:
    """The file, always to save and never to show in the browser; who fetches it is noted."""
    with database().page() as tx:
        name, media_type, content = attachments.read(tx, attachment_id, actor(), now())
    with database().verb() as tx:
        access_log.note(
            tx, actor().person_id, "read_attachment", f"attachment {attachment_id}", "200", request.remote_addr
        )
    sandbox()
    response = send_file(
        BytesIO(content), media_type, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    response.headers["Content-Type"] = media_type  # without a character set that nobody knows
    return response


@blueprint.get("/attachments/<int:attachment_id>/remove")
@allow("signed_in")
def removal(attachment_id: int) -> ResponseReturnValue:
    return ask(attachment_id, "", "")


@blueprint.post("/attachments/<int:attachment_id>/remove")
@allow("signed_in")
def remove_attachment(attachment_id: int) -> ResponseReturnValue:
    why = request.form.get("reason", "").strip()
    try:
        with database().verb() as tx:
            task_id = attachments.remove(tx, attachment_id, reason=why, by=actor(), now=now())
    except InvalidInput as refused:
        return ask(attachment_id, why, REFUSALS[refused.params["reason"]](), 422)
    flash(_("Filen är borttagen."), "success")
    return redirect(url_for("tasklist.task_attachments", task_id=task_id))


REFUSALS = {
    "control_character": lambda: _("Ta bort tecken som inte går att visa; klistra in som ren text"),
    "reason_missing": lambda: _("Skriv varför filen tas bort"),
    "reason_too_long": lambda: _("Skriv skälet med högst %(count)d tecken.", count=LONGEST_REASON),
}


def ask(attachment_id: int, why: str, error: str, status: int = 200) -> ResponseReturnValue:
    with database().page() as tx:
        file = attachments.one(tx, attachment_id, actor(), now())
    if not file.can_remove:
        return redirect(url_for("tasklist.task_attachments", task_id=file.task_id))
    return render_template(
        "tasklist/remove_attachment.html", page=read(file.task_id), file=file, why=why, error=error
    ), status


def show(task_id: int, errors: list[str]) -> str:
    limits = services().config.attachments
    return render_template(
        "tasklist/attachments.html", page=read(task_id), errors=errors, limits=limits, key=uuid4().hex
    )
