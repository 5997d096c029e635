"""Taking the history away: every event as the verifier reads it, or one instance's sentences for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, redirect, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from engine import history, instances
from engine.history import anchoring, bundle, exports
from engine.store.database import Tx
from web import csvfile
from web.audit import reading
from web.audit.blueprint import blueprint
from web.context import database, now, services
from web.permissions import allow
from web.words import gettext as _

MOST_LINES = 50_000


@blueprint.get("/history/export.ndjson")
@allow("history")
def export_ndjson() -> Response:
    return streamed(history.export_ndjson, "export historik.ndjson", "historik.ndjson", "application/x-ndjson")


@blueprint.get("/history/export.csv")
@allow("history")
def export_csv() -> Response:
    return streamed(exports.as_csv, "export historik.csv", "historik.csv", "text/csv")


@blueprint.get("/history/export.xes")
@allow("history")
def export_xes() -> Response:
    return streamed(exports.as_xes, "export historik.xes", "historik.xes", "application/xml")


def streamed(
    format_: Callable[[Tx], Iterator[str] | Iterator[bytes]], noted: str, name: str, mimetype: str
) -> Response:
    """The whole history in that format, on its way while it is read; who takes it is noted."""
    reading.note_reading(noted)

    def pieces() -> Iterator[bytes]:
        with database().page() as tx:
            for piece in format_(tx):
                yield piece.encode() if isinstance(piece, str) else piece

    response = Response(stream_with_context(pieces()), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/history/checkpoint.json")
@allow("history")
def newest_checkpoint() -> ResponseReturnValue:
    """The newest checkpoint, for auditors to keep where nobody else can write; the page says so when there is none."""
    reading.note_reading("checkpoint")
    with database().page() as tx:
        document = anchoring.newest_document(tx)
    if document is None:
        return redirect(url_for("audit.search"))
    response = Response(document, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="kontrollpunkt.json"'
    return response


@blueprint.post("/history/bundle.zip")
@allow("history")
def signed_bundle() -> Response:
    """Posted, since a checkpoint is kept with it."""
    with database().verb() as tx:
        document = history.checkpoint(tx, now()).document
    key = services().config.bundle_key
    return streamed(lambda tx: bundle.pieces(tx, document, key), "bundle", "granskning.zip", "application/zip")


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
        _("Nummer"), _("Tid (UTC)"), _("Tid"), _("Slag"), _("Händelse"), _("Av"), _("Skäl"), _("Gallrat enligt beslut"),
    ]  # fmt: skip
    return csvfile.download(f"historik-{label.key}-{label.plan_year}.csv", header, reading.as_rows(found.lines))
