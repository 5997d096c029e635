"""One's own settings: language and rhythm of mails, and the calendar at a secret address."""

from web.personal import calendar, password, routes
from web.personal.blueprint import blueprint

__all__ = ["blueprint", "calendar", "password", "routes"]
