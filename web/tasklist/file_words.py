"""What is said about files: their size, and why one is not taken."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask_babel import get_locale

from engine.attachments import Limits
from web.words import gettext as _


def file_size(size: int) -> str:
    """12 kB; 1,4 MB: with three figures at most."""
    if size < 1000:
        return _("%(count)d byte", count=size)
    if size < 1_000_000:
        return f"{round(size / 1000)} kB"
    return f"{format_decimal(size / 1_000_000, format='0.#', locale=get_locale())} MB"


def reason(code: str, limits: Limits) -> str:
    """Why a file is refused, with the limit and what to do instead."""
    if code == "too_large":
        return _("filen är för stor. Högst %(size)s går att bifoga.", size=file_size(limits.file_bytes))
    if code == "too_large_together":
        return _("uppgiftens filer blir för stora tillsammans. Högst %(size)s får plats.",
                 size=file_size(limits.task_bytes))  # fmt: skip
    if code == "too_many":
        return _("uppgiften har redan så många filer som går att bifoga, %(count)d.", count=limits.count)
    return REASONS[code]()


REASONS = {
    "empty": lambda: _("filen är tom. Välj en fil med innehåll."),
    "not_a_kind": lambda: _("filer av det slaget tas inte emot. Spara som PDF och försök igen."),
    "other_ending": lambda: _("innehållet är av ett annat slag än filnamnet säger. Spara om filen i sitt program."),
    "old_office": lambda: _("filen har ett äldre format eller lösenord. Spara som docx, xlsx eller PDF utan lösenord."),
    "damaged": lambda: _("filen är skadad. Öppna den i sitt program, spara om den och försök igen."),
    "encrypted": lambda: _("filen är skyddad med lösenord. Spara den utan lösenord."),
    "macros": lambda: _("filen innehåller makron. Spara den utan makron, eller som PDF."),
    "too_much": lambda: _("filen packar upp till för mycket. Spara som PDF och försök igen."),
    "two_kinds": lambda: _("filen innehåller mer än det den ser ut att vara. Spara om den i sitt program."),
}
