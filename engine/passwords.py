"""Which passwords are refused (OWASP ASVS 5.0, 6.2): short ones, common ones, the username itself."""

from __future__ import annotations

from unicodedata import normalize

from engine.errors import InvalidInput

SHORTEST = 12
LONGEST = 256

# Words that long passwords are commonly made of by adding figures; compared without case, figures and signs.
COMMON = frozenset(
    """
    abcdefghijkl abcdefgh adminadmin administrator administratör arshjul årshjul changeme dragon
    fotboll göteborg hejhej hejhejhej hejsan hemlig hemligt hockey höst iloveyou jagälskardig
    kalleanka letmein lösenord losenord lösenordet lösenordlösenord master midsommar monkey
    nyttlösenord password passwordpassword passw pelle princess qazwsxedc qwerty qwertyuiop
    qwertyuiopå qwertyuiopasdf region regionen sjukhus sjukhuset sommar sommaren stockholm sverige
    trustno utbildning vinter vår välkommen welcome
    """.split()
)


def normal(password: str) -> str:
    """The same password typed on two keyboards is the same text (NFKC)."""
    return normalize("NFKC", password)


def refuse_weak(password: str, username: str) -> None:
    """Raise InvalidInput (field password; reason too_short, too_long, common, contains_username)."""
    written = normal(password)
    folded = written.casefold()
    if len(written) < SHORTEST:
        raise InvalidInput(field="password", reason="too_short", shortest=SHORTEST)
    if len(written) > LONGEST:
        raise InvalidInput(field="password", reason="too_long", longest=LONGEST)
    if len(set(folded)) < 5 or "".join(filter(str.isalpha, folded)) in COMMON | {""}:
        raise InvalidInput(field="password", reason="common")
    name = username.casefold().partition("@")[0]
    if len(name) > 2 and name in folded:
        raise InvalidInput(field="password", reason="contains_username")
