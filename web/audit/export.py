"""Taking the history away: every event as the verifier reads it, or one instance's sentences for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context

from engine import history, instances
from web import csvfile
from web.audit import reading
from web.audit.blueprint import blueprint
from web.context import database
from web.permissions import allow
from web.words import gettext as _

MOST_LINES = 50_000


@blueprint.get("/history/export.ndjson")
@allow("history")
def export_ndjson() -> Response:
    reading.note_reading("export")
    response = Response(stream_with_context(exported()), mimetype="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="historik.ndjson"'
    return response


def exported() -> Iterator[str]:
    with database().page() as tx:
        yield from history.export_ndjson(tx)


@blueprint.get("/history/<int:instance_id>.csv")
@allow("history")
def timeline_csv(instance_id: int) -> Response:
    """The newest events that fit what was asked, as many as a spreadsheet takes."""
    question = reading.asked()
    with database().page() as tx:
        label = instances.label(tx, instance_id)
        found = reading.find(tx, question, instance_id, MOST_LINES)
    reading.note_reading(f"instance {instance_id} csv")
    header = [
        _("Nummer"), _("Tid (UTC)"), _("Tid"), _("Slag"), _("Händelse"), _("Av"), _("Skäl"),
    ]  # fmt: skip
    return csvfile.download(f"historik-{label.key}-{label.plan_year}.csv", header, reading.as_rows(found.lines))
