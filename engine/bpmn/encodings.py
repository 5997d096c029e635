"""A file in another encoding than UTF-8 as UTF-8, so that everything after reads one. XML says the encoding in its
declaration, or by a byte order mark; few are known, and a byte that they do not have is never guessed."""

from __future__ import annotations

import codecs
import re

PLAIN = frozenset({"utf-8", "utf-8-sig"})
KNOWN = PLAIN | {"us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "macroman", "utf-16"}
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>")
ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")


def encoding_of(xml: bytes) -> str:
    """The name of the encoding in small letters, as the file begins or declares it; UTF-8 where it does neither."""
    mark = next((name for start, name in MARKS if xml.startswith(start)), None)
    return mark or _declared(xml[:200].decode("latin-1")) or "utf-8"


def in_utf8(xml: bytes, encoding: str) -> bytes | None:
    """The same file in UTF-8 and without a declaration, line for line. None when the encoding is not known, when it
    declares another than it begins with, or when the bytes are not in it."""
    if encoding not in KNOWN or (encoding == "utf-16" and xml[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        text = xml.decode(encoding)
    except UnicodeError:
        return None
    if (_declared(text) or encoding)[:5] != encoding[:5]:
        return None
    declaration = DECLARATION.match(text)
    if declaration is None:
        return text.encode()
    return ("\n" * declaration[0].count("\n") + text[declaration.end() :]).encode()


def _declared(text: str) -> str | None:
    declaration = DECLARATION.match(text)
    said = ENCODING.search(declaration[0]) if declaration else None
    return said[1].lower() if said else None
