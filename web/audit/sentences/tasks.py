"""What people did with tasks."""

from __future__ import annotations

from engine.history import Event
from web.audit.naming import Names
from web.audit.sentences.parts import a_day, by_type, titled, who
from web.words import gettext as _


def task_created(e: Event, n: Names) -> str:
    said = _(
        "Uppgiften ”%(title)s” gick till %(position)s, senast %(due)s.",
        title=titled(e, n), position=n.position(e.body.get("position")), due=a_day(e.body.get("due_at")),
    )  # fmt: skip
    return said + " " + _("Befattningen är vakant, så överordnad chef svarar.") if e.body.get("vacant") else said


def task_closed(e: Event, n: Names) -> str:
    return _("Uppgiften ”%(title)s” stängdes utan svar.", title=titled(e, n))


def task_cancelled(e: Event, n: Names) -> str:
    return _("Uppgiften ”%(title)s” stängdes utan svar, eftersom planeringen ändrades.", title=titled(e, n))


def task_completed(e: Event, n: Names) -> str:
    decider = n.decider(e.instance_id, e.body) if e.body.get("decided_by") else ""
    said = {"title": titled(e, n), "unit": e.body.get("unit_name") or "", "who": who(e, n), "body": decider}
    if decider:
        said |= {"lead": n.statement(e.instance_id, e.body), "decision": n.decision(e.instance_id, e.body)}
        if said["decision"]:
            text = _("%(lead)s %(body)s, registrerat av %(who)s: %(decision)s (”%(title)s”).", **said)
        else:
            text = _("%(lead)s %(body)s, registrerat av %(who)s: ”%(title)s”.", **said)
    elif e.body.get("previous"):
        text = _("%(who)s ändrade svaret på ”%(title)s” för %(unit)s.", **said)
    else:
        text = _("%(who)s svarade på ”%(title)s” för %(unit)s.", **said)
    return text + " " + _("Det var efter sista dagen.") if e.body.get("late") else text


def task_harvested(e: Event, n: Names) -> str:
    return _(
        "Utkastet av %(who)s blev svar på ”%(title)s” för %(unit)s när svarstiden var slut.",
        who=who(e, n), title=titled(e, n), unit=e.body.get("unit_name") or "",
    )  # fmt: skip


def task_taken_back(e: Event, n: Names) -> str:
    return _("%(who)s tog tillbaka svaret för %(unit)s.", who=who(e, n), unit=e.body.get("unit_name") or "")


def task_claimed(e: Event, n: Names) -> str:
    return _("%(who)s tog uppgiften %(title)s.", who=who(e, n), title=titled(e, n))


def task_released(e: Event, n: Names) -> str:
    return _("%(who)s släppte uppgiften %(title)s.", who=who(e, n), title=titled(e, n))


def task_assigned(e: Event, n: Names) -> str:
    return _(
        "%(who)s lämnade över uppgiften %(title)s till %(person)s.",
        who=who(e, n), title=titled(e, n), person=n.person(e.body.get("new")),
    )  # fmt: skip


def task_handed_over(e: Event, n: Names) -> str:
    return task_assigned(e, n)


def task_recalled(e: Event, n: Names) -> str:
    return _(
        "%(who)s tog tillbaka uppgiften %(title)s från %(person)s.",
        who=who(e, n), title=titled(e, n), person=n.person(e.body.get("old")),
    )  # fmt: skip


def due_date_changed(e: Event, n: Names) -> str:
    return _(
        "%(who)s flyttade sista dagen för ”%(title)s” (%(unit)s) från %(old)s till %(new)s.",
        who=who(e, n), title=titled(e, n), unit=e.body.get("unit_name") or "",
        old=a_day(e.body.get("old")), new=a_day(e.body.get("new")),
    )  # fmt: skip


def participant_added(e: Event, n: Names) -> str:
    return _(
        "%(who)s lade till %(position)s: ”%(title)s”.",
        who=who(e, n), position=n.position(e.body.get("position")), title=titled(e, n),
    )  # fmt: skip


def participant_excused(e: Event, n: Names) -> str:
    return _(
        "%(who)s tog bort uppgiften ”%(title)s” för %(unit)s, som inte behöver svara.",
        who=who(e, n), title=titled(e, n), unit=e.body.get("unit_name") or "",
    )  # fmt: skip


def comment_added(e: Event, n: Names) -> str:
    text = e.body.get("text")
    if not text:
        return _("%(who)s kommenterade %(title)s. Texten är gallrad.", who=who(e, n), title=titled(e, n))
    return _("%(who)s kommenterade %(title)s: ”%(text)s”", who=who(e, n), title=titled(e, n), text=text)


def comment_withdrawn(e: Event, n: Names) -> str:
    return _("%(who)s tog tillbaka en kommentar om %(title)s.", who=who(e, n), title=titled(e, n))


def attachment_added(e: Event, n: Names) -> str:
    said = {"who": who(e, n), "title": titled(e, n), "number": e.body.get("attachment")}
    file = e.body.get("file")
    if not file:
        return _("%(who)s bifogade en fil (nr %(number)s) till %(title)s. Filen är gallrad.", **said)
    return _("%(who)s bifogade filen ”%(name)s” (nr %(number)s) till %(title)s.", name=file["name"], **said)


def attachment_removed(e: Event, n: Names) -> str:
    said = {"who": who(e, n), "title": titled(e, n), "number": e.body.get("attachment")}
    file = e.body.get("file")
    if not file:
        return _("%(who)s tog bort en fil (nr %(number)s) från %(title)s. Filen är gallrad.", **said)
    return _("%(who)s tog bort filen ”%(name)s” (nr %(number)s) från %(title)s.", name=file["name"], **said)


def follow_up_set(e: Event, n: Names) -> str:
    return _(
        "%(who)s lät uppgiften %(title)s vila till %(day)s.",
        who=who(e, n), title=titled(e, n), day=a_day(e.body.get("until")),
    )  # fmt: skip


def follow_up_cleared(e: Event, n: Names) -> str:
    return _("%(who)s tog fram uppgiften %(title)s igen.", who=who(e, n), title=titled(e, n))


def follow_on_created(e: Event, n: Names) -> str:
    return _(
        "En följduppgift skapades: ”%(title)s”, senast %(due)s.", title=titled(e, n), due=a_day(e.body.get("due_at"))
    )


MAKERS = by_type(
    task_created, task_closed, task_cancelled, task_completed, task_harvested, task_taken_back, task_claimed,
    task_released, task_assigned, task_handed_over, task_recalled, due_date_changed, participant_added,
    participant_excused, comment_added, comment_withdrawn, attachment_added, attachment_removed, follow_up_set,
    follow_up_cleared, follow_on_created,
)  # fmt: skip
