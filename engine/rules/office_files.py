"""Office documents as what they are: zip archives, looked through in memory within limits, never unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of all parts together; a document of ten megabytes with pictures unpacks to less."""
MOST_LISTED = 1024 * 1024
PIECE = 1 << 16
END, END_LENGTH = b"PK\x05\x06", 22
"""What ends an archive; its last two bytes tell how long a comment follows."""

MAIN_PARTS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What these documents are packed with. Others unpack slowly from next to nothing and have faults of their own."""
MACRO_TYPES = (b"macroenabled", b"vbaproject")
MACRO_PARTS = ("vbaproject.bin", "/activex/", "basic/", "scripts/")


class Unusable(Exception):
    """The archive is refused; the argument is the reason: damaged, encrypted, macros, too_much, unknown."""


def kind_of(content: bytes) -> str:
    """docx, xlsx, odt or ods. Raises Unusable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _ensure_alone(archive, content)
            _ensure_within(archive)
            found = _open_document(archive) or _open_xml(archive)
            _read_through(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as fault:
        raise Unusable("damaged") from fault
    if found is None:
        raise Unusable("unknown")
    return found


def _ensure_alone(archive: zipfile.ZipFile, content: bytes) -> None:
    """Nothing stands before or after the archive: that would be another file in the same bytes."""
    end = content.rfind(END) + END_LENGTH
    after = int.from_bytes(content[end - 2 : end], "little")
    if end + after != len(content) or min((part.header_offset for part in archive.infolist()), default=1) != 0:
        raise Unusable("damaged")


def _ensure_within(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable("too_much")
    if any(part.flag_bits & 1 for part in parts):
        raise Unusable("encrypted")
    if any(part.compress_type not in PACKINGS for part in parts):
        raise Unusable("damaged")
    for part in parts:
        name = f"/{part.filename.lower()}"
        if any(mark in name if mark.startswith("/") else f"/{mark}" in name for mark in MACRO_PARTS):
            raise Unusable("macros")


def _open_xml(archive: zipfile.ZipFile) -> str | None:
    listed = _start_of(archive, "[Content_Types].xml", MOST_LISTED)
    if any(mark in listed.lower() for mark in MACRO_TYPES):
        raise Unusable("macros")
    return next((kind for part, kind in MAIN_PARTS.items() if part in listed), None)


def _open_document(archive: zipfile.ZipFile) -> str | None:
    return OPEN_DOCUMENTS.get(_start_of(archive, "mimetype", 200).strip())


def _start_of(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(most)


def _read_through(archive: zipfile.ZipFile) -> None:
    """Every part unpacks to what it says that it holds; counted, not kept."""
    unpacked = 0
    for each in archive.infolist():
        with archive.open(each) as part:
            while piece := part.read(PIECE):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise Unusable("too_much")
