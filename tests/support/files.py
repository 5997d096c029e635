"""Files as people have them, and files that are not what they say, made in memory."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def office(main: str = WORD, **more: bytes) -> bytes:
    types = f'<Types><Override PartName="/main.xml" ContentType="{main}"/></Types>'.encode()
    return zipped({"[Content_Types].xml": types, "main.xml": b"<document/>", **more})


def packed_as(method: int) -> bytes:
    """A document whose text is packed in that way of `zipfile`'s, and the packed bytes spoiled."""
    file = io.BytesIO(office())
    with zipfile.ZipFile(file, "a", method) as archive:
        archive.writestr("text.xml", b"<text/>" * 500)
        part = archive.getinfo("text.xml")
    content = bytearray(file.getvalue())
    at = part.header_offset + 30 + len(part.filename)
    content[at + 9 : at + 15] = b"spoilt"
    return bytes(content)


def open_document(media_type: str = "application/vnd.oasis.opendocument.text", **more: bytes) -> bytes:
    return zipped({"mimetype": media_type.encode(), "content.xml": b"<office/>", **more})


def pdf(text: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + text + b"\ntrailer\n<<>>\n%%EOF\n"


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + b"".join(more) + chunk(b"IEND")


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\x11" * 40 + b"\xff\xd9"


def bomb() -> bytes:
    """A megabyte that unpacks to a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Override ContentType="{WORD}"/>')
        for number in range(10):
            archive.writestr(f"{number}.xml", b"\0" * 25_000_000)
    return file.getvalue()


def lying() -> bytes:
    """A document whose directory says that its largest part is small."""
    content = bytearray(office(more=b"a" * 500_000))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)
