"""The tables, one module per noun. `metadata` is what the migrations must equal."""

from engine.store.tables.attachments import attachment, attachment_content
from engine.store.tables.base import metadata
from engine.store.tables.batches import batch, batch_item
from engine.store.tables.bulk import bulk, bulk_task
from engine.store.tables.definitions import definition, staged_package
from engine.store.tables.errands import errand
from engine.store.tables.history import access_log, audit_event, audit_term, chain_head, checkpoint, personal_value
from engine.store.tables.identity import absence, account, holding, person, position, sign_in_place, unit
from engine.store.tables.instances import activity, instance
from engine.store.tables.jobs import incident, job
from engine.store.tables.outbox import mail, mail_preference, outbox_message
from engine.store.tables.records import record, record_link, record_version
from engine.store.tables.settings import calendar_feed, idempotency_key, setting, wheel_link
from engine.store.tables.tasks import draft, follow_up, open_work, saved_filter, task_comment, user_task

__all__ = [
    "absence",
    "access_log",
    "account",
    "activity",
    "attachment",
    "attachment_content",
    "audit_event",
    "audit_term",
    "batch",
    "batch_item",
    "bulk",
    "bulk_task",
    "calendar_feed",
    "chain_head",
    "checkpoint",
    "definition",
    "draft",
    "errand",
    "follow_up",
    "holding",
    "idempotency_key",
    "incident",
    "instance",
    "job",
    "mail",
    "mail_preference",
    "metadata",
    "open_work",
    "outbox_message",
    "person",
    "personal_value",
    "position",
    "record",
    "record_link",
    "record_version",
    "saved_filter",
    "setting",
    "sign_in_place",
    "staged_package",
    "task_comment",
    "unit",
    "user_task",
    "wheel_link",
]
