"""Two hundred thousand events leave in every format without being held in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database

EVENTS = 200_000
HELD_AT_MOST = 40 * 1024
"""KiB beyond what two thousand events take; all of them at once would take five times that in text alone."""

BODY = (  # of an event, as SQL
    '\'{"actor":"anna","body":{"text":"\' || hex(zeroblob(300)) || \'"},"chain":"x:\' '
    '|| (i / 100) || \'","element":"e",\' '
    '|| \'"instance":1,"occurred_at":"2026-11-02T08:00:00.000000Z","recorded_at":"2026-11-02T08:00:00.000000Z",\' '
    '|| \'"seq":\' || (i % 100 + 1) || \',"task":null,"type":"element_left"}\''
)

EXPORT = """
import resource, sys
from io import BytesIO
from tempfile import TemporaryFile
from engine import history
from engine.clock import SystemClock
from engine.history import bundle, exports, signing
from engine.store.database import Database

KEY = signing.derived("a secret of the tests")
FORMATS = {"ndjson": history.export_ndjson, "csv": exports.as_csv, "xes": exports.as_xes,
           "bundle": lambda tx: bundle.pieces(tx, "{}", KEY)}
with Database(sys.argv[1], SystemClock()).page() as tx:
    lines = sum(1 for _ in FORMATS[sys.argv[2]](tx))
print(lines, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """A database of few events and one of many. Their hashes are not right, which no export looks at."""
    folder = tmp_path_factory.mktemp("large")
    return {many: filled(folder / f"{many}.db", many) for many in (EVENTS // 100, EVENTS)}


def filled(path: Path, many: int) -> str:
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    database = Database(url, SystemClock(), volatile=True)
    with database.verb() as tx:
        tx.connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1) "
            "INSERT INTO audit_event (chain, seq, prev, hash, body, type, occurred_at, recorded_at) "
            f"SELECT 'x:' || (i / 100), i % 100 + 1, '', '', {BODY}, 'element_left', "
            "'2026-11-02 08:00:00.000000', '2026-11-02 08:00:00.000000' FROM n",
            (many,),
        )

    return url


def peak(url: str, form: str) -> tuple[int, int]:
    """Lines or pieces written, and the most memory in KiB that a process of its own took for it."""
    done = subprocess.run([sys.executable, "-c", EXPORT, url, form], capture_output=True, text=True, check=True)
    lines, kib = done.stdout.split()
    return int(lines), int(kib)


@pytest.mark.parametrize("form", ["ndjson", "csv", "xes"])
def test_memory_stays_flat_whatever_the_number_of_events(files: dict[int, str], form: str) -> None:
    few_lines, few = peak(files[EVENTS // 100], form)
    many_lines, many = peak(files[EVENTS], form)

    assert few_lines >= EVENTS // 100
    assert many_lines >= EVENTS
    assert many - few < HELD_AT_MOST, f"{(many - few) // 1024} MiB more"


def test_a_bundle_is_on_its_way_in_pieces_while_it_is_made(files: dict[int, str]) -> None:
    _pieces, few = peak(files[EVENTS // 100], "bundle")
    pieces, many = peak(files[EVENTS], "bundle")
    assert pieces > 10
    assert many - few < HELD_AT_MOST, f"{(many - few) // 1024} MiB more"
