"""Which other steps' days a moved last day would be at odds with: said before it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import sqlalchemy as sa

from engine import activities, feel, flows, identity, step_windows
from engine.errors import InstanceDamaged
from engine.operations.common import counted, day_of, listed, sentence
from engine.rules.calendar import Window, civil_date
from engine.running import Run, peek
from engine.store.database import Tx
from engine.store.tables import activity
from engine.texts import Text

NAMED = 3


def of_last_day(tx: Tx, run: Run, element_id: str, old: datetime, new: datetime) -> tuple[Text, ...]:
    """A sentence for each step whose own days no longer fit when this element's last day goes from `old` to `new`.

    Days that overlap in the process itself (the review ends after the decision's first day) are no clash, and neither
    is a step that has been reached already. In the order of the diagram.
    """
    visits = tx.rows(sa.select(activity).where(activity.c.instance_id == run.id))
    reached = {visit.element_id for visit in visits}
    if new > old:
        return _following(tx, run, element_id, new, reached)
    model, windows = run.deployed.model, step_windows.of_instance(tx, run.id)
    designed, order = run.deployed.windows(run.plan_year), model.order()
    earlier = [e for e in order[: order.index(element_id)] if e in windows and element_id in flows.after(model, [e])]
    ends = {e: windows[e].due for e in _ahead(tx, run) - reached if e in windows}
    ends |= {visit.element_id: visit.due_at for visit in visits if visit.state in ("coming", "open")}
    return tuple(
        said
        for e in earlier
        if e in run.deployed.tasks and e in ends and designed[e].due < designed[element_id].due
        for said in _too_late(run, e, ends[e], new)
    )


def of_move(tx: Tx, run: Run, left: str, element_id: str, new: datetime) -> tuple[Text, ...]:
    """The same for the steps after one that the process is moved to from `left`, with the last day `new` there.

    Those that have been done come again; only the ones that are under way beside it wait for nobody.
    """
    beside = {visit.element_id for visit in activities.live(tx, run.id)} - {left}
    return _following(tx, run, element_id, new, beside)


def _following(tx: Tx, run: Run, element_id: str, new: datetime, passed: set[str]) -> tuple[Text, ...]:
    model, windows = run.deployed.model, step_windows.of_instance(tx, run.id)
    designed = run.deployed.windows(run.plan_year)
    after, order = flows.after(model, [element_id]), model.order()
    later = [
        e
        for e in order[order.index(element_id) + 1 :]
        if e in after and e in run.deployed.tasks and e in windows and e not in passed
    ]
    return tuple(
        said for e in later for said in _too_soon(tx, run, e, windows[e], designed[e], designed[element_id], new)
    )


def _ahead(tx: Tx, run: Run) -> set[str]:
    """What the process may still come to from where it stands; of a damaged instance nobody knows."""
    try:
        return flows.after(
            run.deployed.model, {wait.element_id for wait in peek(tx, run.id, now=run.now).execution.waits()}
        )
    except InstanceDamaged:
        return set()


def _too_soon(
    tx: Tx, run: Run, element_id: str, window: Window, designed: Window, own: Window, new: datetime
) -> Iterator[Text]:
    """A following step whose last day, or else whose first, has gone by when it can begin."""
    due_by = designed.due > own.due and window.due <= new
    first = window.opens if designed.opens is not None and designed.opens >= own.due else None
    if not due_by and (first is None or first > new):
        return
    people = _asked(tx, run, element_id)
    if people is None:
        return
    facts = {"title": _title(run, element_id), "new": day_of(new), "due": day_of(window.due), "people": people}
    if due_by:
        yield sentence(
            "”{title}” ska vara klar senast {due}, men kan få vänta till efter {new}: den blir sen redan när den "
            "öppnar. Det gäller {people}.",
            "“{title}” is due by {due}, but may have to wait until after {new}: it is late as soon as it opens. "
            "This concerns {people}.",
            **facts,
        )
    elif first is not None:
        yield sentence(
            "”{title}” öppnar {opens}, men kan få vänta till efter {new}: då återstår {days} till dess sista dag, "
            "{due}. Det gäller {people}.",
            "“{title}” opens {opens}, but may have to wait until after {new}: that leaves {days} until its last day, "
            "{due}. This concerns {people}.",
            opens=day_of(first), days=_days(civil_date(new), civil_date(window.due)), **facts,
        )  # fmt: skip


def _too_late(run: Run, element_id: str, due: datetime, new: datetime) -> Iterator[Text]:
    """A step before it that may go on past the new last day."""
    if due >= new:
        yield sentence(
            "”{title}” kommer före och får pågå till {due}, så det här steget kan öppna efter sin nya sista dag.",
            "“{title}” comes before it and may go on until {due}, so this step may open after its new last day.",
            title=_title(run, element_id), due=day_of(due),
        )  # fmt: skip


def _title(run: Run, element_id: str) -> Text:
    return run.deployed.tasks[element_id].title.fill(run.names())


def _asked(tx: Tx, run: Run, element_id: str) -> Text | None:
    """Whom the step would ask today: how many when there are several, and the first names. None: nobody at all."""
    multi = run.deployed.model.element(element_id).multi
    try:
        positions = activities.participants(tx, run, run.deployed.tasks[element_id], multi)
    except feel.FeelError:
        return Text("dem som tidigare svar avgör", "those whom earlier answers decide")
    if not positions:
        return None
    day = civil_date(run.now)
    names = {holder.name for position in positions for holder in identity.actors_for(tx, position.id, day)}
    people = listed(sorted(names), NAMED) if names else Text("ingen som är utsedd i dag", "nobody appointed today")
    if len(positions) == 1:
        return people
    number = counted(len(positions), ("befattning", "position"), ("befattningar", "positions"))
    return sentence("{number} ({people})", "{number} ({people})", number=number, people=people)


def _days(first: date, last: date) -> Text:
    return counted((last - first).days, ("dag", "day"), ("dagar", "days"))
