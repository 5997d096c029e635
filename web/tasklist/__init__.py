"""The inbox: what a person has to do, the form pages, the receipts."""

from web.tasklist import quick, routes, task
from web.tasklist.blueprint import blueprint
from web.tasklist.showing import init_app

__all__ = ["blueprint", "init_app", "quick", "routes", "task"]
