"""Names that nobody bears: real first names, surnames that say they are invented."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

FIRST = """
    Vera Otto Signe Malte Hedda Ture Alva Sixten Tuva Folke Disa Hugo Ellen Loke Ronja Birk Saga Nils Ylva Frode
    Iris Valter Runa Elof Siri Tage Moa Algot Tyra Helge Linnea Kaj Majken Sven Embla Arvid Freja Olle Svea Gillis Ebba
""".split()
LAST = (
    "Påhitt Exempelsson Fiktivsson Låtsasson Provén Testlund Demoberg Sagström Mockfors Låtsberg Exempelgren "
    "Påhittsson Fiktivberg Provström Sagolund Testgren Demoström Låtsfors Exempelberg Mockström Påhittgren Sagofors "
    "Fiktivlund Provlund Testfors Demogren Låtsgren Mocklund Exempelfors Sagogren Testström"
).split()


def names() -> Iterator[str]:
    """Always the same names in the same order, none twice."""
    for number in count():
        round_, place = divmod(number, len(FIRST) * len(LAST))
        # Both lists have prime lengths that differ, so that stepping through both meets every pair once.
        surname = LAST[place % len(LAST)]
        if round_:
            surname += "-" + LAST[(place + round_) % len(LAST)]
        yield f"{FIRST[place % len(FIRST)]} {surname}"


def username(name: str) -> str:
    """`Vera Påhitt` → `vera.pahitt`."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z-]+", ".", plain).strip(".")
