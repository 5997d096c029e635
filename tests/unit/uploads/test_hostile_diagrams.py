"""Diagrams written with ill will: each is refused in words or does no harm; quickly, and asking nobody for anything.

ARSHJUL_TRIALS multiplies the number of damaged diagrams, and sends every kind through a child of its own.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support.hostile import REAL, damaged, diagrams
from support.world import WORKFLOWS

from engine import bpmn, deployments
from engine.rules.package_lint import Problem
from engine.uploads import limits, screen_diagram

KEY = "annual_plan"
FILES = deployments.read_folder(WORKFLOWS / KEY)
SEED = 20261122
TIMES = int(os.environ.get("ARSHJUL_TRIALS", "1"))
DAMAGED = 250 * TIMES
KINDS = list(diagrams("", ""))
MOST = 150
"""Times the check of a real diagram: the slowest kind takes some thirty."""
HARMLESS = {"stylesheet", "schema from an address"}
"""Kinds that are read as what they are, which nobody obeys."""
THROUGH_A_CHILD = (
    KINDS if TIMES > 1 else ["a billion laughs", "xinclude of an address", "many messages", "nul", "very deep"]
)


class Asked(BaseHTTPRequestHandler):
    """Notes who comes."""

    def do_GET(self) -> None:
        self.server.visits.append(self.path)  # type: ignore[attr-defined]
        self.send_error(404)

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture(scope="module")
def visits() -> Iterator[tuple[str, list[str]]]:
    """An address that nobody may ask, and who did."""
    server = HTTPServer(("127.0.0.1", 0), Asked)
    server.visits = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", server.visits  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, visits: tuple[str, list[str]]) -> dict[str, bytes]:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text("the-secret-of-the-file")
    return diagrams(visits[0], str(secret))


def seconds_of(diagram: bytes) -> tuple[float, list[Problem]]:
    """Processor seconds for a check, and what it found."""
    began = time.process_time()
    findings = deployments.check_diagram(KEY, diagram)
    return time.process_time() - began, findings


@pytest.fixture(scope="module")
def usual() -> float:
    """What the check of a real diagram takes on this machine."""
    return min(seconds_of(FILES[f"{KEY}.bpmn"])[0] for _ in range(3))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_refused_in_words_or_does_no_harm(
    kind: str, written: dict[str, bytes], visits: tuple[str, list[str]], usual: float
) -> None:
    spent, findings = seconds_of(written[kind])
    assert spent < MOST * usual
    findings = findings or deployments.check(KEY, {**FILES, f"{KEY}.bpmn": written[kind]})
    assert bool(findings) != (kind in HARMLESS)
    for finding in findings[: limits.SHOWN]:
        assert len(finding.sv) > 20
        assert len(finding.en) > 20
        assert "the-secret-of-the-file" not in finding.sv
    assert visits[1] == []


def test_kinds_sent_through_a_child_come_back_as_findings(
    written: dict[str, bytes], visits: tuple[str, list[str]]
) -> None:
    with ThreadPoolExecutor(2) as both:
        found = dict(
            zip(
                THROUGH_A_CHILD,
                both.map(lambda kind: screen_diagram(written[kind], {KEY: FILES}), THROUGH_A_CHILD),
                strict=True,
            )
        )
    assert len(found) == len(THROUGH_A_CHILD)
    for kind, screened in found.items():
        assert screened.refused != (kind in HARMLESS), (kind, screened)
        assert not any("stannade mitt i" in finding.sv for finding in screened.findings), (kind, screened)
    assert visits[1] == []


def test_a_damaged_diagram_is_refused_or_can_be_loaded_never_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    chance, refused, longest = random.Random(SEED), 0, 0.0
    for _trial in range(DAMAGED):
        xml = damaged(chance, REAL)
        began = time.process_time()
        findings = deployments.check_diagram(KEY, xml)
        longest = max(longest, time.process_time() - began)
        refused += bool(findings)
        if not findings:
            assert bpmn.load(xml).process_id == KEY
    with capsys.disabled():
        sys.stdout.write(
            f"\ndamaged diagrams: seed {SEED}, {DAMAGED} tried, {refused} refused, {longest:.2f} s at most\n"
        )
    assert longest < limits.DIAGRAM_SECONDS
    assert DAMAGED / 2 < refused < DAMAGED


def test_the_secret_is_where_the_diagrams_look_for_it(written: dict[str, bytes]) -> None:
    path = written["entity of a file"].split(b"file://")[1].split(b'"')[0].decode()
    assert Path(path).read_text() == "the-secret-of-the-file"
