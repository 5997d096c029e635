"""Telling people about a task: one outbox row for each, in the transaction that caused it."""

from __future__ import annotations

from typing import Any

from engine import outbox
from engine.running import Run
from engine.store.database import Tx


def announce(tx: Tx, run: Run, task: Any, kind: str, person_ids: list[str], event_key: str, **more: Any) -> None:
    """Tell people about a task, in the transaction that caused it."""
    form = run.deployed.package.forms.get(task.form)
    quick = getattr(form, "quick", None)
    outbox.announce(
        tx,
        event_key=event_key,
        person_ids=person_ids,
        kind=kind,
        instance_id=run.id,
        task_id=task.id,
        now=run.now,
        content={
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
        },
    )
