"""Every text field of every form takes ordinary text of all kinds exactly, and refuses in words what cannot be shown.

The fields are those of the forms that the pages show, found by following links as three people.
"""

import json
import re
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from lxml import html
from support.browsing import PASSWORD, accounts_for, pages
from support.forms import filled, kind
from support.stages import in_november
from support.world import World

PEOPLE = ("tora", "hr", "sysa")
MOST_PAGES = 60
TEXT = "self::textarea or (self::input and (not(@type) or @type='text' or @type='search'))"
KEPT = [
    "<script>nasty()</script>", "'\"><nasty onload=x>", "</textarea><nasty>", "{{ 7 * 191 }} {% raw %}", "${7*191}",
    "'; DROP TABLE person;--", "=1+1", "+SUM(A1)", "@x", "-2", "%s %(x)s %n {0} {x}", "../../etc/passwd", "\\u0000",
    "null None undefined NaN", "Åäö é e\u0301", "漢字 Ελλ рус", "עברית مرحبا", "\u2067אב\u2069 \u200f.",
    "H\u0337\u0321e\u0337",
    "👩\u200d🔬 🇸🇪", "ﬀ ǆ ß İ", "𝔘𝔫𝔦",
    "\u00a0\u2003mellan", "a\tb", "&lt;b&gt; &amp;amp;", "javascript:nasty()",
    "<!-- x -->",
]  # fmt: skip
REFUSED = ["rap\u202efdp", "a\x07b", "a\0b", "a" * 100_001]
Forms = dict[tuple[str, str], "Found"]


class Found:
    """A form as a page showed it to a person."""

    def __init__(self, person: str, path: str, action: str, form: Any) -> None:
        self.person, self.path, self.action = person, path, action
        self.texts = {field.get("name"): int(field.get("maxlength") or 400) for field in form.xpath(f".//*[{TEXT}]")}


class Place:
    """A person's browser at a region that can be put back to how it was when they had signed in."""

    def __init__(self, prepared: Path, folder: Path, person: str) -> None:
        self.file, self.before = folder / f"{person}.db", folder / f"{person}-before.db"
        shutil.copy(prepared, self.file)
        self.world, self.client = opened(self.file, person)
        copied(self.file, self.before)
        self.pages: dict[str, str] = {}

    def put_back(self) -> None:
        copied(self.before, self.file)

    def shown(self, path: str) -> str:
        """The page as it was then, its lists with a first row where they may have one."""
        if path not in self.pages:
            self.pages[path] = with_a_row(self.client, path, self.client.get(path).get_data(as_text=True))
            self.put_back()
        return self.pages[path]


def copied(source: Path, target: Path) -> None:
    """Page by page, also while somebody has the target open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)


def opened(file: Path, person: str) -> tuple[World, FlaskClient]:
    world = World(f"sqlite:///{file}", today="2026-11-22")
    app = pages(world)
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    assert client.post("/sign-in", data={"username": person, "password": PASSWORD}).status_code == 302
    return world, client


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("nasty") / "made.db"
    world = in_november(f"sqlite:///{file}")
    accounts_for(world, *PEOPLE)
    world.close()
    return file


def forms_in(page: str, path: str, person: str) -> Iterator[tuple[tuple[str, str], Found]]:
    for form in html.fromstring(page).xpath("//form[@method='post']"):
        action = form.get("action") or path
        found = Found(person, path, action, form)
        if found.texts:
            yield (kind(action), re.sub(r"\d+", "0", " ".join(found.texts))), found


def with_a_row(client: FlaskClient, path: str, page: str) -> str:
    for form in html.fromstring(page).xpath("//form[@method='post']") if page else []:
        for button in form.xpath(".//button[starts-with(@name, '_add:')]/@name"):
            action, data = filled(form, path)
            return client.post(action, data={**data, "_submit": None, button: "1"}).get_data(as_text=True)
    return page


@pytest.fixture(scope="module")
def forms(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Forms:
    """By where each goes and what it asks; found by links, one page of each kind."""
    found: Forms = {}
    for person in PEOPLE:
        own = tmp_path_factory.mktemp("walk") / "own.db"
        shutil.copy(prepared, own)
        world, client = opened(own, person)
        waiting, seen = ["/", "/?late=1"], {"/"}
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.pop(0)
            answer = client.get(path)
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = answer.get_data(as_text=True)
            for key, form in forms_in(with_a_row(client, path, page), path, person):
                found.setdefault(key, form)
            for link in html.fromstring(page).xpath("//a/@href"):
                if link.startswith("/") and kind(link) not in seen and "." not in link:
                    seen.add(kind(link))
                    waiting.append(link)
        world.close()
    return found


def test_the_forms_that_people_write_in_are_found(forms: Forms) -> None:
    actions = {action for action, _fields in forms}
    for known in (
        "/tasks/0",
        "/tasks/0/comments",
        "/tasks/0/hand-over",
        "/filters",
        "/cycles/0/pause",
        "/absence/of/tora",
    ):
        assert known in actions, actions
    assert len(forms) >= 12, actions


def sent(place: Place, form: Found, text: dict[str, str]) -> tuple[int, str]:
    """Send the form with that text in its fields, and confirm it if asked; the status and the page at the end."""
    client, page = place.client, html.fromstring(place.shown(form.path))
    (one,) = [f for f in page.xpath("//form[@method='post']") if (f.get("action") or form.path) == form.action
              and set(text) <= set(Found("", "", "", f).texts)][:1]  # fmt: skip
    action, data = filled(one, form.path)
    answer = client.post(action, data={**data, **text})
    status, told = answer.status_code, answer.get_data(as_text=True)
    for again in html.fromstring(told).xpath("//form[.//input[@name='step' and @value='confirm']]") if told else []:
        status = (answer := client.post(again.get("action") or action, data=dict(again.form_values()))).status_code
        told = answer.get_data(as_text=True)
    for again in html.fromstring(told).xpath("//form[.//button[@name='_confirm']]") if status == 200 else []:
        data = {**dict(again.form_values()), "_confirm": "1"}
        status = (answer := client.post(again.get("action") or action, data=data)).status_code
        told = answer.get_data(as_text=True)
    if status == 302:
        told = client.get(answer.location).get_data(as_text=True)
    return status, told


def texts_kept(world: World) -> set[str]:
    """Every text in the database but the drafts, which keep what was refused; those within JSON too."""
    found: set[str] = set()
    with world.database.engine.connect() as connection:
        for table in set(sa.inspect(connection).get_table_names()) - {"draft"}:
            for row in connection.exec_driver_sql(f'select * from "{table}"'):
                for value in row:
                    if isinstance(value, str) and value[:1] in ("{", "[", '"'):
                        found |= set(within(read(value)))
                    elif isinstance(value, str):
                        found.add(value)
    return found


def read(value: str) -> Any:
    """What a column holds: JSON, unless it is text that merely begins like it."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from within(one)
    elif isinstance(value, list):
        for one in value:
            yield from within(one)


