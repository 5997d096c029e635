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
    """The peer with its database. Its verbs do what its own pages do for a start and for a step: permission, form,
    what was filled in kept with the process, the step; without the request, the page and the message around them."""

    flows: Any
    task: Any
    user: Any
    atomic: Any

    def start(self, plan_year: int) -> None:
        node = self.flows.Linear.start
        activation = node.activation_class.create(node, None, None)
        if not node.can_execute(self.user, activation.task):
            raise PermissionError(node.name)
        with self.atomic():
            activation.start(SimpleNamespace(user=self.user))
            self._fill_in(self.flows.StartForm({"plan_year": str(plan_year)}, instance=activation.process))
            activation.execute()

    def start_by_code(self) -> None:
        """As a program starts many: nobody's permission, no form."""
        self.flows.Linear.start_by_code.run()

    def open_tasks(self) -> list[int]:
        return list(self.task.objects.filter(status="ASSIGNED").order_by("pk").values_list("pk", flat=True))

    def complete(self, task_id: int) -> None:
        with self.atomic():
            task = self.task.objects.get(pk=task_id)
            if not task.flow_task.can_execute(self.user, task):
                raise PermissionError(task_id)
            activation = task.flow_task.activation_class(task)
            activation.start(SimpleNamespace(user=self.user))
            self._fill_in(self.flows.AnswerForm({"note": "Ett svar"}, instance=activation.process))
            activation.execute()

    def _fill_in(self, form: Any) -> None:
        if not form.is_valid():
            raise ValueError(form.errors)
        form.save()


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
    atomic = import_module("django.db.transaction").atomic
    return Viewflow(flows, import_module("viewflow.workflow.models").Task, user, atomic)
