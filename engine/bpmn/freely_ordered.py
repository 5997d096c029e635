"""An ad-hoc sub-process: its activities have no order of their own (BPMN 2.0.2, 13.3.5). Nobody is there to choose, so
each that no flow leads to is done once, side by side or, where the order is sequential, as they stand in the file. One
that does not say when it is done is done then."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import scopes
from engine.bpmn.diagram import AdHoc
from engine.bpmn.errors import BpmnError
from engine.bpmn.specs import SubProcess, clerk


class FreelyOrdered(SubProcess):
    """Remembers in `rounds` how many of its activities have begun; none of them once its condition has held."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, ad_hoc: AdHoc) -> None:
        super().__init__(wf_spec, name, element_id, element_id, "adHocSubProcess")
        self.ad_hoc = ad_hoc

    def begin(self, my_task: Task, inner: Any) -> None:
        my_task.internal_data["rounds"] = [0]
        self._begin_more(my_task, inner)

    def _begin_more(self, my_task: Task, inner: Any) -> None:
        begun = my_task.internal_data["rounds"][0]
        entries = inner.spec.entries
        until = begun + 1 if self.ad_hoc.sequential else len(entries)
        my_task.internal_data["rounds"] = [until]
        scopes.begin(inner, entries[begun:until])

    def progress(self, my_task: Task, task: Task) -> None:
        """Asked after each step inside: when an activity is done, the condition may hold."""
        if task.state != TaskState.COMPLETED or not task.task_spec.is_activity:
            return
        until = self.ad_hoc.completion
        if until and my_task.internal_data.get("rounds") and clerk(my_task).holds(until, self.element_id):
            my_task.internal_data["rounds"] = []
            if self.ad_hoc.cancels_rest:
                scopes.cancel(scopes.inner_of(my_task))

    def proceed(self, my_task: Task, inner: Any) -> bool:
        rounds = my_task.internal_data.get("rounds")
        if rounds and rounds[0] < len(inner.spec.entries):
            self._begin_more(my_task, inner)
            return False
        if rounds and self.ad_hoc.completion:
            raise BpmnError("unfinished", self.element_id)
        return super().proceed(my_task, inner)
