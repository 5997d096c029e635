"""The auditor's room: the history in sentences, searched, verified and exported. Read only, and reading is logged."""

from web.audit import accesses, earlier, export, routes, telling, verifying
from web.audit.blueprint import blueprint
from web.audit.wording import init_app

__all__ = ["accesses", "blueprint", "earlier", "export", "init_app", "routes", "telling", "verifying"]
