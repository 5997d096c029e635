"""Work on very many at once: what there is, how far it has come, and its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import deployments
from engine.batches import making, reading, steering
from engine.batches.reading import Item, Progress
from engine.errors import NotFound
from engine.rules.business_keys import YEAR
from engine.rules.packages import Package
from engine.store.database import Tx
from web import csvfile
from web.cockpit.batch_words import item_state, said_of
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Operation, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _

STEPS = {"pause": steering.pause, "resume": steering.resume, "cancel": steering.cancel, "retry": steering.retry}


@dataclass(frozen=True)
class Line:
    """An item as the page shows it."""

    item: Item
    state: str
    said: list[str]


@blueprint.get("/batches")
@allow("operate")
def batches() -> ResponseReturnValue:
    with database().page() as tx:
        found = reading.newest(tx)
        keys = deployments.deployed_keys(tx, by_year=False)
        startable = [(key, deployments.latest(tx, key).package.name) for key in keys]
    return render_template("cockpit/batches.html", batches=found, startable=startable)


@blueprint.get("/batches/<int:batch_id>")
@allow("operate")
def batch(batch_id: int) -> ResponseReturnValue:
    show = "failed" if request.args.get("show") == "failed" else "all"
    after = request.args.get("after", 0, type=int)
    with database().page() as tx:
        found = reading.progress(tx, batch_id)
        shown = lines(tx, found, show, after, reading.PAGE)
    following = shown[-1].item.number if len(shown) == reading.PAGE else None
    return render_template("cockpit/batch.html", batch=found, lines=shown, show=show, after=after, following=following)


@blueprint.get("/batches/<int:batch_id>/items.csv")
@allow("operate")
def batch_items(batch_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = reading.progress(tx, batch_id)
        shown = lines(tx, found, "all", 0, making.LARGEST)
    header = [_("Rad"), _("Namn"), _("Läge"), _("Vad som ändras, eller vad som är fel")]
    cells = [[line.item.number, in_words(line.item.name), line.state, " ".join(line.said)] for line in shown]
    return csvfile.download(f"arbete-{batch_id}.csv", header, cells)


@blueprint.post("/batches/<int:batch_id>/begin")
@allow("operate")
def begin_batch(batch_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        making.begin(tx, batch_id, by=actor(), now=now())
    flash(_("Arbetet har börjat. Du kan lämna sidan; det går vidare av sig självt."), "success")
    return redirect(url_for("cockpit.batch", batch_id=batch_id))


@blueprint.route("/batches/<int:batch_id>/<what>", methods=["GET", "POST"])
@allow("operate")
def steer_batch(batch_id: int, what: str) -> ResponseReturnValue:
    """Pausing, resuming, cancelling, trying again: each says first what it does, and asks why."""
    if what not in STEPS:
        raise NotFound(kind="page")
    with database().page() as tx:
        found = reading.progress(tx, batch_id)
    title, button, done = words(found)[what]
    return run(
        Operation(
            title=title,
            kicker=in_words(found.process),
            button=button,
            done=done,
            back=(url_for("cockpit.batch", batch_id=batch_id), _("Tillbaka till arbetet")),
            preview=lambda tx, _v: reading.preview(tx, batch_id, what),
            carry_out=lambda tx, _v, why: STEPS[what](tx, batch_id, reason=why, by=actor(), now=now()),
            grave=what == "cancel",
        )
    )


def words(found: Progress) -> dict[str, tuple[str, str, str]]:
    """Title, button and receipt of each step."""
    return {
        "pause": (_("Pausa arbetet"), _("Pausa"), _("Arbetet är pausat.")),
        "resume": (_("Återuppta arbetet"), _("Återuppta"), _("Arbetet går vidare.")),
        "cancel": (_("Avbryt arbetet"), _("Avbryt för gott"), _("Arbetet är avbrutet.")),
        "retry": (
            _("Pröva igen det som lades åt sidan"), _("Pröva igen"),
            _("%(count)d prövas igen.", count=found.failed),
        ),
    }  # fmt: skip


def lines(tx: Tx, found: Progress, show: str, after: int, limit: int) -> list[Line]:
    """The items with their words."""
    package = deployments.latest(tx, found.key).package
    labels = column_labels(package)
    return [
        Line(item, item_state(item.state), said_of(item, labels))
        for item in reading.items(tx, found.id, show, after, limit)
    ]


def column_labels(package: Package) -> dict[str, Any]:
    """What the columns are called, in the reader's language."""
    return {YEAR: _("Planår"), **{column.name: in_words(column.label) for column in package.columns}}
