"""A zip of a package opened under limits: how many files, how large, under which names. All refusals at once."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field

from engine.deployments import READ
from engine.rules.packages import Problem

MAX_FILES = 300
MAX_TOTAL = 8_000_000
MAX_RATIO = 100
SMALL = 100_000
"""Bytes below which the ratio is not asked: a file of spaces is no bomb."""
LONGEST_NAME = 150
BESIDE = ("__MACOSX", ".DS_Store", "Thumbs.db")
"""What computers add to a zip without being asked."""

POINTS_OUT = (
    "Namnet pekar ut ur mappen. Packa mappen igen, med namn utan .. och utan hel sökväg.",
    "The name points out of the folder. Pack the folder again, with names without .. and no full path.",
)
NO_NAME = (
    f"Namnet har tecken som inte går att visa eller är längre än {LONGEST_NAME} tecken. Byt namn på filen.",
    f"The name holds characters that cannot be shown or more than {LONGEST_NAME}. Rename the file.",
)
LINK = (
    "Det är en länk och ingen vanlig fil. Lägg in filen själv i stället.",
    "This is a link and no plain file. Put the file itself there instead.",
)
ENCRYPTED = (
    "Filen är krypterad. Packa mappen utan lösenord.",
    "The file is encrypted. Pack the folder without a password.",
)
OTHER_PACKING = (  # these can ask for gigabytes of memory
    "Filen är packad på ett sätt som inte går att läsa. Packa mappen som en vanlig zip-fil.",
    "The file is packed in a way that cannot be read. Pack the folder as a plain zip file.",
)
NESTED = (
    "Det är en packad fil i den packade filen. Lägg in filerna själva.",
    "This is a packed file within the packed file. Put the files themselves there.",
)
TWICE = (
    "Namnet finns två gånger i zip-filen. Packa mappen igen.",
    "The name stands twice in the zip file. Pack the folder again.",
)


@dataclass
class Unpacked:
    """The files by their path in the package's folder, and what is wrong with the zip."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def unpack(content: bytes) -> Unpacked:
    """The files of a zip. One folder around them all is left out. With an error among `problems`, `files` is empty.

    Nothing is written, and never more than the limits is held, whatever the zip says of itself.
    """
    found = Unpacked()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _open(archive, found)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        found.problems.append(
            Problem(
                "zip",
                "Zip-filen är trasig eller av ett slag som inte går att läsa. Packa mappen igen.",
                "The zip file is broken or of a kind that cannot be read. Pack the folder again.",
            )
        )
    if any(problem.severity == "error" for problem in found.problems):
        found.files = {}
    return found


def _open(archive: zipfile.ZipFile, found: Unpacked) -> None:
    entries = [entry for entry in archive.infolist() if not _is_beside(entry.filename)]
    found.problems += [problem for entry in entries[:MAX_FILES] if (problem := _about(entry)) is not None]
    found.problems += _repeated(entries)
    files = [entry for entry in entries if not entry.is_dir()]
    if len(files) > MAX_FILES:
        found.problems.append(
            Problem(
                "zip",
                f"Zip-filen har {len(files)} filer; högst {MAX_FILES} går att läsa. Packa bara paketets mapp.",
                f"The zip file holds {len(files)} files; at most {MAX_FILES} are read. Pack its folder alone.",
            )
        )
    if found.problems:
        return
    around = _folder_around(files)
    left = MAX_TOTAL
    for entry in files:
        name = entry.filename.removeprefix(around)
        if not name.endswith(READ):
            found.problems.append(_not_read(name))
            continue
        inside = _read(archive, entry, left)
        if inside is None:
            found.problems.append(_too_large())
            return
        left -= len(inside)
        if len(inside) > SMALL and len(inside) > MAX_RATIO * max(entry.compress_size, 1):
            found.problems.append(_bomb(name))
        if inside.startswith(b"PK\x03\x04"):
            found.problems.append(Problem(name, *NESTED))
        found.files[name] = inside


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes | None:
    """The entry's bytes, or None when there are more than `left` of them: its own word about its size is not taken."""
    with archive.open(entry) as stream:
        inside = stream.read(left + 1)
    return inside if len(inside) <= left else None


def _about(entry: zipfile.ZipInfo) -> Problem | None:
    """What is wrong with an entry before it is opened: the first thing."""
    # The name as the zip has it: the library turns backslashes into slashes and cuts at NUL.
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = name.replace("\\", "/").rstrip("/").split("/")
    for is_wrong, why in (
        (name.startswith("/") or ":" in name or "\\" in name or ".." in parts, POINTS_OUT),
        (not name.isprintable() or {"", "."} & set(parts) or len(name) > LONGEST_NAME, NO_NAME),
        (kind not in (0, stat.S_IFREG, stat.S_IFDIR), LINK),
        (entry.flag_bits & 0x1, ENCRYPTED),
        (entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), OTHER_PACKING),
        (name.lower().endswith((".zip", ".jar", ".7z", ".gz")), NESTED),
    ):
        if is_wrong:
            return Problem(name, *why)
    return None


def _repeated(entries: list[zipfile.ZipInfo]) -> list[Problem]:
    """Names that stand twice, also when only large and small letters tell them apart."""
    seen: set[str] = set()
    found = []
    for entry in entries[:MAX_FILES]:
        name = entry.filename.casefold()
        if name in seen:
            found.append(Problem(entry.filename, *TWICE))
        seen.add(name)
    return found


def _folder_around(files: list[zipfile.ZipInfo]) -> str:
    """`annual_plan/` when everything lies in that one folder, else nothing."""
    first = {entry.filename.partition("/")[0] for entry in files if "/" in entry.filename}
    everything_inside = all("/" in entry.filename for entry in files)
    return f"{first.pop()}/" if everything_inside and len(first) == 1 else ""


def _is_beside(name: str) -> bool:
    return any(part in BESIDE for part in name.split("/"))


def _too_large() -> Problem:
    megabytes = MAX_TOTAL // 1_000_000
    return Problem(
        "zip",
        f"Filerna är uppackade större än {megabytes} MB. Packa bara paketets mapp.",
        f"Unpacked, the files are larger than {megabytes} MB. Pack the package's folder alone.",
    )


def _bomb(name: str) -> Problem:
    return Problem(
        name,
        f"Filen blir mer än {MAX_RATIO} gånger större uppackad. Ta bort utfyllnaden och packa igen.",
        f"The file grows more than {MAX_RATIO} times when unpacked. Take the filling out and pack again.",
    )


def _not_read(name: str) -> Problem:
    return Problem(
        name,
        "Filen är inget som ett paket har, så den följer inte med.",
        "The file is nothing that a package has, so it does not come along.",
        severity="warning",
    )
