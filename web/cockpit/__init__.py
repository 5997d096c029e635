"""HR's cockpit: every live cycle, what is late, who has not answered, and the verbs that lead a cycle."""

from web.cockpit import (
    batches,
    campaigns,
    cycle,
    deploying,
    diagram,
    leading,
    operate_campaign,
    operate_cycle,
    operate_process,
    operate_task,
    organisation,
    overview,
    processes,
    rehearsing,
    start_many,
    starting,
    versions,
    windows,
    words,
)
from web.cockpit.blueprint import blueprint

__all__ = [
    "batches", "blueprint", "campaigns", "cycle", "deploying", "diagram", "leading", "operate_campaign",
    "operate_cycle", "operate_process", "operate_task", "organisation", "overview", "processes", "rehearsing",
    "start_many", "starting", "versions", "windows", "words",
]  # fmt: skip
