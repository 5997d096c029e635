"""Work ahead by role and month: what is open and to come in every live cycle, with the lists behind the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from engine import workload
from engine.rules.calendar import start_of
from engine.texts import Text
from engine.workload import Work
from web import csvfile, dates
from web.charts import columns
from web.cockpit.blueprint import blueprint
from web.cockpit.words import capital
from web.context import database, in_words, now
from web.permissions import allow
from web.words import gettext as _

MONTHS = 14


@dataclass
class Cell:
    """One role's month. `late`: open tasks whose last day has been; they stand in this month."""

    open: int = 0
    coming: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        return self.open + self.coming


def months_ahead(today: date) -> list[date]:
    """The first days of this month and those after it."""
    return [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(MONTHS)]


def month_of(work: Work, today: date) -> date:
    """The month of its last day; what is late belongs to this month."""
    return max(dates.civil(work.due_at), today).replace(day=1)


def table(found: Iterable[Work], today: date) -> dict[str, dict[date, Cell]]:
    """By role and month. Pure."""
    cells: dict[str, dict[date, Cell]] = defaultdict(lambda: defaultdict(Cell))
    for work in found:
        cell = cells[work.role][month_of(work, today)]
        if work.state == "open":
            cell.open += work.count
            cell.late += work.count if dates.civil(work.due_at) < today else 0
        else:
            cell.coming += work.count
    return cells


def read() -> tuple[list[Work], dict[str, Text], list[date]]:
    """What is ahead, the roles' names and the months."""
    months = months_ahead(dates.today())
    last = months[-1]
    until = start_of(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    with database().page() as tx:
        names = {role: Text(capital(name.sv), capital(name.en)) for role, name in workload.roles(tx).items()}
        return workload.ahead(tx, now(), until), names, months


@blueprint.get("/workload")
@allow("cockpit")
def work_ahead() -> ResponseReturnValue:
    found, names, months = read()
    cells = table(found, dates.today())
    sums = {month: sum(row[month].total for row in cells.values() if month in row) for month in months}
    short = [str(format_date(month, "MMM yy", locale=get_locale())).replace(".", "") for month in months]
    opened = [sum(row[month].open for row in cells.values() if month in row) for month in months]
    return render_template(
        "cockpit/workload.html",
        cells={role: cells[role] for role in sorted(cells, key=lambda role: in_words(names[role]).lower())},
        names=names,
        months=months,
        short=short,
        sums=sums,
        chart=columns(short, [opened, [sums[month] - number for month, number in zip(months, opened, strict=True)]]),
    )


@blueprint.get("/workload/tasks")
@allow("cockpit")
def work_list() -> ResponseReturnValue:
    """The kinds of task behind one number, or behind a whole role or month."""
    found, names, months = read()
    role, month = asked_role(names), asked_month(months)
    today = dates.today()
    shown = [w for w in found if role in ("", w.role) and month in (None, month_of(w, today))]
    return render_template(
        "cockpit/workload_tasks.html",
        works=shown,
        names=names,
        role=role,
        month=month,
        today=today,
        month_name=lambda day: format_date(day, "LLLL y", locale=get_locale()),
    )


def asked_role(names: dict[str, Text]) -> str:
    asked = request.args.get("role", "")
    return asked if asked in names else ""


def asked_month(months: list[date]) -> date | None:
    """The month asked for as 2027-03, if it is one of those ahead."""
    asked = request.args.get("month", "")
    return next((month for month in months if f"{month:%Y-%m}" == asked), None)


@blueprint.get("/workload.csv")
@allow("cockpit")
def work_csv() -> Response:
    found, names, _months = read()
    today = dates.today()
    header = [
        _("Månad"), _("Roll"), _("Plan"), _("Uppgift"), _("Läge"), _("Öppnar"), _("Sista dag"), _("Antal"),
    ]  # fmt: skip
    rows = [
        [
            f"{month_of(work, today):%Y-%m}",
            in_words(names.get(work.role, work.role)),
            in_words(work.instance_name),
            in_words(work.title),
            _("Öppen") if work.state == "open" else _("Kommer"),
            dates.machine_day(work.opens_at),
            dates.machine_day(work.due_at),
            work.count,
        ]
        for work in found
    ]
    return csvfile.download("arbete-framover.csv", header, rows)
