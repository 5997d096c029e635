"""The kinds of person who knock, and which of them an address lets through."""

from __future__ import annotations

from dataclasses import dataclass

HR, HR_HEAD, MANAGER, OTHER_MANAGER = "hr", "hrchef", "tora", "hans"
SECRETARY, AUDITOR, ADMINISTRATOR, EMPLOYEE = "sek-hs", "revi", "sysa", "ovid"
PEOPLE = (HR, HR_HEAD, MANAGER, OTHER_MANAGER, SECRETARY, AUDITOR, ADMINISTRATOR, EMPLOYEE)
ALL = frozenset(PEOPLE)
LEADERS = frozenset({HR, HR_HEAD})
READERS = LEADERS | {AUDITOR}
CYCLE_VERBS = ("pause", "resume", "migrate", "cancel")
HR_ALONE = frozenset({HR})
HR_HEAD_ALONE = frozenset({HR_HEAD})
OWN = frozenset({MANAGER})
NOBODY: frozenset[str] = frozenset()
ABSENT = 999_999


@dataclass(frozen=True)
class Case:
    """An address. Outside `door` and for `unable` 403; behind it 404 for everyone not among `through`."""

    path: str
    door: frozenset[str]
    through: frozenset[str]
    unable: frozenset[str] = NOBODY

    def expected(self, person: str) -> set[int]:
        if person in self.through:
            return DONE
        return {403} if person in self.unable or person not in self.door else {404}


BEHIND_SECRET = {"personal.calendar_file", "cockpit.embedded_wheel", "cockpit.embedded_picture"}
"""Whoever knows the address may read what is there."""

DONE = {200, 302, 409, 422}
"""Through, whatever came of what was sent."""


def door(path: str, who: frozenset[str], *, absent: str | None = None) -> list[Case]:
    """One page behind a door; an object that does not exist is 404 only behind it."""
    return [Case(path, who, who)] + ([Case(absent, who, NOBODY)] if absent else [])


def task(end: str = "", *, read: bool = False) -> list[Case]:
    """The manager's own task and one that does not exist. Strangers do not learn that it exists."""
    return [
        Case(f"/tasks/{{task}}{end}", ALL, READERS | OWN if read else OWN),
        Case(f"/tasks/{ABSENT}{end}", ALL, NOBODY),
    ]


def attachment(end: str) -> list[Case]:
    """A file of the manager's task, for those who may read the task."""
    return [
        Case(f"/attachments/{{attachment}}{end}", ALL, READERS | OWN),
        Case(f"/attachments/{ABSENT}{end}", ALL, NOBODY),
    ]


def several(end: str) -> list[Case]:
    """What the manager does with several tasks is nobody else's to see."""
    return [Case(f"/bulk/{{bulk}}{end}", ALL, OWN), Case(f"/bulk/{ABSENT}{end}", ALL, NOBODY)]


def step(end: str = "") -> list[Case]:
    """Those whose rows of the step are shown together; others have none there."""
    return [
        Case(f"/steps/{{instance}}/collection{end}", ALL, frozenset({MANAGER, OTHER_MANAGER})),
        Case(f"/steps/{ABSENT}/collection{end}", ALL, NOBODY),
        Case(f"/steps/{{instance}}/nothing{end}", ALL, NOBODY),
    ]


def cycle(end: str, who: frozenset[str], *, exists: bool = True) -> list[Case]:
    """Something of a cycle, and of one that does not exist."""
    one = Case("/cycles/{instance}" + end, who, who if exists else NOBODY)
    return [one, Case(f"/cycles/{ABSENT}{end}", who, NOBODY)]


def activity_of(end: str) -> list[Case]:
    return door(f"/activities/{{activity}}{end}", HR_ALONE, absent=f"/activities/{ABSENT}{end}")


def participant(end: str) -> list[Case]:
    return door(f"/participants/{{task}}{end}", HR_ALONE, absent=f"/participants/{ABSENT}{end}")


def sent_in(end: str) -> list[Case]:
    """A version that HR has sent in, and one that nobody has."""
    return door(f"/deployments/staged/{{staged}}{end}", HR_ALONE, absent=f"/deployments/staged/nothing{end}")


def many_at_once(end: str) -> list[Case]:
    return door(f"/batches/{{batch}}{end}", HR_ALONE, absent=f"/batches/{ABSENT}{end}")


MANY = door("/processes/annual_plan/start-many", HR_ALONE, absent="/processes/nothing/start-many")
OF_MANAGER = frozenset({HR, MANAGER, OTHER_MANAGER})
"""Who may say that the manager is away: herself, who leads her, HR."""
ABSENCE_OF = [Case("/absence/of/tora", OF_MANAGER, OF_MANAGER), Case("/absence/of/nobody", ALL, NOBODY)]


def own_rehearsal(end: str) -> list[Case]:
    return [
        Case(f"/rehearsals/{{rehearsal}}{end}", LEADERS, HR_HEAD_ALONE),
        Case(f"/rehearsals/{ABSENT}{end}", LEADERS, NOBODY),
    ]
