"""Settings: read from the environment, refused in sentences."""

from pathlib import Path

import pytest

from arshjul import settings
from arshjul.settings import SettingsError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATA",
        "DATABASE_URL",
        "SECRET_KEY",
        "SMTP_URL",
        "PUBLIC_URL",
        "MIGRATION_DATABASE_URL",
        "SIGNING_KEY",
    ):
        monkeypatch.delenv(f"ARSHJUL_{name}", raising=False)
    for name in ("PORT", "FRESH"):
        monkeypatch.delenv(name, raising=False)


def test_with_nothing_set_there_is_a_sqlite_file_in_var() -> None:
    given = settings.read()
    assert given.url == "sqlite:///var/arshjul.db"
    assert given.address == "http://127.0.0.1:8000"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("FRESH", "")
    assert (settings.read().port, settings.read().fresh) == (8000, False)


def test_a_port_that_is_no_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "åttatusen")
    with pytest.raises(SettingsError, match="PORT"):
        settings.read()


def test_a_plain_postgresql_url_means_our_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", "postgresql://app:hemligt@db/arshjul")
    given = settings.read()
    assert given.url == given.migration_url == "postgresql+psycopg://app:hemligt@db/arshjul"
    assert "hemligt" not in repr(given)


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    given = settings.read(data=tmp_path / "new")
    assert given.key() == given.key()
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_postgresql_without_a_secret_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", "postgresql://db/arshjul")
    with pytest.raises(SettingsError, match="ARSHJUL_SECRET_KEY saknas"):
        settings.read().key()


def test_a_short_secret_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSHJUL_SECRET_KEY", "kort")
    with pytest.raises(SettingsError, match="minst 32"):
        settings.read().key()


def test_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    given = settings.read(data=tmp_path / "new")
    assert given.bundle_key() == given.bundle_key()
    assert (tmp_path / "new" / "signing-key").stat().st_mode & 0o777 == 0o600


def test_a_signing_key_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "signing-key").write_text("trasig")
    with pytest.raises(SettingsError, match="signing-key går inte"):
        settings.read(data=tmp_path).bundle_key()
    monkeypatch.setenv("ARSHJUL_SIGNING_KEY", "ab" * 31)
    with pytest.raises(SettingsError, match="64 hexadecimala") as refused:
        settings.read().bundle_key()
    assert "abab" not in str(refused.value)
    monkeypatch.delenv("ARSHJUL_SIGNING_KEY")
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", "postgresql://db/arshjul")
    with pytest.raises(SettingsError, match="ARSHJUL_SIGNING_KEY saknas"):
        settings.read().bundle_key()
