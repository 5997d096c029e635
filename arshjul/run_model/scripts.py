"""What a script task may say when a model is tried out: one command a line, values in FEEL.

`trace VALUE` · `set NAME = VALUE` · `wait SECONDS` · `throw "CODE"`. Nothing else is a script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMANDS = ("trace", "set", "wait", "throw")
SETTING = re.compile(r"([^\W\d]\w*)\s*=(?!=)\s*(.+)")


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is the variable that a `set` gives its value."""

    verb: str
    expression: str
    name: str = ""


class NotAScript(ValueError):
    """A line that is no command; the text is the line."""


def parse(body: str | None) -> list[Command]:
    """The commands of a script body. Raises NotAScript."""
    return [_command(line.strip()) for line in (body or "").splitlines() if line.strip()]


def _command(line: str) -> Command:
    verb, _, rest = line.partition(" ")
    rest = rest.strip()
    if verb not in COMMANDS or not rest:
        raise NotAScript(line)
    if verb != "set":
        return Command(verb, rest)
    found = SETTING.fullmatch(rest)
    if found is None:
        raise NotAScript(line)
    return Command(verb, found.group(2), found.group(1))
