"""Serving the pages from this process, with the poller beside them."""

from __future__ import annotations

from waitress import create_server

from arshjul import collecting
from arshjul.composition import mail_channel, poller, web_config
from arshjul.demo_clock import DemoClock
from arshjul.settings import Settings, SettingsError
from engine.clock import Clock
from engine.history import signing
from engine.store.database import Database
from notifications.channels.mailbox import MailboxChannel
from web import embedding, forwarding
from web.app import create_app

THREADS = 8


NO_PROXY = (
    "Obs: ARSHJUL_TRUSTED_PROXIES är inte satt. Alla som loggar in räknas till en och samma adress, proxyns. "
    "Sätt den till 1 om det står en omvänd proxy framför."
)


def ensure_safe(settings: Settings) -> None:
    """Raises SettingsError when passwords would cross a network in the clear, or a trusted proxy is no address."""
    if settings.is_exposed and not settings.is_https and not settings.plain_http:
        raise SettingsError(
            f"Sidorna skulle visas utan kryptering för andra datorer ({settings.host}). Ställ en omvänd proxy med "
            "https framför och sätt ARSHJUL_PUBLIC_URL till dess adress, eller låt ARSHJUL_HOST vara 127.0.0.1. "
            "På ett nät som ingen annan når kan du i stället sätta ARSHJUL_PLAIN_HTTP=1."
        )
    try:
        forwarding.parse(settings.trusted_proxies)
    except ValueError:
        raise SettingsError(
            "ARSHJUL_TRUSTED_PROXIES går inte att använda. Skriv hur många proxyer som står framför, till exempel 1, "
            "eller deras adresser med komma emellan, till exempel 10.0.0.7, 10.1.0.0/16."
        ) from None

    try:
        embedding.parse(settings.embed_origins)
    except ValueError as fault:
        raise SettingsError(
            f"ARSHJUL_EMBED_ORIGINS går inte att använda: {fault}. Skriv https och värdnamn utan sökväg, till exempel "
            "https://intranet.example.org, med komma mellan flera."
        ) from None


def serve(settings: Settings, database: Database, clock: Clock, *, demo: DemoClock | None = None) -> None:
    """Until interrupted. Raises SettingsError when the port is taken or something is not set or not safe."""
    ensure_safe(settings)
    collecting.seldom()
    config = web_config(settings, demo=demo)
    app = create_app(database, clock, config)
    with database.verb() as tx:
        signing.note(tx, config.bundle_key, clock.now())
    channel = MailboxChannel() if demo is not None else mail_channel(settings)
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident="arshjul",
            clear_untrusted_proxy_headers=False,  # web.forwarding decides what is believed of them
            max_request_body_size=2 * config.largest_upload,  # the pages refuse sooner, in words
        )
    except OSError as fault:
        raise SettingsError(f"Porten {settings.port} är upptagen ({fault.strerror}). Välj en annan med PORT.") from None
    with poller(database, clock, channel, settings.address, settings.checkpoint_folder):
        try:
            server.run()
        finally:
            server.close()
