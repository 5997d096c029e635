"""The forms of a page as a browser would send them: as filled in as can be guessed, or with nothing written."""

from __future__ import annotations

import re
from typing import Any

DAY = "2026-12-20"
LOOK_FIRST = ("Visa vad som händer", "Visa vad som skulle gallras")
"""Buttons that show what would happen and change nothing."""
WRITTEN = (
    "self::textarea or self::select or (self::input and not(@type='hidden' or @type='checkbox' or @type='radio' "
    "or @type='submit'))"
)


def kind(path: str) -> str:
    """The address without what tells one object from another."""
    return re.sub(r"\d+", "0", path.partition("?")[0])


def filled(form: Any, path: str) -> tuple[str, dict[str, Any]]:
    """Where the form goes and what a browser would send: the first of each choice, its own values, its main button."""
    data = dict(form.form_values())
    for select in form.xpath(".//select[@name]"):
        choices = [option for option in select.xpath(".//option/@value") if option]
        data[select.get("name")] = data.get(select.get("name")) or (choices[0] if choices else "")
    for radio in form.xpath(".//input[@type='radio']"):
        data.setdefault(radio.get("name"), radio.get("value"))
    for day in form.xpath(".//input[@type='date']"):
        data[day.get("name")] = DAY
    if "_submit" in form.xpath(".//button/@name"):
        data["_submit"] = "1"
    return form.get("action") or path, data


def emptied(form: Any, path: str) -> tuple[str, dict[str, Any]]:
    """The same with nothing written, chosen or ticked."""
    action, data = filled(form, path)
    for field in form.xpath(f".//*[@name][{WRITTEN}]"):
        data[field.get("name")] = ""
    for choice in form.xpath(".//input[@name][@type='radio' or @type='checkbox']"):
        data.pop(choice.get("name"), None)
    return action, data


def is_written_in(form: Any) -> bool:
    """Whether there is anything to write or choose."""
    return bool(form.xpath(f".//*[@name][{WRITTEN} or self::input[@type='radio' or @type='checkbox']]"))


def looks_first(form: Any) -> bool:
    buttons = ["".join(button.itertext()) for button in form.xpath(".//button")]
    return any(words in button for words in LOOK_FIRST for button in buttons)
