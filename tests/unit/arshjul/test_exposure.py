"""What the command leaves on disk and listens for."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.world import World

from arshjul import serving
from arshjul.composition import web_config
from arshjul.settings import KEY_FILE, SettingsError, read


def test_what_the_command_writes_is_its_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    code = "import os, sys; os.umask(0o022); from arshjul.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, "db", "upgrade"], env={"ARSHJUL_DATA": str(folder)}, check=True)
    for path in (folder, folder / "arshjul.db"):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


def test_a_key_file_without_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("")
    with pytest.raises(SettingsError, match="trasig"):
        read(data=tmp_path).key()


def served_with(**given: Any) -> None:
    serving.ensure_safe(read(**given))


def test_nothing_is_served_in_the_clear_to_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARSHJUL_PUBLIC_URL", raising=False)
    for host in ("0.0.0.0", "::", "192.0.2.7", "plan.example"):  # noqa: S104 (refused)
        with pytest.raises(SettingsError, match="utan kryptering"):
            served_with(host=host)
        served_with(host=host, public_url="https://plan.example")
        served_with(host=host, plain_http=True)
    for host in ("127.0.0.1", "::1", "localhost"):
        served_with(host=host)


def test_proxies_that_are_no_addresses_are_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="ARSHJUL_TRUSTED_PROXIES"):
        served_with(trusted_proxies="min proxy")
    served_with(trusted_proxies="1")


def test_the_command_says_why_it_does_not_start(tmp_path: Path) -> None:
    code = "from arshjul.cli import main; main()"
    env = {"ARSHJUL_DATA": str(tmp_path), "ARSHJUL_HOST": "0.0.0.0"}  # noqa: S104 (refused)
    ran = subprocess.run([sys.executable, "-c", code, "serve"], env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "ARSHJUL_PLAIN_HTTP=1" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_body_that_no_page_takes_is_not_received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waitress alone would keep a gigabyte of each request on disk before the pages refuse it. A page that takes files
    gets some that are too large whole, so that it can say so."""
    asked: dict[str, Any] = {}

    def create_server(app: Any, **given: Any) -> Any:
        asked.update(given, pages=app.config["MAX_CONTENT_LENGTH"])
        raise OSError(98, "stopped here")

    monkeypatch.setattr(serving, "create_server", create_server)
    world, settings = World(f"sqlite:///{tmp_path / 'web.db'}"), read(data=tmp_path)
    with pytest.raises(SettingsError):
        serving.serve(settings, world.database, world.clock)
    world.close()
    assert asked["pages"] == 2 * 1024 * 1024
    assert asked["max_request_body_size"] == 2 * web_config(settings).largest_upload < 128 * 1024 * 1024
