"""What the command leaves on disk and listens for."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.world import World

from arshjul import serving
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


def test_a_body_that_no_page_takes_is_not_received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waitress alone would keep a gigabyte of each request on disk before the pages refuse it."""
    asked: dict[str, Any] = {}

    def create_server(app: Any, **given: Any) -> Any:
        asked.update(given, pages=app.config["MAX_CONTENT_LENGTH"])
        raise OSError(98, "stopped here")

    monkeypatch.setattr(serving, "create_server", create_server)
    world = World(f"sqlite:///{tmp_path / 'web.db'}")
    with pytest.raises(SettingsError):
        serving.serve(read(data=tmp_path), world.database, world.clock)
    world.close()
    assert asked["max_request_body_size"] == asked["pages"] == 2 * 1024 * 1024
