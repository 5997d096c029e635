"""A record's way and the answers to an auditor's questions, on one page, and the list of records that have one."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engine import attachments, inquiries, instances
from engine.inquiries import Told
from engine.texts import fill
from web.audit import reading
from web.audit.blueprint import blueprint
from web.audit.wording import Titles, as_read
from web.context import database, in_words, now
from web.permissions import allow


@blueprint.get("/plan-items/<int:record_id>")
@allow("history")
def plan_item(record_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        told = inquiries.inquiry(tx, record_id, now())
        label = instances.label(tx, told.subject.instance_id)
        files = attachments.of_record(tx, record_id)
        with_page = {one.record_id for one in inquiries.subjects(tx, told.subject.instance_id, now())}
        changes = (value for version in told.versions for _name, *pair in version.changes for value in pair)
        titles = Titles(tx, changes)
    reading.note_reading(f"record {record_id}")
    return render_template(
        "audit/plan_item.html", told=told, label=label, with_page=with_page, said=said, titles=titles, files=files
    )


@blueprint.get("/history/<int:instance_id>/items")
@allow("history")
def items(instance_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        label = instances.label(tx, instance_id)
        found = inquiries.subjects(tx, instance_id, now())
    reading.note_reading(f"instance {instance_id} items")
    kinds = {one.type: one.type_name for one in found}
    return render_template("audit/items.html", label=label, kinds=kinds, items=found)


def said(told: Told) -> str:
    """The sentence in the reader's language, its values filled in; one full stop where both have it."""
    sentence = in_words(told.text)
    values = {name: as_read(value) for name, value in told.values.items()}
    ended = {name: text.removesuffix(".") for name, text in values.items() if f"{{{name}}}." in sentence}
    return fill(sentence, {**values, **ended})
