"""Where time goes: how many days each step has taken over the years, against the days that the guideline gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import deployments, timings
from engine.store.database import Tx
from engine.texts import Text
from engine.timings import Spread, StepTime
from web import csvfile
from web.cockpit.blueprint import blueprint
from web.context import database, in_words, now
from web.permissions import allow
from web.words import gettext as _

WIDTH = 240.0


@dataclass(frozen=True)
class Bar:
    """One step's days drawn to the scale of the longest, `WIDTH` wide."""

    allowed: float | None
    median: float
    ninetieth: float


@blueprint.get("/timings")
@allow("cockpit")
def timing() -> ResponseReturnValue:
    with database().page() as tx:
        names = processes(tx)
        key = asked_process(names)
        found = timings.of_process(tx, key, now()) if key else []
    longest = max((max(step.allowed or 0, step.rounds.ninetieth or 0) for step in found), default=1)
    return render_template(
        "cockpit/timings.html",
        names=names,
        key=key,
        steps=found,
        bars={step.element_id: drawn(step, longest) for step in found},
        width=WIDTH,
        years=sorted({year for step in found for year in step.years}),
    )


def processes(tx: Tx) -> dict[str, Text]:
    """Every process by key, with its newest name."""
    return {each.key: each.package.name for each in deployments.newest(tx)}


def asked_process(names: dict[str, Text]) -> str:
    """The process asked for, else the first; empty when there is none."""
    asked = request.args.get("process", "")
    return asked if asked in names else next(iter(names), "")


def drawn(step: StepTime, longest: int) -> Bar:
    scale = WIDTH / max(longest, 1)
    return Bar(
        None if step.allowed is None else round(step.allowed * scale, 1),
        round((step.rounds.median or 0) * scale, 1),
        round((step.rounds.ninetieth or 0) * scale, 1),
    )


@blueprint.get("/timings.csv")
@allow("cockpit")
def timing_csv() -> Response:
    with database().page() as tx:
        key = asked_process(processes(tx))
        found = timings.of_process(tx, key, now()) if key else []
    header = [
        _("Steg"), _("Uppgift"), _("Planår"), _("Dagar enligt riktlinjen"), _("Avslutade omgångar"),
        _("Median, dagar"), _("90:e percentilen, dagar"), _("Efter sista dagen"), _("Pågår"),
        _("Svar"), _("Median för svaren, dagar"), _("90:e percentilen för svaren, dagar"), _("Sena svar"),
    ]  # fmt: skip
    return csvfile.download(f"tider-{key}.csv".replace("_", "-"), header, csv_rows(found))


def csv_rows(found: list[StepTime]) -> Iterator[list[object]]:
    """A row for all years, then one for each plan year."""
    for step in found:
        about = [in_words(step.step), in_words(step.title)]
        allowed = "" if step.allowed is None else step.allowed
        yield [*about, "", allowed, *cells(step.rounds), step.running, *cells(step.answers)]
        for year, spread in step.years.items():
            yield [*about, year, allowed, *cells(spread), "", "", "", "", ""]


def cells(spread: Spread) -> list[object]:
    return [spread.count, spread.median, spread.ninetieth, spread.late]
