"""How every operation asks: what it is about, a reason, what will happen and for whom; then, confirmed, it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.errors import InvalidInput
from engine.operations.common import Preview
from engine.rules import calendar
from engine.store.database import Tx
from web import dates, messages, reasons
from web.context import actor, database, now
from web.words import gettext as _

Values = Mapping[str, str]
About = tuple[str, tuple[str, str]]
"""What an operation is about, in words, and the way back: address and words."""


@dataclass(frozen=True)
class Field:
    """A question of its own. `kind`: date, year, or choice among `choices` (value, words)."""

    name: str
    label: str
    kind: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def said(self, value: str) -> str:
        """What was answered, in words."""
        day = calendar.typed_day(value) if self.kind == "date" else None
        return dict(self.choices).get(value, value) if day is None else dates.full_day(day)


@dataclass(frozen=True)
class Warned:
    """The heading over what must have been seen, and what may be done about it."""

    heading: str
    advice: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation on one thing. `back`: address and words; `kicker`: what it belongs to."""

    title: str
    kicker: str
    button: str
    done: str
    back: tuple[str, str]
    preview: Callable[[Tx, Values], Preview]
    carry_out: Callable[[Tx, Values, str], Any]
    fields: tuple[Field, ...] = ()
    asks_reason: bool = True
    reason_kept: str = ""
    """The hint of the reason, which says where it is kept; by default in the history."""
    grave: bool = False
    warned: Warned = field(default_factory=lambda: Warned(""))
    carried: tuple[tuple[str, str], ...] = ()
    """What came with the question and goes along with the answers."""
    leads_to: Callable[[Any], str] | None = None
    """The address after it is done, of what `carry_out` gave; by default back."""


@dataclass
class Asked:
    """What was typed, and what is wrong with it, by field."""

    values: dict[str, str]
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    overtaken: bool = False
    """Warnings have come since they were last shown."""


def run(operation: Operation) -> ResponseReturnValue:
    """Without questions of its own the page begins with what will happen; otherwise it comes after the answers."""
    asked = _asked(operation)
    if request.method == "GET":
        return _page(operation, asked, None if operation.fields else _look(operation, asked))
    if request.form.get("step") in ("begin", "change"):
        return _page(operation, asked, None)
    confirming = not operation.fields or request.form.get("step") == "confirm"
    _check(operation, asked)
    seen = None if asked.errors and operation.fields else _look(operation, asked)
    if asked.errors:
        return _page(operation, asked, None if operation.fields else seen), 422
    if not confirming:
        return _page(operation, asked, seen)
    if seen is not None and seen.warnings and request.form.get("seen") != fingerprint(seen):
        asked.overtaken = "seen" in request.form
        return _page(operation, asked, seen), 409
    with database().verb() as tx:
        given = operation.carry_out(tx, asked.values, asked.reason)
    flash(operation.done, "success")
    return redirect(operation.leads_to(given) if operation.leads_to else operation.back[0])


def confirm(
    about: About,
    of: int | str,
    preview: Callable[..., Preview],
    verb: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
    reason_kept: str = "",
    grave: bool = False,
) -> ResponseReturnValue:
    """The whole page of an operation that asks for nothing but a reason; `preview` and `verb` take what it is of."""
    kicker, back = about
    return run(
        Operation(
            title=title,
            kicker=kicker,
            button=button,
            done=done,
            back=back,
            preview=lambda tx, _values: preview(tx, of, by=actor(), now=now()),
            carry_out=lambda tx, _values, why: verb(tx, of, reason=why, by=actor(), now=now()),
            reason_kept=reason_kept,
            grave=grave,
        )
    )


def day_in(values: Values, name: str) -> date:
    """Raises InvalidInput for what is no day."""
    day = calendar.typed_day(values[name])
    if day is None:
        raise InvalidInput(field=name, reason="no_day", value=values[name])
    return day


def clashing() -> Warned:
    """What stands around the clashes of a moved day."""
    return Warned(
        _("Det här krockar med den nya dagen:"),
        _(
            "Du kan flytta ändå. De stegens dagar ändras inte av sig själva: "
            "flytta dem också, ett i taget, om de inte ska gälla."
        ),
    )


def fingerprint(preview: Preview) -> str:
    """Which warnings a person has had before their eyes; confirming others than these shows them first."""
    return sha256("\n".join(text.sv for text in preview.warnings).encode()).hexdigest()


def _asked(operation: Operation) -> Asked:
    values = {
        each.name: request.form.get(each.name, each.value if request.method == "GET" else "").strip()[:200]
        for each in operation.fields
    }
    return Asked(values, request.form.get("reason", "").strip())


def _check(operation: Operation, asked: Asked) -> None:
    for each in operation.fields:
        if not asked.values[each.name]:
            asked.errors[each.name] = _missing(each.kind)
    wrong = reasons.fault(asked.reason, _("Skriv varför. Skälet sparas i historiken."))
    if operation.asks_reason and wrong is not None:
        asked.errors["reason"] = wrong


def _missing(kind: str) -> str:
    if kind == "date":
        return _("Skriv dagen som år, månad och dag, till exempel 2027-01-15.")
    return _("Välj ett av alternativen.") if kind == "choice" else messages.INPUT_REASONS["out_of_range"]()


def _look(operation: Operation, asked: Asked) -> Preview | None:
    """What would happen; None when a value was refused, which is noted at its field."""
    try:
        with database().page() as tx:
            return operation.preview(tx, asked.values)
    except InvalidInput as refused:
        named = str(refused.params.get("field"))
        place = named if named in asked.values else "reason"
        asked.errors[place] = messages.sentence(refused).text
        return None


def _page(operation: Operation, asked: Asked, preview: Preview | None) -> str:
    seen = fingerprint(preview) if preview is not None and preview.warnings else ""
    return render_template("cockpit/operate.html", operation=operation, asked=asked, preview=preview, seen=seen)
