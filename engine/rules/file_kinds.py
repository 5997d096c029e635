"""What a file is, told by its content alone. Only a short list is taken, and each kind must be nothing else besides."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from engine.rules import file_names, office_files

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""The kinds that are taken, in the order in which they are named to people."""
SAME_KIND = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}
TEXTS = ("txt", "csv")

_PNG = b"\x89PNG\r\n\x1a\n"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?", "{\\rtf", "%!ps", "#!", "%pdf-")
_IN_TEXT = "\t\n\r\f"


class Refused(Exception):
    """The file is not taken; the argument is the reason: empty, not_a_kind, other_ending, old_office, damaged,
    encrypted, macros, too_much, two_kinds."""


def recognise(name: str, content: bytes) -> str:
    """One of MEDIA_TYPES. The name's ending must say the same as the content. Raises Refused."""
    if not content.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    said = file_names.ending(name)
    said = SAME_KIND.get(said, said)
    found = _by_content(content)
    kind = said if found == "txt" and said in TEXTS else found
    if kind != said:
        raise Refused("other_ending" if said in MEDIA_TYPES else "not_a_kind")
    return kind


def _by_content(content: bytes) -> str:
    for begins, check in _CHECKS:
        if content.startswith(begins):
            kind = check(content)
            if begins != b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
                raise Refused("two_kinds")
            return kind
    if _is_text(content):
        return "txt"
    raise Refused("not_a_kind")


def _pdf(content: bytes) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise Refused("damaged")
    return "pdf"


def _png(content: bytes) -> str:
    """Chunk by chunk from IHDR to IEND, and nothing after it."""
    at, first = len(_PNG), True
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        if first and name != b"IHDR":
            break
        first = False
        at += 12 + length
        if name == b"IEND":
            if at == len(content):
                return "png"
            raise Refused("two_kinds")
    raise Refused("damaged")


def _jpeg(content: bytes) -> str:
    if b"\xff\xd9" not in content[-65_536:]:
        raise Refused("damaged")
    return "jpg"


def _office(content: bytes) -> str:
    try:
        return office_files.kind_of(content)
    except office_files.Unusable as refusal:
        reason = str(refusal)
        raise Refused("not_a_kind" if reason == "unknown" else reason) from refusal


def _old(_content: bytes) -> str:
    raise Refused("old_office")


_CHECKS: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"%PDF-", _pdf), (_PNG, _png), (b"\xff\xd8\xff", _jpeg), (b"PK", _office), (_OLD_OFFICE, _old),
)  # fmt: skip


def _is_text(content: bytes) -> bool:
    """Readable text in UTF-8, UTF-16 with its mark or Windows' Swedish code page, and no markup or script."""
    text = _decoded(content)
    if text is None or any(not (char.isprintable() or char in _IN_TEXT or char == "\xa0") for char in set(text)):
        return False
    return not text.lstrip().lower().startswith(_MARKUP)


def _decoded(content: bytes) -> str | None:
    codecs = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for codec in codecs:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    return None
