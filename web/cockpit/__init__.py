"""HR's cockpit: every live cycle, what is late, who has not answered, and the verbs that lead a cycle."""

from web.cockpit import (
    assigning,
    batches,
    campaigns,
    cycle,
    deploying,
    diagram,
    embedded,
    leading,
    operate_campaign,
    operate_cycle,
    operate_task,
    organisation,
    organisation_import,
    overview,
    processes,
    rehearsing,
    start_many,
    starting,
    timing,
    versions,
    wheel_links,
    windows,
    words,
    workload,
)
from web.cockpit.blueprint import blueprint

__all__ = [
    "assigning", "batches", "blueprint", "campaigns", "cycle", "deploying", "diagram", "embedded", "leading",
    "operate_campaign", "operate_cycle", "operate_task", "organisation", "organisation_import", "overview", "processes",
    "rehearsing", "start_many", "starting", "timing", "versions", "wheel_links", "windows", "words", "workload",
]  # fmt: skip
