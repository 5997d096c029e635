"""Sign-in and sign-out with local accounts."""

from web.auth.routes import blueprint

__all__ = ["blueprint"]
