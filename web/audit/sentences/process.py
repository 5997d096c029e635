"""How the process went: instances, steps, elements, dates."""

from __future__ import annotations

from engine.history import Event
from web.audit.naming import Names
from web.audit.sentences.parts import a_day, by_type, element, who
from web.words import gettext as _
from web.words import ngettext


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
    return _("Processen gick vidare från ”%(element)s”.", element=element(e, n))


def element_cancelled(e: Event, n: Names) -> str:
    return _("”%(element)s” avbröts.", element=element(e, n))


def message_thrown(e: Event, _n: Names) -> str:
    return _("Processen sände meddelandet %(message)s.", message=e.body.get("message"))


def timer_fired(e: Event, n: Names) -> str:
    return _("Tidpunkten %(day)s för ”%(element)s” kom.", day=a_day(e.body.get("due_at")), element=element(e, n))


def event_sent(e: Event, n: Names) -> str:
    return _("%(who)s valde: %(event)s.", who=who(e, n), event=n.event(e.instance_id, str(e.body.get("event"))))


def window_moved(e: Event, n: Names) -> str:
    return _(
        "%(who)s flyttade sista dagen för ”%(step)s” från %(old)s till %(new)s.",
        who=who(e, n), step=element(e, n), old=a_day(e.body.get("old")), new=a_day(e.body.get("new")),
    )  # fmt: skip


def activity_opened(e: Event, n: Names) -> str:
    rows = int(e.body.get("rows") or 0)
    due = a_day(e.body.get("due_at"))
    if rows == 1:
        return _("”%(step)s” öppnade, senast %(due)s.", step=element(e, n), due=due)
    return _("”%(step)s” öppnade för %(count)d svarande, senast %(due)s.", step=element(e, n), count=rows, due=due)


def activity_ended(e: Event, n: Names) -> str:
    if e.body.get("state") == "closed":
        return _("”%(step)s” stängdes när svarstiden var slut.", step=element(e, n))
    if e.body.get("late"):
        return _("”%(step)s” blev klar, efter sista dagen.", step=element(e, n))
    return _("”%(step)s” blev klar.", step=element(e, n))


def activity_late(e: Event, n: Names) -> str:
    missing = int(e.body.get("open") or 0)
    return ngettext(
        "Sista dagen för ”%(step)s” har passerat. %(num)d har inte svarat.",
        "Sista dagen för ”%(step)s” har passerat. %(num)d har inte svarat.",
        missing,
        step=element(e, n),
    )


def incident_raised(e: Event, _n: Names) -> str:
    return _("Ett tekniskt fel inträffade: %(message)s", message=e.body.get("message"))


def incident_resolved(e: Event, n: Names) -> str:
    return _("%(who)s åtgärdade det tekniska felet nr %(number)s.", who=who(e, n), number=e.body.get("incident"))


def variable_corrected(e: Event, n: Names) -> str:
    return _(
        "%(who)s rättade värdet %(variable)s från %(old)s till %(new)s. Skäl: %(reason)s",
        who=who(e, n),
        variable=e.body.get("variable"),
        old=e.body.get("old"),
        new=e.body.get("new"),
        reason=e.body.get("reason"),
    )


def message_received(e: Event, _n: Names) -> str:
    return _("Meddelandet %(message)s kom från en annan process.", message=e.body.get("message"))


def definition_deployed(e: Event, n: Names) -> str:
    return _(
        "%(who)s driftsatte version %(version)s av processen %(key)s.",
        who=who(e, n),
        version=e.body.get("version"),
        key=e.body.get("key"),
    )


MAKERS = by_type(
    instance_started, instance_completed, instance_suspended, instance_resumed, instance_cancelled,
    instance_migrated, token_moved, element_entered, element_left, element_cancelled, message_thrown, timer_fired,
    event_sent, window_moved, activity_opened, activity_ended, activity_late, incident_raised, incident_resolved,
    definition_deployed, variable_corrected, message_received,
)  # fmt: skip
