"""A digest as a letter: subject, plain text, HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.digest import SECTIONS, Digest, Entry
from notifications.plain import shorten, wrap
from notifications.words import count, day, say

SUBJECT_LENGTH = 200
NAMES_LISTED = 10


TEMPLATES = Environment(
    loader=PackageLoader("notifications"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.filters["wrap"] = wrap


@dataclass(frozen=True)
class Letter:
    """`subject` is one line of at most 200 characters; `text` has lines of at most 78, longer words apart."""

    subject: str
    text: str
    html: str


def letter(digest: Digest) -> Letter:
    """Write it, in the digest's language."""
    subject = shorten(_subject(digest), SUBJECT_LENGTH)
    values: dict[str, Any] = {
        "digest": digest,
        "subject": subject,
        "sections": [(kind, digest.of_kind(kind)) for kind in SECTIONS if digest.of_kind(kind)],
        "say": partial(say, digest.locale),
        "sentences": partial(_sentences, digest.locale),
    }
    return Letter(
        subject=subject,
        text=TEMPLATES.get_template("digest.txt").render(values),
        html=TEMPLATES.get_template("digest.html").render(values),
    )


def _subject(digest: Digest) -> str:
    """What the only entry says, or how many of each sort there are, the most urgent sort first, and by when."""
    locale = digest.locale
    if len(digest.entries) == 1:
        entry = digest.entries[0]
        if entry.paragraphs:
            return entry.title
        return say(locale, f"subject.{entry.kind}", title=entry.title, due=_due(locale, entry))
    missing, late, notices = (len(digest.of_kind(kind)) for kind in ("escalation", "overdue", "notice"))
    tasks = len(digest.entries) - missing - notices
    parts = [count(locale, "escalation", missing)] if missing else []
    if tasks:
        parts.append(f"{count(locale, 'task', tasks)} {say(locale, 'about')}")
    if late:
        parts.append(count(locale, "late", late))
    elif days := sorted({entry.due for entry in digest.entries if entry.due and entry.kind != "escalation"}):
        parts.append(say(locale, "all_by" if len(days) == 1 else "first_by", due=day(locale, days[0])))
    if notices:
        parts.append(count(locale, "notice", notices))
    whole = ", ".join(parts)
    if len(digest.of_kind("reminder")) == len(digest.entries):
        return say(locale, "reminded", whole=whole)
    return whole[0].upper() + whole[1:]


def _due(locale: str, entry: Entry) -> str:
    return day(locale, entry.due) if entry.due else ""


def _sentences(locale: str, entry: Entry) -> list[str]:
    """What is said of a task beneath its title."""
    if entry.due is None:
        return []
    own = "was_due" if entry.kind == "overdue" else "was_due.escalation"
    said = [say(locale, own if entry.late else "due", due=_due(locale, entry))]
    if entry.missing_names:
        said.append(say(locale, "missing_names", names=_names(locale, entry.missing_names)))
    elif entry.missing:
        said.append(say(locale, "missing", n=entry.missing))
    if entry.giver:
        said.append(say(locale, "handed_over", giver=entry.giver, reason=entry.reason))
    if entry.quick:
        said.append(say(locale, "quick", quick=entry.quick))
    return said


def _names(locale: str, names: tuple[str, ...]) -> str:
    """The first ten, and how many more."""
    listed = ", ".join(names[:NAMES_LISTED])
    more = len(names) - NAMES_LISTED
    return say(locale, "and_more", names=listed, n=more) if more > 0 else listed
