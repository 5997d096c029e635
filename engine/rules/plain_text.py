"""What people may type: every ordinary character as it is, none that hides or turns the text around it.

Refused are control characters, lone surrogates, noncharacters, and the formatting characters that reorder what is
read (embeddings and overrides) or smuggle what nobody sees (tags outside a flag, annotations). Isolates, direction
marks and joiners belong to ordinary text in many scripts and are kept.
"""

from __future__ import annotations

import re
import unicodedata

from engine.errors import InvalidInput

_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")  # England, Scotland, Wales
_HIDDEN = re.compile("[\u202a-\u202e\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f\u2028\u2029]")
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
"""Everything of the category Cc but tab and line feed, the surrogates and the noncharacters."""
_CONTROL, _CONTROL_OR_LINE = re.compile(f"[{_CONTROLS}]"), re.compile(f"[\n{_CONTROLS}]")
_SEEN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"})


class Unreadable(ValueError):
    """The text has characters that nobody can see."""


def clean(text: str, *, one_line: bool = False) -> str:
    """NFC, line breaks as \\n, without blanks at its ends; empty when nothing of it can be seen. Raises Unreadable."""
    written = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if is_hidden(written, one_line=one_line):
        raise Unreadable(written)
    return "" if is_blank(written) else written


def required(text: str, *, field: str, longest: int, shortest: int = 1, one_line: bool = False) -> str:
    """`clean`, of something that must be written. `shortest`: characters that are seen.

    Raises InvalidInput: control_character, or the field's name and _missing, _too_short (min) or _too_long (max).
    """
    try:
        written = clean(text, one_line=one_line)
    except Unreadable:
        raise InvalidInput(field=field, reason="control_character") from None
    if not written:
        raise InvalidInput(field=field, reason=f"{field}_missing")
    if len("".join(written.split())) < shortest:
        raise InvalidInput(field=field, reason=f"{field}_too_short", min=shortest)
    if len(written) > longest:
        raise InvalidInput(field=field, reason=f"{field}_too_long", max=longest)
    return written


def is_hidden(text: str, *, one_line: bool = False) -> bool:
    """Whether any character of the text hides or reorders."""
    if text.isascii() and text.isprintable():
        return False
    if _HIDDEN.search(_FLAG.sub("", text)):
        return True
    return (_CONTROL_OR_LINE if one_line else _CONTROL).search(text) is not None


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing."""
    return all(sign in _SEEN_AS_NOTHING or unicodedata.category(sign) in _INVISIBLE for sign in text)
