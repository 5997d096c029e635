"""The same thing with several tasks: choose in the inbox, look at what will happen, let it be done, see what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import bulk, identity
from engine.bulk import Bulk, Order, Refusal
from engine.errors import EngineError, InvalidInput, NotPossible
from engine.rules.forms import FieldError, FormView, RuleFinding
from engine.texts import Text
from web import choosing, dates, reasons
from web.choosing import Choice
from web.context import actor, database, now
from web.messages import said
from web.permissions import allow
from web.tasklist import filtering, formdata, reading
from web.tasklist.blueprint import blueprint
from web.tasklist.form_errors import summary
from web.words import gettext as _

AT_A_TIME = 50
"""Tasks done in one request; the page then goes on by itself, or with a button."""
MOST_NUMBERS = 2 * bulk.MOST


@dataclass
class Asked:
    """What the page asks for before it is done, as it was typed, and what is wrong with it."""

    choice: Choice | None = None
    reason: str = ""
    view: FormView | None = None
    quick: Text | None = None
    errors: dict[str, str] = field(default_factory=dict)
    warnings: Sequence[RuleFinding] = ()
    unfit: int = 0


@blueprint.post("/bulk")
@allow("signed_in")
def choose_many() -> ResponseReturnValue:
    """Those that were ticked, all of the page, or all that fit the filter."""
    filters = filtering.asked(request.form)
    scope, action = request.form.get("scope", "chosen"), request.form.get("do", "")
    try:
        with database().verb() as tx:
            chosen = (
                bulk.matching(tx, filters, actor(), now()) if scope == "all" else choosing.numbers(scope, MOST_NUMBERS)
            )
            bulk_id = bulk.begin(tx, action, chosen, by=actor(), now=now())
    except InvalidInput as refused:
        flash(REFUSALS[refused.params["reason"]](), "notice")
        kept: dict[str, Any] = {"do": action or None, "scope": scope, "after": request.form.get("after") or None}
        kept["ticked"] = request.form.getlist("tasks")[:MOST_NUMBERS]
        return redirect(url_for("tasklist.inbox", select="1", **kept, **filtering.as_query(filters)))
    return redirect(url_for("tasklist.many", bulk_id=bulk_id))


REFUSALS = {
    "unknown": lambda: _("Välj vad du vill göra med uppgifterna."),
    "nothing_chosen": lambda: _("Kryssa för minst en uppgift."),
}


@blueprint.get("/bulk/<int:bulk_id>")
@allow("signed_in")
def many(bulk_id: int) -> ResponseReturnValue:
    return show(read(bulk_id), Asked())


@blueprint.post("/bulk/<int:bulk_id>")
@allow("signed_in")
def order_many(bulk_id: int) -> ResponseReturnValue:
    """Done as ordered, unless something is missing or is to be confirmed first."""
    chosen = read(bulk_id)
    if chosen.started:
        return redirect(url_for("tasklist.many", bulk_id=bulk_id))
    asked = Asked(reason=request.form.get("reason", "").strip())
    order = Order()
    if chosen.action == "hand_over":
        order = person_and_reason(asked)
    elif chosen.action == "answer":
        order = Order(data=answer(chosen, asked))
    if asked.errors or asked.warnings or asked.unfit or (asked.choice and asked.choice.searched):
        status = 422 if asked.errors else 200
        return show(chosen, asked), status
    try:
        with database().verb() as tx:
            bulk.start(tx, bulk_id, order, by=actor(), now=now())
    except NotPossible:
        return show(read(bulk_id), asked), 409
    go_on(bulk_id)
    return redirect(url_for("tasklist.many", bulk_id=bulk_id))


@blueprint.post("/bulk/<int:bulk_id>/go")
@allow("signed_in")
def continue_many(bulk_id: int) -> ResponseReturnValue:
    go_on(bulk_id)
    return redirect(url_for("tasklist.many", bulk_id=bulk_id))


def go_on(bulk_id: int) -> None:
    """The next tasks, each in a transaction of its own; one that is refused says why and stops no other."""
    with database().page() as tx:
        following = bulk.waiting(tx, bulk_id, actor(), AT_A_TIME)
    for task_id in following:
        try:
            with database().verb() as tx:
                bulk.carry_out(tx, bulk_id, task_id, by=actor(), now=now())
        except EngineError as error:
            with database().verb() as tx:
                bulk.refuse(tx, bulk_id, task_id, error, by=actor())


def read(bulk_id: int) -> Bulk:
    with database().page() as tx:
        return bulk.read(tx, bulk_id, actor(), now())


def person_and_reason(asked: Asked) -> Order:
    asked.choice = people()
    if asked.choice.searched:
        return Order()
    if asked.choice.chosen is None:
        asked.errors["person"] = _("Välj vem som ska ta över")
    elif asked.choice.chosen == current_user.id:
        asked.errors["person"] = _("Välj någon annan än dig själv som arbetar kvar")
    wrong = reasons.fault(asked.reason, _("Skriv varför du lämnar över uppgifterna"))
    if wrong is not None:
        asked.errors["reason"] = wrong
    return Order(asked.choice.chosen, asked.reason)


def people() -> Choice:
    today = dates.today()
    with database().page() as tx:
        return choosing.choose(tx, "person", identity.near(tx, current_user.id, today), today)


def answer(chosen: Bulk, asked: Asked) -> Mapping[str, Any]:
    """The one answer. What the first task refuses is everyone's; what only some refuse is said and can be confirmed."""
    if chosen.base is None:
        return {}
    task = reading.task_form(chosen.base)
    if not task.form.alike:
        return task.form.quick.data if task.form.quick else {}
    data = formdata.parse(task.form.components, request.form)
    with database().page() as tx:
        checked = bulk.check_answer(tx, chosen.id, data, actor(), now())
    first = next(iter(checked.values()), None)
    errors: Sequence[FieldError] = first.errors if first else ()
    asked.view = task.view(data, errors)
    for problem in summary(asked.view) if errors else ():
        asked.errors[problem["href"].removeprefix("#")] = problem["text"]
    if not errors and "_confirm" not in request.form and "_back" not in request.form:
        asked.warnings = list({w.rule_id: w for one in checked.values() for w in one.warnings}.values())
        asked.unfit = sum(bool(one.errors) for one in checked.values())
    return data


def show(chosen: Bulk, asked: Asked) -> str:
    """Before it is done, with what the page asks for; afterwards, what was done."""
    if not chosen.started and chosen.action == "hand_over" and asked.choice is None:
        asked.choice = people()
    if not chosen.started and chosen.action == "answer" and chosen.base is not None:
        task = reading.task_form(chosen.base)
        asked.quick = None if task.form.alike or task.form.quick is None else task.form.quick.label
        if asked.view is None and task.form.alike:
            asked.view = task.view(task.prefilled())
    posted = reading.echo(("_confirm", "_back"))
    return render_template("tasklist/bulk.html", bulk=chosen, asked=asked, why=why, most=bulk.MOST, posted=posted)


def why(refusal: Refusal) -> str:
    """Why a task is left as it is, in a sentence."""
    params = {name: instant(value) if name == "at" else value for name, value in refusal.params.items()}
    if refusal.code == "invalid_form":
        return _("Svaret passar inte i den här uppgiften. Öppna den och svara för sig.")
    sentence = said(refusal.code, params)
    return sentence.text if refusal.code in ("not_possible", "invalid_input") else f"{sentence.title}."


def instant(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
