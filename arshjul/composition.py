"""Puts a running installation together from its settings: database, clocks, pages, mail, and what wakes them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import make_url

from arshjul.errand_worker import REHEARSAL, VERIFICATION, ErrandWorker
from arshjul.settings import DATABASE_FILE, Settings, SettingsError
from engine import idempotency, job_executor, open_work
from engine.attachments import MEGABYTE, Limits
from engine.clock import Clock
from engine.history import anchoring
from engine.store import grants, migrate
from engine.store.database import Database
from engine.store.queries import settings as kept
from notifications.channels import Channel
from notifications.channels.smtp import SmtpChannel, parse_url
from notifications.dispatcher import dispatch
from web.config import WebConfig
from web.demo.controls import DemoControls

WORKFLOWS = Path(__file__).parents[1] / "workflows"
"""The process packages that come with the product."""

DEMO_MARK = "demo"
"""The setting that tells a demo's database; it holds how far the process clock is ahead, in seconds."""

POLL_SECONDS = 1
ANCHOR_SECONDS = 60
FORGET_HOURS = 1


def packages() -> list[Path]:
    """The folders of the packages that come with the product, by name."""
    return sorted(path.parent for path in WORKFLOWS.glob("*/package.toml"))


def open_database(settings: Settings, clock: Clock) -> Database:
    """The installation's database, which must have the newest schema. Raises SettingsError with what to do instead."""
    if settings.is_sqlite and settings.database_url is None and not (settings.folder / DATABASE_FILE).is_file():
        raise SettingsError(
            f"Det finns ingen databas i {settings.folder}. Kör arshjul init, eller peka ut rätt mapp med ARSHJUL_DATA."
        )
    if migrate.current(settings.url) != migrate.head():
        raise SettingsError("Databasen behöver uppgraderas. Ta en säkerhetskopia och kör arshjul db upgrade.")
    return Database(settings.url, clock)


def open_installation(settings: Settings, clock: Clock) -> Database:
    """`open_database` for real use. Raises SettingsError also when the database is a demo's."""
    database = open_database(settings, clock)
    with database.page() as tx:
        is_demo = kept.read(tx, DEMO_MARK) is not None
    if is_demo:
        database.dispose()
        raise SettingsError(
            "Databasen är ett demo med påhittade personer. Kör arshjul demo, eller välj en annan ARSHJUL_DATA."
        )
    return database


def grant_rights(settings: Settings) -> str | None:
    """Give the application's role its rights, and give its name; None when one access does both.

    Raises SettingsError when it is the owner of the tables after all.
    """
    if settings.is_sqlite or settings.migration_database_url is None:
        return None
    role = make_url(settings.url).username
    if not role:
        raise SettingsError("ARSHJUL_DATABASE_URL nämner ingen roll. Skriv postgresql://ROLL:LÖSENORD@VÄRD/DATABAS.")
    try:
        grants.grant(settings.migration_url, role)
    except grants.OwnRole:
        raise SettingsError(
            f"Rollen {role} i ARSHJUL_DATABASE_URL äger tabellerna, så historiken kan inte skyddas från den. "
            "Gör en egen roll åt årshjulet och låt ARSHJUL_MIGRATION_DATABASE_URL vara ägarens."
        ) from None
    return role


def sqlite_file(settings: Settings, otherwise: str) -> Path:
    """The file of the SQLite database. Raises SettingsError, saying `otherwise`, when it is another database."""
    if not settings.is_sqlite:
        raise SettingsError(otherwise)
    return Path(settings.url.removeprefix("sqlite:///"))


def web_config(settings: Settings, *, demo: DemoControls | None = None) -> WebConfig:
    """Raises SettingsError when there is no usable secret key. With `demo` the demo's pages are there."""
    files = Limits(settings.attachment_mb * MEGABYTE, settings.attachments_mb * MEGABYTE, settings.attachments_count)
    return WebConfig(
        secret_key=settings.key(),
        signing_key=settings.bundle_key() if demo is None else None,
        public_url=settings.address,
        trusted_proxies=settings.trusted_proxies,
        embed_origins=settings.embed_origins,
        demo=demo is not None,
        demo_controls=demo,
        attachments=files,
    )


def mail_channel(settings: Settings) -> Channel | None:
    """SMTP when it is set; None keeps mails queued. Raises SettingsError."""
    if settings.smtp_url is None:
        return None
    try:
        return SmtpChannel(
            parse_url(settings.smtp_url.get_secret_value(), default_sender="arshjul@localhost.localdomain")
        )
    except ValueError as fault:
        raise SettingsError(f"ARSHJUL_SMTP_URL går inte att använda: {fault}.") from None


def poll(database: Database, clock: Clock, channel: Channel | None, public_url: str) -> None:
    """One round: what is due is done, what is kept counted is put together, and what is to be told is told."""
    job_executor.tick(database, clock.now())
    open_work.fold(database)
    dispatch(database, channel, now=clock.now(), wall=clock.wall(), public_url=public_url)


def forget(database: Database) -> None:
    """Drop what is kept only so that a request sent again is carried out once."""
    with database.verb() as tx:
        idempotency.forget_old(tx)


@contextmanager
def poller(
    database: Database, clock: Clock, channel: Channel | None, public_url: str, checkpoints: Path | None = None
) -> Iterator[BackgroundScheduler]:
    """A background thread that polls every second; a round that takes longer is not doubled. Two others do errands.

    A fourth takes checkpoints of the history and writes them to the folder `checkpoints`; a fifth forgets old requests.
    """
    scheduler = BackgroundScheduler(timezone="Europe/Stockholm")
    scheduler.add_job(
        poll,
        "interval",
        (database, clock, channel, public_url),
        seconds=POLL_SECONDS,
        id="poll",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
    )
    workers = [ErrandWorker(database, kind) for kind in (REHEARSAL, VERIFICATION)]
    for worker in workers:
        scheduler.add_job(
            worker.work, "interval", seconds=POLL_SECONDS, id=worker.kind.name, max_instances=1,
            misfire_grace_time=None,
        )  # fmt: skip
    scheduler.add_job(
        anchoring.anchor, "interval", (database, clock, checkpoints), seconds=ANCHOR_SECONDS, id="anchor",
        max_instances=1, misfire_grace_time=None,
    )  # fmt: skip
    scheduler.add_job(forget, "interval", (database,), hours=FORGET_HOURS, id="forget", misfire_grace_time=None)
    # An errand takes longer than a second, and then it is not to be told of every second.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    scheduler.start()
    try:
        yield scheduler
    finally:
        for worker in workers:
            worker.stop()
        scheduler.shutdown(wait=True)
