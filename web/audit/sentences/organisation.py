"""People, positions, accounts."""

from __future__ import annotations

from engine.history import Event
from engine.history.verifier import spaced
from web.audit.naming import Names
from web.audit.sentences.parts import a_day, by_type, who
from web.words import gettext as _
from web.words import ngettext


def unit_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till enheten %(name)s.", who=who(e, n), name=e.body.get("name"))


def person_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till %(person)s.", who=who(e, n), person=n.person(e.body.get("person")))


def person_activated(e: Event, n: Names) -> str:
    return _("%(who)s öppnade kontot för %(person)s igen.", who=who(e, n), person=n.person(e.body.get("person")))


def person_deactivated(e: Event, n: Names) -> str:
    return _("%(who)s stängde kontot för %(person)s.", who=who(e, n), person=n.person(e.body.get("person")))


def position_added(e: Event, n: Names) -> str:
    return _("%(who)s lade till befattningen %(name)s.", who=who(e, n), name=e.body.get("name"))


def holding_added(e: Event, n: Names) -> str:
    return _(
        "%(person)s fick befattningen %(position)s.",
        person=n.person(e.body.get("person")), position=n.position(e.body.get("position")),
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


def wheel_link_created(e: Event, n: Names) -> str:
    return _("%(who)s skapade en adress till årshjulet för %(place)s.", who=who(e, n), place=e.body.get("label"))


def wheel_link_revoked(e: Event, n: Names) -> str:
    return _("%(who)s stängde adressen till årshjulet för %(place)s.", who=who(e, n), place=e.body.get("label"))


def roles_saved(_e: Event, _n: Names) -> str:
    return _("Rollerna sparades.")


def organisation_imported(e: Event, n: Names) -> str:
    return _("%(who)s läste in organisationen från filer.", who=who(e, n))


def account_created(e: Event, n: Names) -> str:
    return _("%(person)s fick ett konto.", person=n.person(e.body.get("person")))


def password_set(e: Event, n: Names) -> str:
    if e.actor is not None and e.actor == e.body.get("person"):
        return _("%(person)s bytte lösenord.", person=n.person(e.actor))
    return _("%(person)s fick ett nytt lösenord.", person=n.person(e.body.get("person")))


def sessions_ended(e: Event, n: Names) -> str:
    return _("%(who)s loggade ut %(person)s överallt.", who=who(e, n), person=n.person(e.body.get("person")))


def personal_value_erased(e: Event, _n: Names) -> str:
    return _("En personuppgift gallrades efter beslut: %(decision)s.", decision=e.body.get("decision"))


def text_erased(e: Event, n: Names) -> str:
    places = e.body.get("places")
    count = sum(places.values()) if isinstance(places, dict) else 0
    return ngettext(
        "%(who)s gallrade en text på %(num)d ställe efter beslut: %(decision)s.",
        "%(who)s gallrade en text på %(num)d ställen efter beslut: %(decision)s.",
        count, who=who(e, n), decision=e.body.get("decision"),
    )  # fmt: skip


def signing_key_changed(e: Event, _n: Names) -> str:
    new = spaced(str(e.body.get("new")))
    if e.body.get("old") is None:
        return _("Granskningspaketen signeras med nyckeln %(new)s.", new=new)
    return _(
        "Granskningspaketen signeras från och med nu med nyckeln %(new)s, inte längre med %(old)s.",
        new=new, old=spaced(str(e.body.get("old"))),
    )  # fmt: skip


MAKERS = by_type(
    unit_added, person_added, person_activated, person_deactivated, position_added, holding_added,
    absence_set, absence_ended, mail_settings_changed,
    calendar_feed_created, calendar_feed_revoked, roles_saved, organisation_imported, account_created, password_set,
    sessions_ended, personal_value_erased, text_erased, signing_key_changed, wheel_link_created, wheel_link_revoked,
)  # fmt: skip
