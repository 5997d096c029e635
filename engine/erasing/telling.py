"""What was found, said to the one who decides: which task, record or person it is about, with the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import identity, subjects
from engine.erasing.file_texts import READABLE
from engine.erasing.finding import Found
from engine.store import tables as t
from engine.store.database import Tx
from engine.texts import Text

SHOWN = 3


@dataclass(frozen=True)
class Hit:
    """A place with the text. `about` names the task, the record or the person; `stays`: why it cannot be erased."""

    kind: str
    about: Text
    excerpts: list[str]
    more: int
    stays: str | None


@dataclass(frozen=True)
class File:
    """A file of a task that has the text, which nobody has looked through: a picture, a PDF."""

    id: int
    name: str
    about: Text
    commitment: str


class Telling:
    """Bound to a transaction; tasks are read once."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx, self.now = tx, now
        self.tasks: dict[int, Text] = {}

    def hit(self, found: Found) -> Hit:
        return Hit(
            found.place.kind,
            self.about(found),
            found.excerpts[:SHOWN],
            max(len(found.excerpts) - SHOWN, 0),
            found.stays,
        )

    def about(self, found: Found) -> Text:
        known = found.row
        if found.place.table in (t.record, t.record_version):
            record_id = known["record_id"] if "record_id" in known else known["id"]
            subject = subjects.by_id(self.tx, [record_id], self.now).get(record_id)
            number = Text(f" nr {record_id}", f" no. {record_id}")
            name = subject.type_name if subject is not None else Text("Uppgift", "Record")
            return Text(name.sv + number.sv, name.en + number.en)
        task_id = known["id"] if found.place.table is t.user_task else known.get("task_id")
        if task_id is not None:
            return self.task(task_id)
        if (person_id := known.get("person_id")) is not None:
            called = identity.person_name(self.tx, person_id) or ""
            return Text(called, called)
        return Text("", "")

    def task(self, task_id: int) -> Text:
        if task_id not in self.tasks:
            row = self.tx.one(sa.select(t.user_task).where(t.user_task.c.id == task_id))
            self.tasks[task_id] = (
                Text(f"{row.title_sv}, {row.unit_name}", f"{row.title_en}, {row.unit_name}") if row else Text("", "")
            )
        return self.tasks[task_id]

    def files_beside(self, gone: list[Found]) -> list[File]:
        """Files that cannot be looked through, of the tasks of what was found, records' too."""
        tasks: set[int] = set()
        taken = {one.row["id"] for one in gone if one.place.kind == "file"}
        for one in gone:
            known = one.row
            task_id = known["id"] if one.place.table is t.user_task else known.get("task_id")
            tasks |= {task_id} if task_id is not None else set()
        listed = sa.select(t.attachment).where(
            t.attachment.c.task_id.in_(sorted(tasks)), t.attachment.c.kind.not_in(READABLE)
        )
        rows = self.tx.rows(listed.where(t.attachment.c.name.is_not(None)).order_by(t.attachment.c.id))
        return [File(row.id, row.name, self.task(row.task_id), row.commitment) for row in rows if row.id not in taken]
