"""Telling people about a task: one outbox row for each, in the transaction that caused it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from engine import outbox
from engine.running import Run
from engine.store.database import Tx


def announce(tx: Tx, run: Run, task: Any, kind: str, person_ids: list[str], event_key: str, **more: Any) -> None:
    """Tell people about a task, in the transaction that caused it."""
    outbox.announce_all(tx, kind, [_announcement(run, task, person_ids, event_key, more)], now=run.now)


def announce_each(tx: Tx, run: Run, kind: str, told: Iterable[tuple[Any, list[str], str]]) -> None:
    """The same of many tasks at once: each with its people and the event's key."""
    found = [_announcement(run, task, people, event_key, {}) for task, people, event_key in told]
    outbox.announce_all(tx, kind, found, now=run.now)


def announce_new(
    tx: Tx, run: Run, shared: Mapping[str, Any], tasks: Iterable[tuple[int, str, bool, list[str]]]
) -> None:
    """Tell those who are asked of tasks just created: id, unit's name, vacant and people of each."""
    alike = _content(run, SimpleNamespace(**shared))
    told = [
        outbox.Announcement(f"assigned:{task_id}", people, {**alike, **_own(task_id, unit, vacant)}, run.id, task_id)
        for task_id, unit, vacant, people in tasks
    ]
    outbox.announce_all(tx, "task_assigned", told, now=run.now)


def _announcement(
    run: Run, task: Any, person_ids: list[str], event_key: str, more: Mapping[str, Any]
) -> outbox.Announcement:
    content = {**_content(run, task), **_own(task.id, task.unit_name, task.vacant), **more}
    return outbox.Announcement(event_key, person_ids, content, run.id, task.id)


def _content(run: Run, task: Any) -> dict[str, Any]:
    """What is told of every task of a step."""
    form = run.deployed.package.forms.get(task.form)
    quick = getattr(form, "quick", None)
    return {
        "title": {"sv": task.title_sv, "en": task.title_en},
        "due_at": task.due_at.isoformat(),
        "plan_year": task.plan_year,
        "step": task.step,
        "quick": {"sv": quick.label.sv, "en": quick.label.en} if quick else None,
    }


def _own(task_id: int, unit_name: str, vacant: bool) -> dict[str, Any]:
    return {"unit_name": unit_name, "task_id": task_id, "url_path": f"/tasks/{task_id}", "vacant": vacant}
