"""The inbox: what a person has to do, the form pages, the receipts."""

from web.tasklist.routes import blueprint

__all__ = ["blueprint"]
