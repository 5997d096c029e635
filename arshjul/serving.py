"""Serving the pages from this process, with the poller beside them."""

from __future__ import annotations

from waitress import create_server

from arshjul.composition import mail_channel, poller, web_config
from arshjul.demo_clock import DemoClock
from arshjul.settings import Settings, SettingsError
from engine.clock import Clock
from engine.store.database import Database
from notifications.channels.mailbox import MailboxChannel
from web.app import create_app

THREADS = 8


def serve(settings: Settings, database: Database, clock: Clock, *, demo: DemoClock | None = None) -> None:
    """Until interrupted. Raises SettingsError when the port is taken or something is not set."""
    app = create_app(database, clock, web_config(settings, demo=demo))
    channel = MailboxChannel() if demo is not None else mail_channel(settings)
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident="arshjul",
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        )
    except OSError as fault:
        raise SettingsError(f"Porten {settings.port} är upptagen ({fault.strerror}). Välj en annan med PORT.") from None
    with poller(database, clock, channel, settings.address):
        try:
            server.run()
        finally:
            server.close()
