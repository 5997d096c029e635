"""The pages: sign-in, inbox, forms, overview and history."""

from web.app import create_app
from web.config import WebConfig

__all__ = ["WebConfig", "create_app"]
