"""A sentence for every type of event that the engine writes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from engine.history import Event
from engine.texts import Text
from web import dates
from web.audit.naming import Names
from web.context import in_words
from web.words import gettext as _
from web.words import ngettext

Maker = Callable[[Event, Names], str]


def sentence(event: Event, names: Names) -> str:
    """What happened, with who did it where that matters."""
    maker = SENTENCES.get(event.type)
    return maker(event, names) if maker else _("Händelse av slaget %(type)s.", type=event.type)


def who(event: Event, names: Names) -> str:
    name = event.actor_name or (names.person(event.actor) if event.actor else _("Årshjulet"))
    absent = event.body.get("on_behalf_of")
    return _("%(name)s (ersättare för %(absent)s)", name=name, absent=names.person(absent)) if absent else name


def element(event: Event, names: Names) -> str:
    return names.element(event.instance_id, event.element_id)


def titled(event: Event, names: Names) -> str:
    """The task by its title, in the reader's language where the definition is known."""
    return names.task(event.instance_id, event.element_id) or str(event.body.get("title") or element(event, names))


def a_day(value: Any) -> str:
    """A day written in an event, as ISO text of a day or an instant."""
    if not isinstance(value, str):
        return ""
    try:
        return dates.day(date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value))
    except ValueError:
        return value


def instance_started(e: Event, n: Names) -> str:
    if e.body.get("after_cancelled"):
        return _(
            "%(plan)s startade igen, efter version %(version)s av processen. En tidigare omgång hade avbrutits.",
            plan=n.plan(e.instance_id) or e.body.get("plan_year"),
            version=e.body.get("definition_version"),
        )
    return _(
        "%(plan)s startade, efter version %(version)s av processen.",
        plan=n.plan(e.instance_id) or e.body.get("plan_year"),
        version=e.body.get("definition_version"),
    )


def instance_completed(e: Event, n: Names) -> str:
    return _("%(plan)s är avslutad.", plan=n.plan(e.instance_id))


def instance_suspended(e: Event, n: Names) -> str:
    return _("%(who)s pausade %(plan)s.", who=who(e, n), plan=n.plan(e.instance_id))


def instance_resumed(e: Event, n: Names) -> str:
    return _("%(who)s återupptog %(plan)s.", who=who(e, n), plan=n.plan(e.instance_id))


def instance_cancelled(e: Event, n: Names) -> str:
    return _("%(who)s avbröt %(plan)s.", who=who(e, n), plan=n.plan(e.instance_id))


def instance_migrated(e: Event, n: Names) -> str:
    return _(
        "%(who)s flyttade %(plan)s från version %(old)s av processen till version %(new)s.",
        who=who(e, n), plan=n.plan(e.instance_id), old=e.body.get("old_version"), new=e.body.get("new_version"),
    )  # fmt: skip


def token_moved(e: Event, n: Names) -> str:
    return _(
        "%(who)s flyttade processen från %(old)s till %(new)s.",
        who=who(e, n), old=n.element(e.instance_id, e.body.get("old")), new=n.element(e.instance_id, e.body.get("new")),
    )  # fmt: skip


def element_entered(e: Event, n: Names) -> str:
    return _("Processen kom till %(element)s.", element=element(e, n))


def element_left(e: Event, n: Names) -> str:
    return _("Processen gick vidare från %(element)s.", element=element(e, n))


def element_cancelled(e: Event, n: Names) -> str:
    return _("%(element)s avbröts.", element=element(e, n))


def message_thrown(e: Event, _n: Names) -> str:
    return _("Processen sände meddelandet %(message)s.", message=e.body.get("message"))


def timer_fired(e: Event, n: Names) -> str:
    return _("Tidpunkten %(day)s för %(element)s kom.", day=a_day(e.body.get("due_at")), element=element(e, n))


def event_sent(e: Event, n: Names) -> str:
    return _("%(who)s valde: %(event)s.", who=who(e, n), event=n.event(e.instance_id, str(e.body.get("event"))))


