"""HR's cockpit: every live cycle, what is late, who has not answered, and the verbs that lead a cycle."""

from web.cockpit import (
    campaigns,
    cycle,
    diagram,
    leading,
    operate_campaign,
    operate_cycle,
    operate_process,
    operate_task,
    organisation,
    overview,
    rehearsing,
    starting,
    windows,
    words,
)
from web.cockpit.blueprint import blueprint

__all__ = [
    "blueprint", "campaigns", "cycle", "diagram", "leading", "operate_campaign", "operate_cycle", "operate_process",
    "operate_task", "organisation", "overview", "rehearsing", "starting", "windows", "words",
]  # fmt: skip
