"""Everything that is set from outside, in one class: environment variables and nothing else."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.history.signing import SigningKey

DATABASE_FILE = "arshjul.db"
KEY_FILE = "secret-key"
SIGNING_KEY_FILE = "signing-key"
SHORTEST_KEY = 32
SEED = "Sätt den till 64 hexadecimala siffror, till exempel från openssl rand -hex 32."


class SettingsError(Exception):
    """A variable cannot be used; the text is the sentence that says which and why."""


class Settings(BaseSettings):
    """Read from the environment. An empty variable counts as one that is not set."""

    model_config = SettingsConfigDict(env_prefix="ARSHJUL_", env_ignore_empty=True, extra="ignore")

    data: Path | None = None
    """ARSHJUL_DATA: folder of the SQLite database, its secret key, attachments. Default: `var`, the demo `var/demo`."""

    database_url: SecretStr | None = None
    """ARSHJUL_DATABASE_URL: `postgresql+psycopg://…` or `sqlite:///…`. Default: a SQLite file in the data folder."""

    migration_database_url: SecretStr | None = None
    """ARSHJUL_MIGRATION_DATABASE_URL: the owner's access, for migrations. Default: the same as the database's."""

    secret_key: SecretStr | None = None
    """ARSHJUL_SECRET_KEY: signs sessions; 32 characters or more. Default with SQLite: made once in the data folder."""

    signing_key: SecretStr | None = None
    """ARSHJUL_SIGNING_KEY: signs audit bundles (Ed25519); 64 hexadecimal digits, such as `openssl rand -hex 32` gives.
    Default with SQLite: made once in the data folder. Who changes it gives auditors the new fingerprint."""

    checkpoint_folder: Path | None = None
    """ARSHJUL_CHECKPOINT_FOLDER: where each day's checkpoint of the history is written: on another machine's disk,
    where those who run the database cannot change it afterwards."""

    smtp_url: SecretStr | None = None
    """ARSHJUL_SMTP_URL: `smtp+starttls://user:password@host:587?from=arshjul@example.org`. Otherwise none leaves."""

    public_url: str | None = None
    """ARSHJUL_PUBLIC_URL: the address people use; links in mails begin with it. Default: `http://127.0.0.1:PORT`."""

    attachment_mb: int = Field(default=10, ge=1, le=100)
    """ARSHJUL_ATTACHMENT_MB: the largest file that can be attached to a task, in megabytes."""

    attachments_mb: int = Field(default=50, ge=1, le=500)
    """ARSHJUL_ATTACHMENTS_MB: all files of a task together, in megabytes."""

    attachments_count: int = Field(default=20, ge=1, le=200)
    """ARSHJUL_ATTACHMENTS_COUNT: how many files a task may have."""

    host: str = "127.0.0.1"
    """ARSHJUL_HOST: where `serve` listens; behind a reverse proxy on the same machine the default is right."""

    embed_origins: str = ""
    """ARSHJUL_EMBED_ORIGINS: the sites that may show the year wheel in a frame, with commas between:
    `https://intranet.example.org`. By default none; every other page is shown in no frame whatever this says."""

    trusted_proxies: str = ""
    """ARSHJUL_TRUSTED_PROXIES: the reverse proxies in front: how many in a row (`1`), or their addresses and networks
    (`10.0.0.7, 10.1.0.0/16`). X-Forwarded-For is believed that far and no further, for the limit on signing in and
    the access log. With a number, nobody else may reach the port: they could write the header themselves."""

    plain_http: bool = False
    """ARSHJUL_PLAIN_HTTP=1: let `serve` listen to other machines without https, on a network that nobody can listen
    to. Without it ARSHJUL_PUBLIC_URL must begin with https:// when ARSHJUL_HOST is not this machine's own."""

    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)
    """PORT: where `serve` and `demo` listen."""

    fresh: bool = Field(default=False, validation_alias="FRESH")
    """FRESH=1: the demo throws its region away and begins anew."""

    @property
    def folder(self) -> Path:
        return self.data or Path("var")

    @property
    def url(self) -> str:
        """Where the database is, password included."""
        if self.database_url is not None:
            return psycopg_url(self.database_url.get_secret_value())
        return f"sqlite:///{self.folder / DATABASE_FILE}"

    @property
    def migration_url(self) -> str:
        given = self.migration_database_url
        return psycopg_url(given.get_secret_value()) if given is not None else self.url

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def address(self) -> str:
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def is_exposed(self) -> bool:
        """Whether other machines can reach the port."""
        try:
            return not ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def is_https(self) -> bool:
        return self.address.lower().startswith("https://")

    def key(self) -> str:
        """The secret key; with SQLite one is made in the data folder the first time. Raises SettingsError."""
        if self.secret_key is not None:
            given = self.secret_key.get_secret_value()
            if len(given) < SHORTEST_KEY:
                raise SettingsError("ARSHJUL_SECRET_KEY är för kort. Sätt minst 32 slumpade tecken.")
            return given
        if not self.is_sqlite:
            raise SettingsError(
                "ARSHJUL_SECRET_KEY saknas. Sätt den till minst 32 slumpade tecken, samma på alla noder."
            )
        return _kept_key(self.folder / KEY_FILE)

    def bundle_key(self) -> SigningKey:
        """What signs audit bundles; with SQLite one is made in the data folder the first time. Raises SettingsError."""
        given, where = "", "ARSHJUL_SIGNING_KEY"
        if self.signing_key is not None:
            given = self.signing_key.get_secret_value()
        elif self.is_sqlite:
            where = str(self.folder / SIGNING_KEY_FILE)
            given = _kept(Path(where), secrets.token_hex(32))
        else:
            raise SettingsError(f"{where} saknas. {SEED} Samma på alla noder.")
        try:
            return SigningKey(given.strip())
        except ValueError:
            raise SettingsError(f"{where} går inte att använda. {SEED}") from None


def read(**given: object) -> Settings:
    """The settings of this process; `given` goes before the environment. Raises SettingsError."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        names = ", ".join(_variable(str(fault["loc"][0])) for fault in error.errors())
        raise SettingsError(f"Ett värde går inte att använda: {names}. Rätta det i miljön.") from None


def _variable(field: str) -> str:
    return field if field.isupper() else f"ARSHJUL_{field.upper()}"


def psycopg_url(url: str) -> str:
    """A plain `postgresql://` means the driver that the product brings."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_key(path: Path) -> str:
    kept = _kept(path, secrets.token_urlsafe(48))
    if len(kept) < SHORTEST_KEY:
        raise SettingsError(f"{path} är trasig. Ta bort filen, så görs en ny; alla behöver då logga in igen.")
    return kept


def _kept(path: Path, new: str) -> str:
    """What the file holds; `new` when there was none, for its owner alone to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new)
    return path.read_text().strip()
