"""Pages that everyone may read: language, accessibility, about."""

from web.pages.routes import blueprint

__all__ = ["blueprint"]
