"""Instants and days as people say them, in Europe/Stockholm and the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from flask_babel import get_locale

from engine.clock import STOCKHOLM
from engine.rules.calendar import civil_date
from web import context
from web.words import gettext, ngettext

IN_MONTHS = 120
"""Days: further ahead than this is told in months."""
DAYS_IN_A_MONTH = 30.44


def civil(moment: datetime | date) -> date:
    """The day in Stockholm."""
    return civil_date(moment) if isinstance(moment, datetime) else moment


def today() -> date:
    return civil(context.now())


def day(moment: datetime | date | None) -> str:
    """31 december 2026."""
    return "" if moment is None else format_date(civil(moment), "d MMMM y", locale=get_locale())


def full_day(moment: datetime | date) -> str:
    """Torsdag 31 december 2026, where somebody chooses a day."""
    return format_date(civil(moment), "EEEE d MMMM y", locale=get_locale())


def last_day(moment: datetime | date | None) -> str:
    """31 december, with the year when it is not this one."""
    if moment is None:
        return ""
    pattern = "d MMMM" if civil(moment).year == today().year else "d MMMM y"
    return format_date(civil(moment), pattern, locale=get_locale())


def clock_time(moment: datetime) -> str:
    """kl. 14.00; in English 14:00."""
    local = moment.astimezone(STOCKHOLM)
    return gettext("kl. %(hour)s.%(minute)s", hour=f"{local:%H}", minute=f"{local:%M}")


def moment(instant: datetime | None) -> str:
    """22 november 2026 kl. 14.00."""
    return "" if instant is None else f"{day(instant)} {clock_time(instant)}"


def moment_of_wall(instant: datetime | None) -> str:
    """An instant of wall time as the process clock told it: in the demo, where that clock has been moved."""
    clock = context.services().clock
    return "" if instant is None else moment(instant + (clock.now() - clock.wall()))


def wall_of(instant: datetime) -> datetime:
    """The wall time at which the process clock told that instant: the other way around."""
    clock = context.services().clock
    return instant - (clock.now() - clock.wall())


def machine_day(instant: datetime | date | None) -> str:
    """2026-12-31, for the attribute of a time element."""
    return "" if instant is None else civil(instant).isoformat()


def relative_day(due: datetime | date | None) -> str:
    """I dag, i morgon, om 3 dagar, 2 dagar sent; far ahead in months, since nobody counts the days then."""
    if due is None:
        return ""
    days = (civil(due) - today()).days
    if days < 0:
        return ngettext("%(num)d dag sent", "%(num)d dagar sent", -days)
    if days == 0:
        return gettext("i dag")
    if days == 1:
        return gettext("i morgon")
    if days > IN_MONTHS:
        return ngettext("om %(num)d månad", "om %(num)d månader", round(days / DAYS_IN_A_MONTH))
    return ngettext("om %(num)d dag", "om %(num)d dagar", days)
