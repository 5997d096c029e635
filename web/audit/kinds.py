"""The kinds of events that a reader filters by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.words import lazy_gettext as _l


@dataclass(frozen=True)
class Kind:
    """A group of event types under one word."""

    id: str
    name: str
    types: tuple[str, ...]


KINDS = (
    Kind("steps", _l("Steg"), (
        "instance_started", "instance_completed", "activity_opened", "activity_ended", "activity_late", "event_sent",
        "instance_suspended", "instance_resumed", "instance_cancelled", "instance_migrated", "token_moved",
        "batch_made", "batch_begun", "batch_paused", "batch_resumed", "batch_cancelled", "batch_retried", "batch_ended",
    )),
    Kind("tasks", _l("Uppgifter"), (
        "task_completed", "task_harvested", "task_taken_back", "task_claimed", "task_released", "task_assigned",
        "follow_on_created", "participant_added", "participant_excused", "task_handed_over", "task_recalled",
        "comment_added", "comment_withdrawn", "attachment_added", "attachment_removed",
        "follow_up_set", "follow_up_cleared",
    )),
    Kind("handed_out", _l("Utdelade och stängda uppgifter"), ("task_created", "task_closed", "task_cancelled")),
    Kind("records", _l("Underlag"), ("record_created", "record_changed", "record_withdrawn")),
    Kind("dates", _l("Datum"), ("window_moved", "due_date_changed")),
    Kind("departures", _l("Avsteg"), ("departure",)),
    Kind("notices", _l("Meddelanden"), ("notice", "reminded", "escalated", "mail_maybe_sent_twice")),
    Kind("faults", _l("Tekniska fel"), ("incident_raised", "incident_resolved", "variable_corrected")),
    Kind("organisation", _l("Organisation och konton"), (
        "unit_added", "person_added", "person_activated", "person_deactivated", "position_added",
        "holding_added", "roles_saved",
        "absence_set", "absence_ended", "mail_settings_changed", "calendar_feed_created", "calendar_feed_revoked",
        "organisation_imported", "account_created", "password_set", "sessions_ended", "personal_value_erased",
        "text_erased", "signing_key_changed", "wheel_link_created", "wheel_link_revoked",
    )),
    Kind("technical", _l("Processens gång"), (
        "element_entered", "element_left", "element_cancelled", "message_thrown", "message_received",
        "timer_fired", "definition_deployed",
    )),
)  # fmt: skip

AT_FIRST = ("steps", "tasks", "records", "dates", "departures", "notices", "faults")
"""What is shown before anyone has chosen: what people did, not each task handed out or the process's own movements."""


def chosen(asked: Sequence[str]) -> list[str]:
    """The ids asked for that exist, in their order; without any, those of the first look."""
    found = [kind.id for kind in KINDS if kind.id in asked]
    return found or list(AT_FIRST)


def types_of(ids: Sequence[str]) -> list[str]:
    return [name for kind in KINDS if kind.id in ids for name in kind.types]
