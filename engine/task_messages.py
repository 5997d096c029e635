"""Telling people about a task: one outbox row for each, in the transaction that caused it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine import outbox
from engine.running import Run
from engine.store.database import Tx


def announce(tx: Tx, run: Run, task: Any, kind: str, person_ids: list[str], event_key: str, **more: Any) -> None:
    """Tell people about a task, in the transaction that caused it."""
    outbox.announce_all(tx, kind, [_announcement(run, task, person_ids, event_key, more)], now=run.now)


def announce_new(tx: Tx, run: Run, tasks: Iterable[tuple[Any, list[str]]]) -> None:
    """Tell those who are asked of tasks just created, each with its own people."""
    told = [_announcement(run, task, people, f"assigned:{task.id}", {}) for task, people in tasks]
    outbox.announce_all(tx, "task_assigned", told, now=run.now)


def _announcement(
    run: Run, task: Any, person_ids: list[str], event_key: str, more: Mapping[str, Any]
) -> outbox.Announcement:
    form = run.deployed.package.forms.get(task.form)
    quick = getattr(form, "quick", None)
    content = {
        "title": {"sv": task.title_sv, "en": task.title_en},
        "unit_name": task.unit_name,
        "due_at": task.due_at.isoformat(),
        "plan_year": task.plan_year,
        "task_id": task.id,
        "url_path": f"/tasks/{task.id}",
        "vacant": task.vacant,
        "step": task.step,
        "quick": {"sv": quick.label.sv, "en": quick.label.en} if quick else None,
        **more,
    }
    return outbox.Announcement(event_key, person_ids, content, run.id, task.id)
