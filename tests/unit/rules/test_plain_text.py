"""What people may type is kept as it is; what hides or turns the text around it is refused."""

import pytest

from engine.rules.plain_text import Unreadable, clean

KEPT = {
    "Swedish": "Åke får öl i Skövde – 50 % ”rätt”",
    "Arabic with marks": "\u200fمرحبا\u200f",
    "Hebrew in an isolate": "Avsnitt \u2067שלום\u2069 slut",
    "Persian with a joiner": "می\u200cخواهم",
    "family": "👨\u200d👩\u200d👧",
    "Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "zalgo": "H̷̢e̸̛j̶",
    "soft hyphen": "kompetens\u00adutveckling",
    "several lines": "en\ntvå\n\n\ttre",
}
REFUSED = {
    "override": "rap\u202efdp.exe",
    "embedding": "a\u202bb",
    "bell": "a\x07b",
    "escape": "\x1b[31mröd",
    "NUL": "a\0b",
    "next line": "a\x85b",
    "line separator": "a\u2028b",
    "lone surrogate": "a\ud800b",
    "noncharacter": "a\ufffeb",
    "tags without a flag": "a\U000e0068\U000e0069",
    "deprecated formatting": "a\u206ab",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_ordinary_text_of_every_script_is_kept_exactly(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_characters_that_hide_or_reorder_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        clean(text)


@pytest.mark.parametrize("text", ["\u200b", "\ufeff", " \u2060 ", "\u00ad\u200d", "\u3164", "\u2800\n\u00a0"])
def test_a_text_in_which_nothing_can_be_seen_is_no_text(text: str) -> None:
    assert clean(text) == ""


def test_one_line_has_no_line_break() -> None:
    with pytest.raises(Unreadable):
        clean("en\nannan", one_line=True)
    assert clean("en\r\nannan") == "en\nannan"
