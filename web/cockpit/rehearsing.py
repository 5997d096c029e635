"""Rehearsing a cycle: asking for one, watching it being played, and reading what it showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel.dates import format_date
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from engine import deployments, identity, playing, rehearsing, workload
from engine.errands import Errand
from engine.errors import InvalidInput, NotPossible
from engine.rehearsing import IN_TIME, MOST_MANAGERS, MOST_YEARS, Wanted
from engine.rules import calendar
from engine.rules.packages import Package
from engine.store.database import Tx
from engine.texts import Text
from web import csvfile, dates, errands
from web.charts import columns
from web.cockpit import rehearsed
from web.cockpit.blueprint import blueprint
from web.cockpit.rehearsed import Dated, Line
from web.cockpit.words import capital
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _

LIVE_AHEAD = timedelta(days=3 * 366)
"""How far ahead live cycles are looked at for days in each other's way."""


@dataclass(frozen=True)
class Choice:
    """A process that starts by itself, so that there is a day to begin at."""

    key: str
    package: Package


@dataclass
class Asked:
    """What was typed, and what is wrong with it, by field."""

    key: str = ""
    plan_year: str = ""
    years: str = "1"
    organisation: str = "real"
    managers: str = "90"
    in_time: str = "90"
    assumed: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/rehearsals")
@allow("cockpit")
def rehearsals() -> ResponseReturnValue:
    with database().page() as tx:
        key = next((choice.key for choice in choices(tx)), "")
        lived = [cycle.plan_year for cycle in playing.lived(tx, key)]
    return show(Asked(key, str(max(lived, default=dates.today().year + 1) + 1)))


@blueprint.post("/rehearsals")
@allow("cockpit")
def ask_rehearsal() -> ResponseReturnValue:
    form = request.form
    asked = Asked(assumed=form.getlist("assumed"))
    for name in ("key", "plan_year", "years", "organisation", "managers", "in_time"):
        setattr(asked, name, form.get(name, "").strip()[:64])
    wanted = wished(asked)
    if not asked.errors:
        try:
            with database().verb() as tx:
                number = rehearsing.ask(tx, wanted, by=actor(), now=now())
        except InvalidInput as refused:
            asked.errors[str(refused.params["field"])] = sentence(str(refused.params["field"]))
        except NotPossible:
            asked.errors["key"] = _("Du har redan en repetition på gång. Vänta tills den är klar, eller ta bort den.")
        else:
            return redirect(url_for("cockpit.rehearsal", rehearsal_id=number))
    return show(asked), 422


def wished(asked: Asked) -> Wanted:
    """What was asked for; what is no number stands among the errors."""
    numbers: dict[str, int] = {}
    for name in ("plan_year", "years", "in_time", *(["managers"] if asked.organisation == "invented" else [])):
        text = getattr(asked, name)
        if text.isascii() and text.isdigit() and len(text) <= 5:
            numbers[name] = int(text)
        else:
            asked.errors[name] = sentence(name)
    if asked.organisation not in ("real", "invented"):
        asked.errors["organisation"] = sentence("organisation")
    prefix = f"{asked.key}/"
    assumed = tuple(name.removeprefix(prefix) for name in asked.assumed if name.startswith(prefix))
    return Wanted(
        asked.key,
        numbers.get("plan_year", 0),
        numbers.get("years", 1),
        numbers.get("managers"),
        numbers.get("in_time", IN_TIME[0]),
        assumed,
    )


def sentence(name: str) -> str:
    """What to write instead, by field."""
    return {
        "key": lambda: _("Välj vad som ska repeteras."),
        "plan_year": lambda: _("Skriv planåret med fyra siffror, till exempel %(year)s.", year=dates.today().year + 2),
        "years": lambda: _("Välj ett till %(most)d planår.", most=MOST_YEARS),
        "organisation": lambda: _("Välj vilken organisation som ska användas."),
        "managers": lambda: _(
            "Skriv antalet chefer som ett tal från %(least)d till %(most)d.",
            least=rehearsing.FEWEST_MANAGERS,
            most=MOST_MANAGERS,
        ),
        "in_time": lambda: _("Välj hur många som svarar i tid."),
        "assumed": lambda: _("Välj bland antagandena."),
    }[name]()


def show(asked: Asked) -> str:
    with database().page() as tx:
        found = choices(tx)
        mine = rehearsing.mine(tx, actor())
        units, positions = len(identity.units(tx)), len(identity.positions(tx))
    asked.key = asked.key or (found[0].key if found else "")
    return render_template(
        "cockpit/rehearsals.html",
        choices=found,
        asked=asked,
        mine=mine,
        wanted_of=rehearsing.wanted_of,
        units=units,
        positions=positions,
        shares=IN_TIME,
        most_years=MOST_YEARS,
        names={choice.key: choice.package.name for choice in found},
    )


def choices(tx: Tx) -> list[Choice]:
    newest = deployments.newest(tx, by_year=True)
    return [Choice(d.key, d.package) for d in newest if d.package.start is not None and d.package.start.at is not None]


@blueprint.get("/rehearsals/<int:rehearsal_id>")
@allow("cockpit")
def rehearsal(rehearsal_id: int) -> ResponseReturnValue:
    """Under way: how far it has come, on a page that loads itself again. Over: what it showed."""
    with database().page() as tx:
        found = rehearsing.find(tx, rehearsal_id, actor())
        wanted = rehearsing.wanted_of(found.wanted)
        package = deployments.latest(tx, wanted.key).package
        live = live_days(tx) if found.state == "done" else []
    if (reload := errands.over(found)) is not None:
        return reload
    if found.result is None:
        left = errands.is_left(found)
        return render_template(
            "cockpit/rehearsal_waiting.html", rehearsal=found, wanted=wanted, package=package, left=left
        )
    return result_page(found, wanted, package, live)


