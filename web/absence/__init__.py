"""Days away and who stands in: one's own, and those of the people one leads."""

from web.absence import routes, setting
from web.absence.blueprint import blueprint

__all__ = ["blueprint", "routes", "setting"]
