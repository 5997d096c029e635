"""The letters' own words, Swedish and English. What a process says comes from its package."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

SV = {
    "greeting": "Hej {name}!",
    "heading.escalation": "Svar saknas",
    "heading.overdue": "Svarstiden har gått ut",
    "heading.reminder": "Påminnelse",
    "heading.take_over": "Du har tagit över",
    "heading.task_assigned": "Att göra",
    "heading.notice": "Att veta",
    "subject.escalation": "Svar saknas: {title}",
    "subject.overdue": "Svarstiden har gått ut: {title}",
    "subject.reminder": "Påminnelse: {title}, senast {due}",
    "subject.take_over": "Du har tagit över: {title}, senast {due}",
    "subject.task_assigned": "{title}, senast {due}",
    "subject.notice": "{title}",
    "count.escalation.one": "svar saknas på 1 uppgift",
    "count.escalation.many": "svar saknas på {n} uppgifter",
    "count.task.one": "1 uppgift",
    "count.task.many": "{n} uppgifter",
    "count.late.one": "varav 1 försenad",
    "count.late.many": "varav {n} försenade",
    "count.notice.one": "1 meddelande",
    "count.notice.many": "{n} meddelanden",
    "about": "i utbildningsplaneringen",
    "all_by": "senast {due}",
    "first_by": "den första senast {due}",
    "reminded": "Påminnelse: {whole}",
    "due": "Senast {due}.",
    "was_due": "Svarstiden gick ut {due}. Du kan fortfarande öppna uppgiften.",
    "was_due.escalation": "Svarstiden gick ut {due}.",
    "missing": "{n} har inte svarat.",
    "missing_names": "Har inte svarat: {names}.",
    "and_more": "{names} och {n} till",
    "handed_over": "{giver} lämnade över uppgiften till dig. Skäl: {reason}",
    "vacant": "Tjänsten är vakant, därför ligger uppgiften hos dig.",
    "quick": "På sidan kan du också svara direkt med knappen ”{quick}”.",
    "left_out": "Uppgifter som redan är besvarade tas inte upp här.",
    "inbox": "Alla dina uppgifter",
    "why": "Du får brevet för att du har en roll i utbildningsplaneringen. Stämmer det inte, säg till HR. "
    "Brevet skickas automatiskt och går inte att svara på.",
}

EN = {
    "greeting": "Hello {name},",
    "heading.escalation": "Answers missing",
    "heading.overdue": "Past the last day",
    "heading.reminder": "Reminder",
    "heading.take_over": "You have taken over",
    "heading.task_assigned": "To do",
    "heading.notice": "For your information",
    "subject.escalation": "Answers missing: {title}",
    "subject.overdue": "Past the last day: {title}",
    "subject.reminder": "Reminder: {title}, by {due}",
    "subject.take_over": "You have taken over: {title}, by {due}",
    "subject.task_assigned": "{title}, by {due}",
    "subject.notice": "{title}",
    "count.escalation.one": "answers missing for 1 task",
    "count.escalation.many": "answers missing for {n} tasks",
    "count.task.one": "1 task",
    "count.task.many": "{n} tasks",
    "count.late.one": "1 of them late",
    "count.late.many": "{n} of them late",
    "count.notice.one": "1 notice",
    "count.notice.many": "{n} notices",
    "about": "in the training planning",
    "all_by": "by {due}",
    "first_by": "the first by {due}",
    "reminded": "Reminder: {whole}",
    "due": "By {due}.",
    "was_due": "The last day was {due}. You can still open the task.",
    "was_due.escalation": "The last day was {due}.",
    "missing": "{n} have not answered.",
    "missing_names": "Have not answered: {names}.",
    "and_more": "{names} and {n} more",
    "handed_over": "{giver} handed the task over to you. Reason: {reason}",
    "vacant": "The position is vacant, so the task has come to you.",
    "quick": "On the page you can also answer at once with the button “{quick}”.",
    "left_out": "Tasks that have been answered already are not listed here.",
    "inbox": "All your tasks",
    "why": "You get this mail because you have a role in the training planning. If that is wrong, tell HR. "
    "It is sent automatically and cannot be replied to.",
}

WORDS: Mapping[str, Mapping[str, str]] = {"sv": SV, "en": EN}


def say(locale: str, key: str, **values: object) -> str:
    """The sentence, with its values. Values are put in as they are: a brace in a title stays a brace."""
    return WORDS[locale][key].format(**values)


def count(locale: str, noun: str, n: int) -> str:
    """`n` of something, in words that agree with the number."""
    return say(locale, f"count.{noun}.{'one' if n == 1 else 'many'}", n=n)


def day(locale: str, value: date) -> str:
    """31 december 2026."""
    return format_date(value, "d MMMM y", locale="sv" if locale == "sv" else "en_GB")
