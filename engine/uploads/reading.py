"""What somebody sends in, whole package or diagram alone, read and checked: which process, its files, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.deployments import KEY, ROLES_FILE
from engine.rules.packages import Problem
from engine.uploads.screening import Screened, screen, screen_diagram
from engine.uploads.unpacking import unpack

ZIP = b"PK"
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Reading:
    """`files` are what would be deployed as `key`; both are empty when `refused` before that was known."""

    key: str | None
    findings: tuple[Problem, ...]
    more: int = 0
    refused: bool = True
    files: Mapping[str, bytes] = field(default_factory=dict)


def read(content: bytes, deployed: Mapping[str, Mapping[str, bytes]], roles: bytes | None) -> Reading:
    """What the bytes would be as a version. `deployed`: the files of each process's newest version.

    A diagram alone takes the place of the one deployed. Roles stay those of the installation (`roles`): who may open
    what is not changed by uploading a process.
    """
    if content.startswith(ZIP):
        return _package(content, roles)
    if content.removeprefix(BOM).lstrip().startswith(b"<") or _is_wide(content):
        return _diagram(content, deployed, roles)
    return _refused(
        "Filen är varken en zip-fil eller ett diagram. Välj paketets mapp som zip, eller en .bpmn-fil.",
        "The file is neither a zip file nor a diagram. Choose the package's folder as a zip, or a .bpmn file.",
    )


def _is_wide(content: bytes) -> bool:
    """XML in UTF-16 or UTF-32: the diagram's own check says what to do about it."""
    return content[:4].replace(b"\0", b"").lstrip(b"\xff\xfe")[:1] == b"<"


def _diagram(xml: bytes, deployed: Mapping[str, Mapping[str, bytes]], roles: bytes | None) -> Reading:
    bases = {key: _with_roles(files, roles) for key, files in deployed.items()}
    found = screen_diagram(xml, bases)
    if found.key is None:
        return Reading(None, found.findings, found.more)
    return _reading(found.key, found, {**bases[found.key], f"{found.key}.bpmn": xml}, ())


def _package(content: bytes, roles: bytes | None) -> Reading:
    unpacked = unpack(content)
    if not unpacked.files:
        return Reading(None, tuple(unpacked.problems) or (_empty(),))
    diagrams = [name for name in unpacked.files if name.endswith(".bpmn") and "/" not in name]
    if len(diagrams) != 1:
        return _refused(
            f"Paketet ska ha precis en .bpmn-fil bredvid package.toml; det har {len(diagrams)}.",
            f"The package must have exactly one .bpmn file beside package.toml; it has {len(diagrams)}.",
        )
    key = diagrams[0].removesuffix(".bpmn")
    own = unpacked.files.get(ROLES_FILE)
    problems = list(unpacked.problems)
    if own is not None and roles is not None and own.split() != roles.split():
        problems.append(_other_roles())
    files = _with_roles(unpacked.files, roles)
    found = screen(key, files) if KEY.fullmatch(key) else screen(key, {})
    return _reading(key, found, files, tuple(problems))


def _with_roles(files: Mapping[str, bytes], roles: bytes | None) -> dict[str, bytes]:
    return dict(files) if roles is None else {**files, ROLES_FILE: roles}


def _reading(key: str, found: Screened, files: Mapping[str, bytes], problems: tuple[Problem, ...]) -> Reading:
    findings = (*problems, *found.findings)
    refused = found.refused or any(problem.severity == "error" for problem in problems)
    return Reading(key, findings, found.more, refused, {} if refused else files)


def _other_roles() -> Problem:
    return Problem(
        ROLES_FILE,
        "Rollerna är andra än de som gäller, och de ändras inte här. Ta bort roles.toml ur zip-filen, eller låt den "
        "som sköter servern driftsätta paketet med arshjul deploy.",
        "The roles differ from those in force, and they are not changed here. Take roles.toml out of the zip file, or "
        "let whoever runs the server deploy the package with arshjul deploy.",
    )


def _empty() -> Problem:
    return Problem("zip", "Zip-filen är tom. Packa paketets mapp.", "The zip file is empty. Pack the package's folder.")


def _refused(sv: str, en: str) -> Reading:
    return Reading(None, (Problem("", sv, en),))
