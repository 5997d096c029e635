"""What a user task of a diagram says in our own extension elements, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.texts import Text


@dataclass(frozen=True)
class Reminder:
    """`at`: a day, or a period relative to the due day."""

    at: str


@dataclass(frozen=True)
class Escalation:
    """`to`: role ids, or ("superior",). `message`: a text of the package, or None for the standard one."""

    at: str
    to: tuple[str, ...]
    message: str | None


@dataclass(frozen=True)
class UserTaskSpec:
    """One user task as the package describes it (workflows/README.md, "The diagram")."""

    form: str
    roles: tuple[str, ...]
    step: str
    guideline: str
    completes: str
    at_close: str
    decides: bool
    title: Text
    opens: str | None
    closes: str
    due: str | None
    again: str | None
    where: str | None
    position: str | None
    reminders: tuple[Reminder, ...]
    escalations: tuple[Escalation, ...]

    def window_texts(self) -> dict[str, str]:
        """What the diagram says of the window: opens, closes, due."""
        texts = {"opens": self.opens, "closes": self.closes, "due": self.due}
        return {name: text for name, text in texts.items() if text is not None}


def user_task_spec(extension: Mapping[str, list[Mapping[str, Any]]]) -> UserTaskSpec:
    """Read a checked element's extension. Raises KeyError or IndexError on one that deployment would refuse."""
    task = extension["task"][0]
    window = extension["window"][0]
    title = extension["title"][0]
    participants = extension.get("participants", [{}])[0]
    return UserTaskSpec(
        form=task["form"],
        roles=tuple(task["roles"].split()),
        step=task["step"],
        guideline=task.get("guideline", ""),
        completes=task.get("completes", "when-all"),
        at_close=task.get("at-close", "harvest"),
        decides=task.get("decides") == "true",
        title=Text(title["sv"], title["en"]),
        opens=window.get("opens"),
        closes=window["closes"],
        due=window.get("due"),
        again=window.get("again"),
        where=participants.get("where"),
        position=task.get("position"),
        reminders=tuple(Reminder(r["at"]) for r in extension.get("reminder", [])),
        escalations=tuple(
            Escalation(e["at"], tuple(e["to"].split()), e.get("message")) for e in extension.get("escalation", [])
        ),
    )
