"""Sending in a new version of a process: what is wrong with it, what it would change, and putting it into use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import deployments, uploads
from engine.diagrams import SHOWN
from engine.errors import AlreadyExists, NotPossible
from engine.operations import deploying
from engine.operations.deploying import Staged
from engine.rules.packages import Problem
from engine.texts import Text
from web import messages, reasons, security
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _

WARNINGS_TOLD = 5


@dataclass(frozen=True)
class Line:
    """One element of the text list beside the diagram. `state`: added, changed, removed, or as it was."""

    name: str
    id: str
    lane: str | None
    state: str


@dataclass
class Asked:
    """The reason as it was typed, and what is wrong, by field."""

    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/deployments/upload")
@allow("deploy")
def upload() -> ResponseReturnValue:
    return upload_page()


@blueprint.post("/deployments/upload")
@allow("deploy")
def read_upload() -> ResponseReturnValue:
    """What is right is held for its sender to decide; what is wrong is shown, all of it, and nothing is held."""
    sent = request.files.get("file")
    content = sent.read() if sent is not None else b""
    if sent is None or not content:
        return upload_page(error=_("Välj en fil som inte är tom.")), 422
    with database().page() as tx:
        deployed, roles = deploying.installed(tx)
    reading = uploads.read(content, deployed, roles)
    name = "".join(letter for letter in sent.filename or "" if letter.isprintable())[:120]
    if reading.key is None or reading.refused:
        return upload_page(name=name, findings=reading.findings, more=reading.more), 422
    try:
        with database().verb() as tx:
            digest = deploying.stage(tx, reading.key, reading.files, file_name=name, by=actor(), now=now())
    except AlreadyExists as same:
        said = _(
            "Innehållet är detsamma som i version %(version)s, så det finns inget att driftsätta.",
            version=same.params["version"],
        )
        return upload_page(name=name, error=said), 422
    for warning in reading.findings[:WARNINGS_TOLD]:
        flash(f"{warning.where}: {in_words(Text(warning.sv, warning.en))}", "info")
    return redirect(url_for("cockpit.staged", digest=digest))


def upload_page(*, name: str = "", error: str = "", findings: Sequence[Problem] = (), more: int = 0) -> str:
    return render_template(
        "cockpit/upload.html", name=name, error=error, findings=[told(each) for each in findings], more=more
    )


@dataclass(frozen=True)
class Told:
    """A finding as the page shows it."""

    element: str
    id: str
    place: str
    text: Text
    severity: str


def told(problem: Problem) -> Told:
    """Where: the file and the line, or the place in the file; the element by its name where it has one."""
    place = problem.where
    if problem.element_id is not None:
        place = _("rad %(line)s", line=problem.line) if problem.line else ""
    element = problem.element_name or problem.element_id or ""
    return Told(element, problem.element_id or "", place, Text(problem.sv, problem.en), problem.severity)


@blueprint.get("/deployments/staged/<digest>")
@allow("deploy")
def staged(digest: str) -> ResponseReturnValue:
    return staged_page(digest, Asked())


@blueprint.post("/deployments/staged/<digest>")
@allow("deploy")
def deploy(digest: str) -> ResponseReturnValue:
    """Everything is checked once more: the files in a process of their own, who may, and that nobody was faster."""
    with database().page() as tx:
        key, files = deploying.staged_files(tx, digest, by=actor())
    asked = Asked(request.form.get("reason", "").strip())
    wrong = reasons.fault(asked.reason, _("Skriv varför. Skälet sparas i historiken."))
    if wrong is not None:
        asked.errors["reason"] = wrong
        return staged_page(digest, asked), 422
    found = uploads.screen(key, files)
    if found.refused:
        return upload_page(findings=found.findings, more=found.more), 422
    try:
        with database().verb() as tx:
            done = deploying.deploy_staged(tx, digest, reason=asked.reason, by=actor(), now=now())
    except NotPossible as lost:
        asked.errors["reason"] = messages.sentence(lost).text
        return staged_page(digest, asked), 409
    name = in_words(done.package.name)
    flash(_("Version %(version)s av %(name)s är driftsatt.", version=done.version, name=name), "success")
    return redirect(url_for("cockpit.versions"))


@blueprint.post("/deployments/staged/<digest>/discard")
@allow("deploy")
def discard(digest: str) -> ResponseReturnValue:
    with database().verb() as tx:
        deploying.staged_files(tx, digest, by=actor())
        deploying.discard(tx, digest, by=actor())
    flash(_("Filen är borttagen. Inget har driftsatts."), "success")
    return redirect(url_for("cockpit.versions"))


@blueprint.get("/deployments/staged/<digest>/diagram.bpmn")
@allow("deploy")
def staged_diagram(digest: str) -> ResponseReturnValue:
    with database().page() as tx:
        key, files = deploying.staged_files(tx, digest, by=actor())
    return Response(files[f"{key}.bpmn"], mimetype="application/xml")


def staged_page(digest: str, asked: Asked) -> str:
    with database().page() as tx:
        found = deploying.staged(tx, digest, by=actor(), now=now())
    security.allow_diagram_styles()
    compared = found.comparison
    return render_template(
        "cockpit/staged.html",
        staged=found,
        compared=compared,
        lines=lines(found),
        added=sorted(compared.marked("added")) if compared else [],
        changed=sorted(compared.marked("changed")) if compared else [],
        asked=asked,
        may_operate="operate" in current_user.capabilities,
    )


def lines(found: Staged) -> list[Line]:
    """The elements that people talk about, in the order of the new diagram; then those that it no longer has."""
    compared, model = found.comparison, found.new.model
    added = compared.marked("added") if compared else set(model.elements)
    changed = compared.marked("changed") if compared else set()
    state = dict.fromkeys(changed, "changed") | dict.fromkeys(added, "added")
    listed = [_line(found.new, each, state.get(each, "")) for each in model.order() if _is_shown(found.new, each)]
    gone = [each for each in found.old.model.order() if each not in model.elements] if found.old else []
    return listed + [_line(found.old, each, "removed") for each in gone if found.old and _is_shown(found.old, each)]


def _is_shown(deployed: deployments.Deployed, element_id: str) -> bool:
    element = deployed.model.element(element_id)
    return element.kind in SHOWN and bool(element.name)


def _line(deployed: deployments.Deployed, element_id: str, state: str) -> Line:
    element = deployed.model.element(element_id)
    return Line(element.name or element_id, element_id, element.lane, state)
