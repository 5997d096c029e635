"""The words of an attached file, where a file has words that can be read without a program of its kind."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from engine.rules.file_kinds import TEXTS

OFFICE = ("docx", "xlsx", "odt", "ods")
READABLE = (*TEXTS, *OFFICE)
MOST_READ = 200 * 1024 * 1024


def words_of(kind: str, content: bytes) -> str:
    """Empty for what cannot be read: the caller tells people that such files have not been looked through."""
    if kind in TEXTS:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252", "replace")
    return _office_words(content) if kind in OFFICE else ""


def _office_words(content: bytes) -> str:
    """The text of every part, without marks: a word may be cut by formatting in the middle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if part.filename.endswith(".xml")]
            if sum(part.file_size for part in parts) > MOST_READ:
                return ""
            written = [archive.read(part).decode("utf-8", "replace") for part in parts]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        return ""
    return "\n".join(re.sub(r"<[^>]*>", "", re.sub(r"</(?:w:p|text:p|text:h|si|c)>", "\n", part)) for part in written)