def as_kept(text: str) -> set[str]:
    """A text as it may be kept: its letters composed, without blanks at its ends, a name's blanks evened out."""
    composed = unicodedata.normalize("NFC", text).strip()
    return {composed, " ".join(text.split())}


def typed(page: str) -> set[str]:
    document = html.fromstring(page)
    return {e.text or "" for e in document.xpath("//textarea")} | set(document.xpath("//input/@value"))


def is_refused(page: str, form: Found, status: int) -> bool:
    """Whether the page says which field is wrong: in its summary, in words, or in a notice."""
    notice = page.partition("govuk-notification-banner")[2].partition("</main>")[0]
    if "tecken" in notice:
        return True
    fields = [field for name in form.texts for field in (name, "f-" + name.replace(".", "-"))]
    return status == 422 and any(f'href="#{field}"' in page or f"”{field}”" in page for field in fields)


def ensure_escaped(page: str) -> None:
    document = html.fromstring(page)
    assert not document.xpath("//nasty | //script[contains(., 'nasty')] | //@onload")
    assert "1337" not in page
    assert "Traceback" not in page


@pytest.fixture(scope="module")
def places(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    folder = tmp_path_factory.mktemp("places")
    found = {person: Place(prepared, folder, person) for person in PEOPLE}
    yield found
    for place in found.values():
        place.world.close()


def test_ordinary_text_of_all_kinds_is_kept_and_shown_back_exactly(forms: Forms, places: dict[str, Place]) -> None:
    for key, form in forms.items():
        longest, place = min(form.texts.values()), places[form.person]
        rest = [text for text in KEPT if len(text) <= longest]
        while rest:
            chunk = rest.pop(0)
            while rest and len(chunk) + 1 + len(rest[0]) <= min(longest, 400):
                chunk += " " + rest.pop(0)
            place.put_back()
            status, page = sent(place, form, dict.fromkeys(form.texts, chunk))
            assert status in (200, 302, 422), (key, status, chunk)
            ensure_escaped(page)
            back = {one for text in typed(page) for one in as_kept(text)}
            assert is_refused(page, form, status) or as_kept(chunk) & (texts_kept(place.world) | back), (key, chunk)


def test_what_cannot_be_shown_is_refused_at_its_field(forms: Forms, places: dict[str, Place]) -> None:
    for place in places.values():
        place.put_back()
    for key, form in forms.items():
        place = places[form.person]
        for text in REFUSED:
            status, page = sent(place, form, dict.fromkeys(form.texts, text))
            assert status in (200, 302, 422), (key, status, text[:20])
            searched = any(name.endswith("_text") for name in form.texts)  # nothing is kept of it
            assert is_refused(page, form, status) or searched, (key, text[:20], status)
            assert text not in texts_kept(place.world), (key, text[:20])
