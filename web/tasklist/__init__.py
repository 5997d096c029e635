"""The inbox: what a person has to do, the form pages, the receipts."""

from web.tasklist import quick, routes, task
from web.tasklist.blueprint import blueprint

__all__ = ["blueprint", "quick", "routes", "task"]
