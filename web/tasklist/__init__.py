"""The inbox: what a person has to do, the form pages, the receipts."""

from web.tasklist import attaching, bulk, commenting, filtering, handing, quick, resting, routes, task
from web.tasklist.blueprint import blueprint
from web.tasklist.showing import init_app

__all__ = [
    "attaching",
    "blueprint",
    "bulk",
    "commenting",
    "filtering",
    "handing",
    "init_app",
    "quick",
    "resting",
    "routes",
    "task",
]
