"""The peer from PyPI, django-viewflow, in the same process on the same disk, WAL and synchronous FULL."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOT_INSTALLED = "django-viewflow is not installed: pip install 'arshjul[bench]'"
_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "arshjul.bench.peer"]


@dataclass(frozen=True)
class Viewflow:
    """The peer with its database; `start` and `complete` are its own verbs with its own permission check."""

    flow: Any
    task: Any
    user: Any

    def start(self) -> None:
        self.flow.start.run()

    def open_tasks(self) -> list[int]:
        return list(self.task.objects.filter(status="ASSIGNED").order_by("pk").values_list("pk", flat=True))

    def complete(self, task_id: int) -> None:
        task = self.task.objects.select_related("process").get(pk=task_id)
        with self.flow.lock(task.process_id):
            task.refresh_from_db()
            if not task.flow_task.can_execute(self.user, task):
                raise PermissionError(task_id)
            activation = task.flow_task.activation_class(task)
            activation.start(SimpleNamespace(user=self.user))
            activation.execute()


def viewflow(folder: Path) -> Viewflow | None:
    """The peer with an empty database in the folder; None where it is not installed. Once a process."""
    if find_spec("django") is None or find_spec("viewflow") is None:
        return None
    import_module("django.conf").settings.configure(
        INSTALLED_APPS=_APPS,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(folder / "peer.db"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
                },
            }
        },
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY=folder.name,
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    user = import_module("django.contrib.auth.models").User.objects.create_user("bench")
    flows = import_module("arshjul.bench.peer.flows")
    return Viewflow(flows.Linear, import_module("viewflow.workflow.models").Task, user)
