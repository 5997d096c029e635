"""A task as its pages show it to who is signed in, its form alone, and what was just typed."""

from __future__ import annotations

from collections.abc import Collection

from flask import request

from engine import task_page
from engine.task_form import TaskForm
from engine.task_form import task_form as form_of
from engine.task_page import TaskPage
from web.context import actor, database, now


def read(task_id: int) -> TaskPage:
    """Raises NotFound."""
    with database().page() as tx:
        return task_page.task_page(tx, task_id, actor(), now())


def task_form(task_id: int) -> TaskForm:
    """Without the page around it. Raises NotFound."""
    with database().page() as tx:
        return form_of(tx, task_id, actor(), now())


def echo(buttons: Collection[str]) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried through a page that asks for confirmation; `buttons` are left out."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", *buttons)]
