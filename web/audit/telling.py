"""What the package tells an auditor: a record's way with the answers to the questions about it, and the report of what
happened against the guideline, as a page that prints and as a file for spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from engine import attachments, deviations, inquiries, instances
from engine.deviations import Move, Paragraph, Report, Visit
from engine.inquiries import Told
from engine.texts import fill
from web import csvfile, dates
from web.audit import reading
from web.audit.blueprint import blueprint
from web.audit.sentences import a_day
from web.audit.wording import Titles, as_read, is_told
from web.context import database, in_words, now
from web.permissions import allow
from web.words import gettext as _
from web.words import lazy_gettext as _l

VERDICTS = {
    "kept": _l("i tid"),
    "late": _l("efter sista dagen"),
    "overdue": _l("inte klart, sista dagen har passerat"),
    "not_yet": _l("inte klart än"),
    "cancelled": _l("avbrutet"),
}


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
    values = {name: as_read(value) if is_told(value) else _("inte angivet") for name, value in told.values.items()}
    ended = {name: text.removesuffix(".") for name, text in values.items() if f"{{{name}}}." in sentence}
    return fill(sentence, {**values, **ended})


@blueprint.get("/history/<int:instance_id>/departures")
@allow("history")
def departures(instance_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        label = instances.label(tx, instance_id)
        found = deviations.report(tx, instance_id, now())
    reading.note_reading(f"instance {instance_id} departures")
    return render_template(
        "audit/departures.html", label=label, report=found, verdicts=VERDICTS, missed=missed, moved=moved, said=said
    )


@blueprint.get("/history/<int:instance_id>/departures.csv")
@allow("history")
def departures_csv(instance_id: int) -> Response:
    with database().page() as tx:
        label = instances.label(tx, instance_id)
        found = deviations.report(tx, instance_id, now())
    reading.note_reading(f"instance {instance_id} departures csv")
    header = [_("Paragraf"), _("Slag"), _("Vad"), _("Öppnade"), _("Blev klar"), _("Utfall"), _("Skäl")]
    return csvfile.download(f"avsteg-{label.key}-{label.plan_year}.csv", header, as_rows(found))


def as_rows(report: Report) -> Iterator[list[str]]:
    """One line for each thing that the page tells."""
    for paragraph in report.paragraphs:
        yield from _rows_of(paragraph)
    for one in report.disorder:
        yield [
            "", _("Ordning"), _("%(step)s öppnade innan %(before)s var klar", step=in_words(one.step),
                                before=in_words(one.before)),
            dates.machine_day(one.opened_at), dates.machine_day(one.before_ended_at), "", "",
        ]  # fmt: skip


def _rows_of(paragraph: Paragraph) -> Iterator[list[str]]:
    name = paragraph.guideline
    for visit in paragraph.visits:
        yield [
            name, _("Svarstid"), in_words(visit.title), dates.machine_day(visit.opened_at),
            dates.machine_day(visit.ended_at), str(VERDICTS[visit.verdict]), missed(visit),
        ]  # fmt: skip
    for move in paragraph.moves:
        yield [name, _("Flyttad dag"), in_words(move.title), "", "", moved(move), move.reason]
    for noted in paragraph.noted:
        yield [name, _("Avsteg"), in_words(noted.text), dates.machine_day(noted.at), "", noted.by or "", ""]
    for part in paragraph.told:
        yield from ([name, in_words(part.title), said(line), "", "", "", ""] for line in part.lines)


def missed(visit: Visit) -> str:
    """How many answered after the last day, and who did not answer."""
    return " ".join(said for said in (after(visit), silent(visit)) if said)


def after(visit: Visit) -> str:
    if not visit.after:
        return ""
    return _("%(after)d av %(total)d svarade efter sista dagen.", after=visit.after, total=visit.total)


def silent(visit: Visit) -> str:
    """Their units when they are few, else how many."""
    if not visit.silent:
        return ""
    if visit.silent_names:
        return _("Inget svar från: %(units)s.", units="; ".join(visit.silent_names))
    return _("%(silent)d av %(total)d svarade inte.", silent=visit.silent, total=visit.total)


def moved(move: Move) -> str:
    return _("från %(old)s till %(new)s", old=a_day(move.old), new=a_day(move.new))
