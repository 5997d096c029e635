"""Erasing personal text under a decision on disposal: asked for, looked at, confirmed, and listed afterwards."""

from web.erasing import routes
from web.erasing.blueprint import blueprint

__all__ = ["blueprint", "routes"]