def result_page(found: Errand, wanted: Wanted, package: Package, live: list[Dated]) -> str:
    document = found.result or {}
    lines = rehearsed.lines(document)
    way = request.args.get("by", "month")
    way = way if way in rehearsed.WAYS else "month"
    role = request.args.get("role", "")
    role = role if role in rehearsed.roles(lines) else ""
    periods = rehearsed.periods(lines, way, role)
    return render_template(
        "cockpit/rehearsal.html",
        rehearsal=found,
        wanted=wanted,
        package=package,
        document=document,
        periods=periods,
        chart=columns([short(p.first, way) for p in periods], [[p.opens for p in periods], [p.mail for p in periods]]),
        peaks=rehearsed.peaks(lines, role),
        clashes=rehearsed.clashes(rehearsed.dated(document), live),
        roles=role_names(document, lines),
        role=role,
        way=way,
        period_name=period_name,
        short_day=lambda day: format_date(day, "d MMM y", locale=get_locale()),
        week_name=lambda text: period_name(week_of(text), "week"),
        workdays=lambda task: calendar.workdays(date.fromisoformat(task["opens"]), date.fromisoformat(task["due"])),
        both=lambda text: Text(text["sv"], text["en"]),
        on=date.fromisoformat,
        totals={what: sum(line.count for line in lines if line.what == what) for what in ("opens", "mail")},
    )


def live_days(tx: Tx) -> list[Dated]:
    """What runs already, day by day, for those who will get both."""
    found = workload.ahead(tx, now(), now() + LIVE_AHEAD)
    return [
        Dated(w.title, (w.role,), dates.civil(w.opens_at or w.due_at), dates.civil(w.due_at), rehearsed=False)
        for w in found
    ]


def role_names(document: rehearsed.DOCUMENT, lines: list[Line]) -> dict[str, Text]:
    known = document["roles"]
    return {
        name: Text(capital(known[name]["sv"]), capital(known[name]["en"])) if name in known else Text(name, name)
        for name in rehearsed.roles(lines)
    }


def week_of(text: str) -> date:
    """The Monday of 2027-W44."""
    year, _sign, week = text.partition("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def period_name(first: date, way: str) -> str:
    """November 2027; vecka 44 2027 (1–7 nov.); 1 november 2027."""
    if way == "month":
        return str(format_date(first, "LLLL y", locale=get_locale()))
    if way == "day":
        return dates.day(first)
    last = first + timedelta(days=6)
    year, week, _day = first.isocalendar()
    pattern = "d" if first.month == last.month else "d MMM"
    days = f"{format_date(first, pattern, locale=get_locale())}–{format_date(last, 'd MMM', locale=get_locale())}"
    return _("vecka %(week)d %(year)d (%(days)s)", week=week, year=year, days=days)


def short(first: date, way: str) -> str:
    """A name that fits under a column."""
    if way == "week":
        return _("v. %(week)d", week=first.isocalendar().week)
    return str(format_date(first, "MMM yy" if way == "month" else "d MMM", locale=get_locale())).replace(".", "")


@blueprint.get("/rehearsals/<int:rehearsal_id>/calendar.csv")
@allow("cockpit")
def rehearsal_csv(rehearsal_id: int) -> Response:
    with database().page() as tx:
        found = rehearsing.find(tx, rehearsal_id, actor())
    document = found.result or {"lines": [], "roles": {}, "titles": {}}
    header = [_("Dag"), _("Vecka"), _("Vad"), _("Roll"), _("Planår"), _("Uppgift"), _("Antal")]
    wanted = rehearsing.wanted_of(found.wanted)
    name = f"repetition-{wanted.key}-{wanted.plan_year}.csv".replace("_", "-")
    return csvfile.download(name, header, csv_rows(document))


def csv_rows(document: rehearsed.DOCUMENT) -> Iterator[list[object]]:
    """By day; a mail's task is the kind of mail it is."""
    lines = rehearsed.lines(document)
    names = role_names(document, lines)
    for line in lines:
        title = document["titles"].get(f"{line.about} {line.plan_year}")
        about = in_words(Text(title["sv"], title["en"])) if title else mail_word(line.about)
        year, week, _day = line.day.isocalendar()
        role = in_words(names[line.role]) if line.role in names else ""
        when = [line.day.isoformat(), f"{year}-{week:02d}"]
        yield [*when, what_word(line.what), role, line.plan_year or "", about, line.count]


def what_word(what: str) -> str:
    return {"opens": lambda: _("Uppgift öppnar"), "due": lambda: _("Sista dag"), "mail": lambda: _("Mejl")}[what]()


def mail_word(kind: str) -> str:
    """What kind of mail it is, by its first message."""
    words = {
        "task_assigned": lambda: _("Ny uppgift"),
        "reminder": lambda: _("Påminnelse"),
        "overdue": lambda: _("Sista dagen har gått"),
        "escalation": lambda: _("Påminnelse till överordnad chef"),
        "take_over": lambda: _("Övertagen uppgift"),
        "notice": lambda: _("Besked"),
    }
    return words[kind]() if kind in words else kind


@blueprint.post("/rehearsals/<int:rehearsal_id>/discard")
@allow("cockpit")
def discard_rehearsal(rehearsal_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        rehearsing.discard(tx, rehearsal_id, by=actor())
    flash(_("Repetitionen är borttagen."), "success")
    return redirect(url_for("cockpit.rehearsals"))
