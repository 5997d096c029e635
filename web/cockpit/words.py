"""Small texts that templates of the cockpit and the auditor's room ask for."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date
from flask_babel import get_locale

from web import dates
from web.cockpit.blueprint import blueprint


@blueprint.app_template_global("period")
def period(opens: datetime | None, closes: datetime) -> str:
    """1–31 mars 2026; 1 november – 31 december 2026; with both years when they differ."""
    last = dates.civil(closes)
    if opens is None or (first := dates.civil(opens)) == last:
        return dates.day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{dates.day(last)}"
    pattern = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{format_date(first, pattern, locale=get_locale())} – {dates.day(last)}"


def capital(text: str) -> str:
    """A role's name as it begins a line."""
    return text[:1].upper() + text[1:]
