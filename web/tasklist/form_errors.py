"""What is wrong with a field, said as an instruction in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import g

from engine.rules.forms import ComponentView, FieldError, FormView, RowView
from web import dates
from web.context import in_words
from web.words import gettext as _
from web.words import ngettext

MOST_OPENED = 5
"""Rows with errors that are opened at once; of more only the first is."""

REQUIRED_BY_KIND: dict[str, Callable[[], str]] = {
    "radio": lambda: _("Välj ett alternativ"),
    "select": lambda: _("Välj ett alternativ i listan"),
    "checklist": lambda: _("Välj minst ett alternativ"),
    "checkbox": lambda: _("Kryssa i rutan"),
    "datetime": lambda: _("Ange ett datum"),
    "number": lambda: _("Skriv ett tal"),
}


def field_id(path: str) -> str:
    """The id of the field's first control, which the error summary leads to."""
    return "f-" + path.replace(".", "-")


def error_text(error: FieldError, kind: str = "") -> str:
    """One sentence; the package's own where it has one."""
    if error.message is not None:
        return in_words(error.message)
    if error.code == "required":
        return REQUIRED_BY_KIND.get(kind, lambda: _("Skriv ett svar"))()
    maker = SENTENCES.get(error.code)
    return maker(error.params) if maker else _("Kontrollera svaret")


def too_long(params: Mapping[str, Any]) -> str:
    over = int(params.get("length", 0)) - int(params.get("max", 0))
    return ngettext("Korta texten med %(num)d tecken", "Korta texten med %(num)d tecken", max(over, 1))


def out_of_range(params: Mapping[str, Any]) -> str:
    low, high = (bound(params.get(name)) for name in ("min", "max"))
    if low and high:
        return _("Ange ett värde från %(low)s till %(high)s", low=low, high=high)
    if low:
        return _("Ange %(low)s eller senare", low=low) if is_day(params) else _("Ange minst %(low)s", low=low)
    return _("Ange senast %(high)s", high=high) if is_day(params) else _("Ange högst %(high)s", high=high)


def is_day(params: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) for value in params.values())


def bound(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return dates.day(date.fromisoformat(value))
    shown = f"{value:g}"
    return shown.replace(".", ",") if g.locale == "sv" else shown


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "too_long": too_long,
    "too_short": lambda p: _("Skriv minst %(min)s tecken", min=p.get("min")),
    "out_of_range": out_of_range,
    "not_a_number": lambda _p: _("Skriv ett tal med siffror, till exempel 1200 eller 7,5"),
    "not_a_date": lambda _p: _("Ange ett datum som finns, till exempel 2027-03-21"),
    "not_a_choice": lambda _p: _("Välj något av alternativen"),
    "not_a_text": lambda _p: _("Skriv svaret som text"),
    "control_character": lambda _p: _("Ta bort tecken som inte går att visa; klistra in som ren text"),
    "pattern": lambda _p: _("Skriv svaret i den form som beskrivs"),
    "too_few_rows": lambda p: ngettext(
        "Lägg till minst %(num)d rad", "Lägg till minst %(num)d rader", int(p.get("min", 1))
    ),
    "too_many_rows": lambda p: ngettext(
        "Ta bort rader: det får vara högst %(num)d", "Ta bort rader: det får vara högst %(num)d", int(p.get("max", 1))
    ),
    "unknown_row": lambda _p: _("Listan har ändrats sedan du öppnade sidan. Gå igenom raderna och skicka in igen"),
}


def located(view: FormView) -> Iterator[tuple[ComponentView, str]]:
    """Every component with the row that it stands in."""
    yield from located_in(view.components, "")


def located_in(components: Sequence[ComponentView], where: str) -> Iterator[tuple[ComponentView, str]]:
    for component in components:
        yield component, where
        yield from located_in(component.components, where)
        for row in component.rows:
            yield from located_in(row.components, row_where(component, row, where))


def row_where(component: ComponentView, row: RowView, where: str) -> str:
    """Behov 3, or Rad 2, tillfälle 1."""
    name = row_name(component, row.index)
    return f"{where}, {name[:1].lower()}{name[1:]}" if where else name


def row_name(component: ComponentView, index: int) -> str:
    """Behov 3, or Rad 3 where the form has no word for its rows. A title may be long; the number stands beside it."""
    word = in_words(component.component.row_label) or _("Rad")
    return f"{word} {index + 1}"


def summary(view: FormView) -> list[dict[str, Any]]:
    """For the list at the top of the page: in the form's order, each leading to its field, or to the row that lies
    folded; what would read alike names its question. `count`: how many things to correct it stands for.
    """
    whole = [{"text": error_text(error), "href": anchor(view, error), "count": 1} for error in view.errors]
    found = [*whole, *listed(view.components, "")]
    times = Counter(one["text"] for one in found)
    for one in found:
        if times[one["text"]] > 1 and one.get("about"):
            one["text"] += f" ({one['about']})"
    return found


def listed(components: Sequence[ComponentView], where: str) -> Iterator[dict[str, Any]]:
    for component in components:
        for error in component.errors:
            text = error_text(error, component.kind)
            yield {
                "text": f"{where}: {text}" if where else text,
                "href": f"#{field_id(component.path)}",
                "count": 1,
                "about": in_words(component.label),
            }
        yield from listed(component.components, where)
        folds = folds_errors(component)
        for row in component.rows:
            name = row_where(component, row, where)
            found = list(listed(row.components, name))
            yield from [of_row(name, row, found)] if folds and found else found


def of_row(name: str, row: RowView, found: list[dict[str, Any]]) -> dict[str, Any]:
    """One line for all that is wrong in a row that lies folded."""
    count = sum(one["count"] for one in found)
    text = found[0]["text"] if count == 1 else _("%(row)s: rätta %(count)d saker", row=name, count=count)
    return {"text": text, "href": f"#{field_id(row.path)}", "count": count}


def folds_errors(component: ComponentView) -> bool:
    """Whether so many rows are wrong that, all open, nobody would find their way."""
    wrong = (row for row in component.rows if any(one.errors for one, _where in located_in(row.components, "")))
    return component.kind == "records" and sum(1 for _row in wrong) > MOST_OPENED


def anchor(view: FormView, error: FieldError) -> str:
    """Errors of the whole form lead to its first question."""
    first = next((c.path for c, _where in located(view) if c.path and not c.hidden), "")
    return f"#{field_id(error.path or first)}" if error.path.isidentifier() else f"#{field_id(first)}"
