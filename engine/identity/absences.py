"""A person's days away and who stands in: the deputy sees and does the person's tasks, and the history says for whom.

Days are civil days in Europe/Stockholm, first and last included; when the last has passed it has ended by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from engine import history, outbox
from engine.actor import Actor
from engine.errors import AlreadyExists, Forbidden, InvalidInput, NotFound
from engine.identity import organisation as organisations
from engine.identity import reading
from engine.identity.changes import overlap
from engine.identity.organisation import Absence
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import identity as rows

LONGEST = timedelta(days=730)
FARTHEST = timedelta(days=5 * 366)


def set_absence(
    tx: Tx, person_id: str, deputy_id: str, first_day: date, last_day: date, *, by: Actor, now: datetime
) -> int:
    """The person is away on those days and the deputy stands in; both are told. Gives the absence's id.

    The person, a manager above or who has `operate` may. Raises NotFound, Forbidden, and the first of
    `absence_refusals`.
    """
    ensure_may_set(tx, person_id, by=by, now=now)
    for refusal in absence_refusals(tx, person_id, deputy_id, first_day, last_day, now=now):
        raise refusal
    absence_id = rows.add_absence(
        tx,
        person_id=person_id,
        deputy_id=deputy_id,
        first_day=first_day,
        last_day=last_day,
        set_by=by.person_id,
        set_at=now,
    )
    organisations.changed(tx)
    body = {"absence": absence_id, "person": person_id, "deputy": deputy_id, "from": first_day, "to": last_day}
    history.append(tx, type="absence_set", chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
    _tell(tx, Absence(absence_id, person_id, deputy_id, first_day, last_day, by.person_id), by, now)
    return absence_id


def absence_refusals(
    tx: Tx, person_id: str, deputy_id: str | None, first_day: date | None, last_day: date | None, *, now: datetime
) -> list[InvalidInput | AlreadyExists]:
    """All that is wrong with an absence, at most one thing for each field; what is None is not looked at.

    InvalidInput: field from: too_far; to: before_from, past, absence_too_long; deputy: deputy_same, deputy_inactive,
    deputy_away. AlreadyExists: the person is away on one of those days already. Raises NotFound (no such deputy).
    """
    found = _wrong_days(first_day, last_day, civil_date(now))
    days = (first_day, last_day) if first_day and last_day and first_day <= last_day else None
    if days and not found and _is_away(tx, person_id, days):
        found = [AlreadyExists(what="absence")]
    if deputy_id is not None and (reason := _wrong_deputy(tx, person_id, deputy_id, days)):
        found = [*found, InvalidInput(field="deputy", reason=reason)]
    return found


def end_absence(tx: Tx, absence_id: int, *, by: Actor, now: datetime) -> None:
    """The person is back: yesterday was the last day, or it never begins. Raises NotFound, Forbidden."""
    found = next((a for a in organisations.organisation(tx).absences if a.id == absence_id), None)
    if found is None:
        raise NotFound(what="absence", id=absence_id)
    ensure_may_set(tx, found.person_id, by=by, now=now)
    last_day = max(civil_date(now), found.first_day) - timedelta(days=1)
    if last_day >= found.last_day:
        return
    rows.end_absence(tx, absence_id, last_day)
    organisations.changed(tx)
    body = {
        "absence": absence_id,
        "person": found.person_id,
        "deputy": found.deputy_id,
        "old": found.last_day,
        "new": last_day,
    }
    history.append(tx, type="absence_ended", chain=history.ORGANISATION, occurred_at=now, by=by, body=body)


def ensure_may_set(tx: Tx, person_id: str, *, by: Actor, now: datetime) -> None:
    """The person, a manager above, and who has `operate`. Raises Forbidden, NotFound (no such person)."""
    reading.person(tx, person_id)
    if by.person_id is None or by.person_id == person_id:
        return
    day = civil_date(now)
    if "operate" in reading.capabilities(tx, by.person_id, day) or reading.on(tx, day).leads(by.person_id, person_id):
        return
    raise Forbidden(action="set", kind="absence")


def absences_of(tx: Tx, person_id: str, day: date) -> list[Absence]:
    """The person's absences that have not ended by that day, the first one first."""
    return [a for a in organisations.organisation(tx).absences if a.person_id == person_id and a.last_day >= day]


