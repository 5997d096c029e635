"""What is thrown at the page that takes new versions: each is refused in words, and nothing is held or deployed.

ARSHJUL_TRIALS multiplies the number of damaged files, and sends every kind of diagram; otherwise some are chosen.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time

import pytest
from support.browsing import Browser, Client
from support.hostile import MARK, REAL, damaged, diagrams, zipped
from support.world import WORKFLOWS, World

from engine import deployments
from engine.operations import deploying

FILES = deployments.read_folder(WORKFLOWS / "annual_plan")
UPLOAD = "/deployments/upload"
SEED = 20261122
TIMES = int(os.environ.get("ARSHJUL_TRIALS", "1"))
SLOWEST = 2.0
"""Seconds of this process's own processor time; the child's are its own."""
AT_LEAST = ["a billion laughs", "svg in a name", "html in an id", "utf-16", "tasks up to the limit"]
HARMLESS = {"stylesheet", "schema from an address"}

ENDLESS = json.loads(FILES["forms/collection.json"])
ENDLESS["components"].append(
    {"type": "textfield", "key": "x", "label": "x", "label_en": "x", "conditional": {"hide": "=" + "(" * 9_000}}
)
EVERY = FILES["package.toml"].replace(b"every_years = 1", b"every_years = 999999999999")
NOT_TOML = {**FILES, "package.toml": b"\xff\xfe[", "messages/x.toml": b"a = " + b"[" * 20_000}
PACKAGES = {
    "a package of wrong kinds": {**FILES, "package.toml": b"steps = 3\nname = [1]\nvariables = 'x'\nevent = []"},
    "texts that no page can show": {**FILES, "forms/collection.json": b'{"components": [], "title": "\\ud800\\u0000"}'},
    "numbers that are none": {**FILES, "records/proposal.json": b'{"x": NaN}'},
    "files nested without end": {**FILES, "forms/x.json": b"[" * 200_000},
    "files that are no text": NOT_TOML,
    "expressions without end": {**FILES, "forms/collection.json": json.dumps(ENDLESS).encode()},
    "a year without end": {**FILES, "package.toml": EVERY},
    "rights for everyone": {**FILES, "roles.toml": FILES["roles.toml"].replace(b'"admin"', b'"admin", "operate"')},
    "no diagram": {name: content for name, content in FILES.items() if not name.endswith(".bpmn")},
    "two diagrams": {**FILES, "other.bpmn": REAL},
    "names of ill will": {**FILES, f"forms/{MARK}.json": b"{", "messages/$(id).toml": b"="},
    "nothing": {},
}  # fmt: skip


def chosen() -> list[str]:
    """The kinds of diagrams to send."""
    kinds = list(diagrams("http://127.0.0.1:9", "/etc/hostname"))
    if TIMES > 1:
        return kinds
    return sorted({*AT_LEAST, *random.Random(SEED).sample(kinds, 4)})


def sent(browser: Browser, content: bytes, name: str) -> str:
    """The page that came back; no fault of ours, nothing unescaped, and not for long."""
    browser.get(UPLOAD)
    began = time.process_time()
    page = browser.send_files(UPLOAD, "file", (name, content))
    assert time.process_time() - began < SLOWEST, name
    assert browser.status in (302, 413, 422), (name, browser.status)
    assert MARK not in page
    assert "Traceback" not in page
    return page


@pytest.mark.parametrize("kind", chosen())
def test_a_diagram_of_ill_will_is_refused_in_words(kind: str, browse: Client, world: World) -> None:
    browser = browse("hr")
    page = sent(browser, diagrams("http://127.0.0.1:9", "/etc/hostname")[kind], f"{MARK}.bpmn")
    if kind in HARMLESS:
        assert browser.status == 302
    else:
        assert "Inget är driftsatt" in page or browser.status == 413
        assert nothing_held(world)


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_package_of_ill_will_is_refused_in_words(kind: str, browse: Client, world: World) -> None:
    page = sent(browse("hr"), zipped(PACKAGES[kind], folder=""), "paket.zip")
    assert "Inget är driftsatt" in page
    assert re.search(r'class="finding__text">[^<]{20,}', page)
    assert nothing_held(world)


def test_damaged_zips_are_refused_or_held_never_a_fault(
    browse: Client, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, whole, browser, refused = random.Random(SEED), zipped(FILES), browse("hr"), 0
    tried = 60 * TIMES
    for _trial in range(tried):
        sent(browser, damaged(chance, whole), "skadad.zip")
        refused += browser.status == 422
    with capsys.disabled():
        sys.stdout.write(f"\ndamaged zips at the page: seed {SEED}, {tried} tried, {refused} refused\n")
    assert refused > tried / 2


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "%00", "x" * 5000, MARK])
def test_an_address_of_nothing_is_not_found(digest: str, browse: Client) -> None:
    browser = browse("hr")
    page = browser.get(f"/deployments/staged/{digest}")
    assert browser.status == 404
    assert MARK not in page


def nothing_held(world: World) -> bool:
    with world.page() as tx:
        return deployments.latest(tx, "annual_plan").version == 1 and not deploying.waiting(tx, by=world.person("hr"))