def window_moved(e: Event, n: Names) -> str:
    return _(
        "%(who)s flyttade sista dagen för %(step)s från %(old)s till %(new)s.",
        who=who(e, n), step=element(e, n), old=a_day(e.body.get("old")), new=a_day(e.body.get("new")),
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


def reminded(e: Event, n: Names) -> str:
    people = int(e.body.get("people") or 0)
    return ngettext(
        "%(who)s påminde %(num)d person som inte har svarat om %(step)s.",
        "%(who)s påminde %(num)d personer som inte har svarat om %(step)s.",
        people,
        who=who(e, n),
        step=element(e, n),
    )


def task_cancelled(e: Event, n: Names) -> str:
    return _("Uppgiften ”%(title)s” stängdes utan svar, eftersom planeringen ändrades.", title=titled(e, n))


def activity_opened(e: Event, n: Names) -> str:
    rows = int(e.body.get("rows") or 0)
    due = a_day(e.body.get("due_at"))
    if rows == 1:
        return _("%(step)s öppnade, senast %(due)s.", step=element(e, n), due=due)
    return _("%(step)s öppnade för %(count)d svarande, senast %(due)s.", step=element(e, n), count=rows, due=due)


def activity_ended(e: Event, n: Names) -> str:
    if e.body.get("state") == "closed":
        return _("%(step)s stängdes när svarstiden var slut.", step=element(e, n))
    if e.body.get("late"):
        return _("%(step)s blev klar, efter sista dagen.", step=element(e, n))
    return _("%(step)s blev klar.", step=element(e, n))


def activity_late(e: Event, n: Names) -> str:
    missing = int(e.body.get("open") or 0)
    return ngettext(
        "Sista dagen för %(step)s har passerat. %(num)d har inte svarat.",
        "Sista dagen för %(step)s har passerat. %(num)d har inte svarat.",
        missing,
        step=element(e, n),
    )


def task_created(e: Event, n: Names) -> str:
    said = _(
        "Uppgiften ”%(title)s” gick till %(position)s, senast %(due)s.",
        title=titled(e, n), position=n.position(e.body.get("position")), due=a_day(e.body.get("due_at")),
    )  # fmt: skip
    return said + " " + _("Befattningen är vakant, så överordnad chef svarar.") if e.body.get("vacant") else said


def task_closed(e: Event, n: Names) -> str:
    return _("Uppgiften ”%(title)s” stängdes utan svar.", title=titled(e, n))


def task_completed(e: Event, n: Names) -> str:
    decider = n.decider(e.instance_id, e.body) if e.body.get("decided_by") else ""
    said = {"title": titled(e, n), "unit": e.body.get("unit_name") or "", "who": who(e, n), "body": decider}
    if decider:
        text = _("Beslut av %(body)s, registrerat av %(who)s: ”%(title)s”.", **said)
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


def departure(e: Event, _n: Names) -> str:
    text = in_words(Text(str(e.body.get("sv") or ""), str(e.body.get("en") or "")))
    if e.body.get("guideline"):
        return _("Avsteg från riktlinjen, avsnitt %(part)s: %(text)s", part=e.body["guideline"], text=text)
    return _("Avsteg från riktlinjen: %(text)s", text=text)


def record_created(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "Nytt: %(record)s nr %(number)s, av %(who)s.",
        record=n.record(e.instance_id, kind), number=e.body.get("record"), who=who(e, n),
    )  # fmt: skip


def record_changed(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "%(who)s ändrade %(record)s nr %(number)s.",
        who=who(e, n), record=n.record(e.instance_id, kind), number=e.body.get("record"),
    )  # fmt: skip


def record_withdrawn(e: Event, n: Names) -> str:
    kind = str(e.body.get("type") or "")
    return _(
        "%(who)s tog tillbaka %(record)s nr %(number)s.",
        who=who(e, n), record=n.record(e.instance_id, kind), number=e.body.get("record"),
    )  # fmt: skip


def notice(e: Event, _n: Names) -> str:
    people = int(e.body.get("people") or 0)
    return ngettext(
        "Meddelandet ”%(subject)s” gick till %(num)d person.",
        "Meddelandet ”%(subject)s” gick till %(num)d personer.",
        people,
        subject=e.body.get("subject"),
    )


def escalated(e: Event, n: Names) -> str:
    missing = int(e.body.get("missing") or 0)
    return ngettext(
        "%(people)s fick en påminnelse om %(step)s: %(num)d svar saknas.",
        "%(people)s fick en påminnelse om %(step)s: %(num)d svar saknas.",
        missing,
        people=n.people(list(e.body.get("to") or [])),
        step=element(e, n),
    )


def follow_on_created(e: Event, n: Names) -> str:
    return _(
        "En följduppgift skapades: ”%(title)s”, senast %(due)s.", title=titled(e, n), due=a_day(e.body.get("due_at"))
    )


def mail_maybe_sent_twice(e: Event, _n: Names) -> str:
    return _("Brevet nr %(number)s kan ha kommit fram två gånger.", number=e.body.get("mail"))


def incident_raised(e: Event, _n: Names) -> str:
    return _("Ett tekniskt fel inträffade: %(message)s", message=e.body.get("message"))


def incident_resolved(e: Event, n: Names) -> str:
    return _("%(who)s åtgärdade det tekniska felet nr %(number)s.", who=who(e, n), number=e.body.get("incident"))


def definition_deployed(e: Event, _n: Names) -> str:
    return _(
        "Version %(version)s av processen %(key)s installerades.", version=e.body.get("version"), key=e.body.get("key")
    )


def unit_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till enheten %(name)s.", who=who(e, n), name=e.body.get("name"))


def person_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till %(person)s.", who=who(e, n), person=n.person(e.body.get("person")))


def person_activated(e: Event, n: Names) -> str:
    return _("%(who)s öppnade kontot för %(person)s igen.", who=who(e, n), person=n.person(e.body.get("person")))


def person_deactivated(e: Event, n: Names) -> str:
    return _("%(who)s avslutade %(person)s.", who=who(e, n), person=n.person(e.body.get("person")))


def position_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till befattningen %(name)s.", who=who(e, n), name=e.body.get("name"))


def position_activated(e: Event, n: Names) -> str:
    return _("%(who)s öppnade befattningen %(name)s.", who=who(e, n), name=n.position(e.body.get("position")))


def position_deactivated(e: Event, n: Names) -> str:
    return _("%(who)s stängde befattningen %(name)s.", who=who(e, n), name=n.position(e.body.get("position")))


def holding_added(e: Event, n: Names) -> str:
    return _(
        "%(person)s fick befattningen %(position)s.",
        person=n.person(e.body.get("person")), position=n.position(e.body.get("position")),
    )  # fmt: skip


def holding_ended(e: Event, n: Names) -> str:
    return _(
        "%(person)s lämnar befattningen %(position)s, sista dag %(day)s.",
        person=n.person(e.body.get("person")), position=n.position(e.body.get("position")),
        day=a_day(e.body.get("new")),
    )  # fmt: skip


def absence_set(e: Event, n: Names) -> str:
    return _(
        "%(who)s angav frånvaro för %(person)s från %(first)s till och med %(last)s, med %(deputy)s som ersättare.",
        who=who(e, n), person=n.person(e.body.get("person")), deputy=n.person(e.body.get("deputy")),
        first=a_day(e.body.get("from")), last=a_day(e.body.get("to")),
    )  # fmt: skip


def absence_ended(e: Event, n: Names) -> str:
    return _(
        "%(who)s avslutade frånvaron för %(person)s. Sista dagen blev %(last)s.",
        who=who(e, n), person=n.person(e.body.get("person")), last=a_day(e.body.get("new")),
    )  # fmt: skip


def mail_settings_changed(e: Event, n: Names) -> str:
    return _("%(who)s ändrade sina mejlinställningar.", who=who(e, n))


def calendar_feed_created(e: Event, n: Names) -> str:
    return _("%(who)s skapade en kalenderadress.", who=who(e, n))


def calendar_feed_revoked(e: Event, n: Names) -> str:
    return _("%(who)s stängde sin kalenderadress.", who=who(e, n))


def roles_saved(_e: Event, _n: Names) -> str:
    return _("Rollerna sparades.")


def organisation_imported(e: Event, n: Names) -> str:
    return _("%(who)s läste in organisationen från filer.", who=who(e, n))


def account_created(e: Event, n: Names) -> str:
    return _("%(person)s fick ett konto.", person=n.person(e.body.get("person")))


def password_set(e: Event, n: Names) -> str:
    return _("%(person)s fick ett nytt lösenord.", person=n.person(e.body.get("person")))


def sessions_ended(e: Event, n: Names) -> str:
    return _("%(who)s loggade ut %(person)s överallt.", who=who(e, n), person=n.person(e.body.get("person")))


def personal_value_erased(e: Event, _n: Names) -> str:
    return _("En personuppgift gallrades efter beslut: %(decision)s.", decision=e.body.get("decision"))


SENTENCES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        instance_started, instance_completed, instance_suspended, instance_resumed, instance_cancelled,
        instance_migrated, token_moved, due_date_changed, participant_added, participant_excused, reminded,
        task_cancelled, element_entered, element_left, element_cancelled, message_thrown,
        timer_fired, event_sent, window_moved, activity_opened, activity_ended, activity_late, task_created,
        task_closed, task_completed, task_harvested, task_taken_back, task_claimed, task_released, task_assigned,
        task_handed_over, task_recalled, comment_added, comment_withdrawn, attachment_added,
        attachment_removed, follow_up_set, follow_up_cleared,
        departure, record_created, record_changed, record_withdrawn, notice, escalated, mail_maybe_sent_twice,
        follow_on_created,
        incident_raised, incident_resolved, definition_deployed, unit_added, person_added, person_activated,
        person_deactivated, position_added, position_activated, position_deactivated, holding_added, holding_ended,
        absence_set, absence_ended, mail_settings_changed, calendar_feed_created, calendar_feed_revoked,
        roles_saved, organisation_imported, account_created, password_set, sessions_ended, personal_value_erased,
    )
}  # fmt: skip
