"""A task as its pages show it to who is signed in, and its form with what was just typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import request

from engine import task_page
from engine.rules.forms import FieldError, FormView
from engine.task_page import TaskPage
from web.context import actor, database, now


def read(task_id: int) -> TaskPage:
    """Raises NotFound."""
    with database().page() as tx:
        return task_page.task_page(tx, task_id, actor(), now())


def view_of(page: TaskPage, data: Mapping[str, Any], errors: Sequence[FieldError]) -> FormView:
    with database().page() as tx:
        return task_page.view_with(tx, page.task_id, data, errors, actor(), now())


def echo(buttons: Collection[str]) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried through a page that asks for confirmation; `buttons` are left out."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", *buttons)]