def standing_in(tx: Tx, person_id: str, day: date) -> list[Absence]:
    """The absences, under way or coming, in which the person is the deputy."""
    return [a for a in organisations.organisation(tx).absences if a.deputy_id == person_id and a.last_day >= day]


def absences_led(tx: Tx, by: Actor, day: date) -> list[Absence]:
    """Those, under way or coming, of the people for whom the actor may set them, the actor's own not among them."""
    if by.person_id is None:
        return []
    on_day = reading.on(tx, day)
    everyone = "operate" in reading.capabilities(tx, by.person_id, day)
    return [
        a
        for a in organisations.organisation(tx).absences
        if a.last_day >= day and a.person_id != by.person_id and (everyone or on_day.leads(by.person_id, a.person_id))
    ]


def on_behalf_of(tx: Tx, person_id: str | None, position_id: str, day: date) -> str | None:
    """The absent person for whom this one acts for the position on that day, if so."""
    return None if person_id is None else reading.on(tx, day).on_behalf_of(person_id, position_id)


def deputises_for(tx: Tx, person_id: str | None, day: date) -> set[str]:
    """Whom the person stands in for on that day."""
    return set() if person_id is None else set(reading.on(tx, day).deputises_for(person_id))


def with_deputies(tx: Tx, person_ids: Iterable[str], day: date) -> list[str]:
    """These people and those who stand in for them on that day, each once."""
    found = list(person_ids)
    on_day = reading.on(tx, day)
    return list(dict.fromkeys(found + [deputy for person in found for deputy in on_day.deputies(person)]))


def _wrong_days(first_day: date | None, last_day: date | None, today: date) -> list[InvalidInput | AlreadyExists]:
    found: list[InvalidInput | AlreadyExists] = []
    if first_day is not None and first_day - today > FARTHEST:
        found.append(InvalidInput(field="from", reason="too_far"))
    if last_day is not None and first_day is not None and last_day < first_day:
        found.append(InvalidInput(field="to", reason="before_from"))
    elif last_day is not None and last_day < today:
        found.append(InvalidInput(field="to", reason="past"))
    elif last_day is not None and first_day is not None and last_day - first_day > LONGEST:
        found.append(InvalidInput(field="to", reason="absence_too_long"))
    return found


def _wrong_deputy(tx: Tx, person_id: str, deputy_id: str, days: tuple[date, date] | None) -> str | None:
    if deputy_id == person_id:
        return "deputy_same"
    if not reading.person(tx, deputy_id).active:
        return "deputy_inactive"
    return "deputy_away" if days and _is_away(tx, deputy_id, days) else None


def _is_away(tx: Tx, person_id: str, days: tuple[date, date]) -> bool:
    known = organisations.organisation(tx).absences
    return any(overlap((a.first_day, a.last_day), days) for a in known if a.person_id == person_id)


def _tell(tx: Tx, found: Absence, by: Actor, now: datetime) -> None:
    person, deputy = reading.person(tx, found.person_id), reading.person(tx, found.deputy_id)
    days_sv = f"{found.first_day.isoformat()} till och med {found.last_day.isoformat()}"
    days_en = f"{found.first_day.isoformat()} to {found.last_day.isoformat()}"
    subject = {
        "sv": f"{deputy.name} är ersättare för {person.name}",
        "en": f"{deputy.name} deputises for {person.name}",
    }
    body = {
        "sv": f"Det gäller {days_sv}. Uppgifterna finns i ersättarens inkorg under den tiden, "
        f"och historiken visar att svaren lämnas som ersättare.",
        "en": f"From {days_en}. The tasks are in the deputy's inbox during that time, "
        f"and the history shows that the answers are given as deputy.",
    }
    told = {deputy.id, person.id} - {by.person_id}
    outbox.announce(
        tx,
        event_key=f"absence:{found.id}",
        person_ids=[found_id for found_id in told if found_id is not None],
        kind="notice",
        content={"subject": subject, "body": body},
        now=now,
    )
