"""Every column in which somebody's words may stand, and why the others are not looked through.

A test holds the two lists against the tables, so that a new column with text is thought of.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.store import tables as t


@dataclass(frozen=True)
class Place:
    """Columns of a table. `kind` is the word of the page for what is found there. `stays`: why it cannot be erased."""

    kind: str
    table: sa.Table
    columns: tuple[str, ...]
    stays: str | None = None


PLACES = (
    Place("record", t.record, ("values",)),
    Place("version", t.record_version, ("values",)),
    Place("answer", t.user_task, ("answer",)),
    Place("handover", t.user_task, ("handed_reason",)),
    Place("draft", t.draft, ("data",)),
    Place("comment", t.task_comment, ("text",)),
    Place("file", t.attachment, ("name",)),
    Place("history", t.personal_value, ("value",)),
    Place("message", t.outbox_message, ("content",)),
    Place("mail", t.mail, ("subject", "text", "html", "error")),
    Place("person", t.person, ("name", "email")),
    Place("account", t.account, ("username",)),
    Place("variables", t.instance, ("variables",)),
    Place("fault", t.incident, ("message",)),
    Place("fault", t.job, ("payload", "error")),
    Place("several", t.batch, ("reason",)),
    Place("several", t.batch_item, ("payload", "error")),
    Place("several", t.bulk, ("order",)),
    Place("several", t.bulk_task, ("params",)),
    Place("deployment", t.definition, ("reason",)),
    Place("request", t.idempotency_key, ("result",)),
    Place("errand", t.errand, ("wanted", "detail", "result")),
    Place("filter", t.saved_filter, ("name", "filters")),
    Place("wheel_link", t.wheel_link, ("label",)),
    # What names people only by mistake. It is shown, so that whoever erases knows that it stays.
    Place("title", t.user_task, ("title_sv", "title_en", "unit_name"), "organisation"),
    Place("organisation", t.unit, ("name",), "organisation"),
    Place("organisation", t.position, ("name",), "organisation"),
    Place("key", t.instance, ("business_key",), "key"),
    Place("key", t.batch_item, ("business_key",), "key"),
    Place("chain", t.audit_event, ("body",), "chain"),
)

NOT_LOOKED_THROUGH = {
    "audit_event": "identifiers and hashes; the body is looked through",
    "audit_term": "what the rows of tasks, people and records say, as it was",
    "access_log": "addresses of pages, which hold no personal data (ASVS 14.2.1)",
    "chain_head": "hashes",
    "checkpoint": "hashes",
    "setting": "of the installation",
    "staged_package": "kept for twelve hours, then deleted",
    "calendar_feed": "a hash",
    "sign_in_place": "a hash",
    "record_link": "the name is the package's",
    "definition": "the package's own texts; the reason is looked through",
}
"""Tables of which no other text column is looked through, and why."""

IDENTIFIERS = frozenset(
    """
    id key type kind state role element_id step form token field unit_id follow_on person_id position_id parent_id
    successor_id deputy_id author_id assignee_id handed_by answered_by added_by removed_by created_by set_by made_by
    started_by resolved_by by deployed_by commitment sha256 salt left decision token_hash password_hash message_id
    event_key address outcome rhythm locale function action code problem fingerprint zone opens_civil closes_civil
    windows
    """.split()
)
"""Columns that hold codes, hashes, civil days or identifiers, in whatever table. A person's id is a pseudonym that
the organisation gives; a mail's address goes with its person's, and the mail itself is looked through."""
