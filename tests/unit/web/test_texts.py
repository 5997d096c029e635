"""Every text a person sees is in both languages."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

WEB = Path(__file__).parents[3] / "web"
CATALOG = WEB / "translations/en/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("components/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}


def texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text (its singular)."""
    for place, _line, message, _comments, _context in extract_from_dir(str(WEB), METHODS, keywords=KEYWORDS):
        yield place, message[0] if isinstance(message, tuple) else message


def test_every_text_has_an_english_translation() -> None:
    catalog = read_po(BytesIO(CATALOG.read_bytes()), locale="en")
    missing = []
    for place, text in texts():
        found = catalog.get(text)
        translated = found.string if found is not None else ""
        if not (all(translated) if isinstance(translated, tuple) else translated):
            missing.append((place, text))
    assert not missing


def test_translations_have_the_same_gaps_to_fill() -> None:
    for message in read_po(BytesIO(CATALOG.read_bytes()), locale="en"):
        if message.id:
            ids, strings = (value if isinstance(value, tuple) else (value,) for value in (message.id, message.string))
            for string in strings:
                assert gaps(string) == gaps(ids[-1]), message.id


def gaps(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def test_no_template_holds_swedish_outside_the_texts_to_translate() -> None:
    """Swedish letters beyond what `_(…)` marks would stay Swedish for English readers."""
    for template in WEB.rglob("*.html"):
        parts = Environment(autoescape=True).lex(template.read_text("utf-8"))
        bare = "".join(value for _line, kind, value in parts if kind == "data")
        assert not re.search("[åäöÅÄÖ]", bare), template
