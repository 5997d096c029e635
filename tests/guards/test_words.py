"""The words that people read: those that the glossary rules out stand nowhere, and what is Swedish is also English."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from notifications import words

ROOT = Path(__file__).parents[2]

RULED_OUT = {
    r"\bavvikelse": "avsteg från riktlinjen",
    r"\bincident": "tekniskt fel",
    r"\bdeleger": "lämna över; ersättare för",
    r"på uppdrag av": "beslut av …, registrerat av …",
    r"\bgodkän": "tillstyrker; antar; ingår",
    r"\bavslå|\bavslag": "ingår inte; återremitterar",
    r"\breservation\b(?! för)": "avvikande mening",
    r"\btidsfönst": "svarstid; senast",
    r"\beskaler": "påminnelse till överordnad chef",
    r"\bprocessomgång": "Utbildningsplan 2027",
    r"\bvänligen\b": "(leave it out)",
    r"\bobligatoriskt fält|fältet är obligatoriskt": "say what to write",
    r"\bt\.ex\.|\bdvs\b": "till exempel; det vill säga",
}

QUOTED_FROM_THE_GUIDELINE = {"Obligatorisk deltagare"}


def texts_of_pages() -> Iterator[tuple[str, str]]:
    with (ROOT / "web/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file):
            for text in message.id if isinstance(message.id, tuple) else (message.id,):
                yield "web", text


def texts_of_packages() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "workflows").rglob("*")):
        if path.suffix == ".json":
            yield from ((path.name, text) for text in _swedish(json.loads(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".toml":
            yield from ((path.name, text) for text in _swedish(tomllib.loads(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".bpmn":
            xml = path.read_text(encoding="utf-8")
            yield from ((path.name, text) for text in re.findall(r'(?:name|sv)="([^"]*)"', xml))


def texts_of_mails() -> Iterator[tuple[str, str]]:
    yield from (("mail", text) for text in words.SV.values())


def _swedish(value: object, name: str = "") -> Iterator[str]:
    """Every text for people that is not the English twin; expressions and identifiers have no spaces and no åäö."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not str(key).endswith("_en") and key not in {"en", "require", "when", "each", "rows", "hide", "sample"}:
                yield from _swedish(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _swedish(inner, name)
    elif isinstance(value, str) and (" " in value or re.search("[åäöÅÄÖ]", value)):
        yield value


@pytest.mark.parametrize("source", [texts_of_pages, texts_of_packages, texts_of_mails])
def test_no_text_uses_a_word_that_the_glossary_rules_out(source: object) -> None:
    found = [
        f"{where}: {text!r}: {instead}"
        for where, text in source()  # type: ignore[operator]
        for pattern, instead in RULED_OUT.items()
        if re.search(pattern, text, re.IGNORECASE) and text not in QUOTED_FROM_THE_GUIDELINE
    ]
    assert found == []


@pytest.mark.parametrize("source", [texts_of_pages, texts_of_packages, texts_of_mails])
def test_the_sources_of_texts_are_found(source: object) -> None:
    """The check above looks at something."""
    assert len(list(source())) > 20  # type: ignore[operator]


def test_every_word_of_the_mails_is_also_english() -> None:
    assert words.SV.keys() == words.EN.keys()
