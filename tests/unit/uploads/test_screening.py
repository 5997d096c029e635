"""The child that reads an upload: what it finds, and what becomes of it when it takes too much."""

from __future__ import annotations

import codecs
import subprocess
import sys
from pathlib import Path

import pytest
from support.hostile import REAL, inside, zipped
from support.world import WORKFLOWS

from engine import deployments
from engine.uploads import limits, read, screen, screen_alone, screen_diagram, screening

ROOT = Path(__file__).parents[3]
FILES = deployments.read_folder(WORKFLOWS / "annual_plan")
KEY = "annual_plan"


def behaves(monkeypatch: pytest.MonkeyPatch, how: str, folder: Path) -> None:
    """From now on the child does `how` where it would check the diagram that was sent in."""
    (folder / "sitecustomize.py").write_text(
        "import os, sys, time\n"
        "from engine import deployments\n"
        "check_diagram = deployments.check_diagram\n"
        "def instead(key, xml):\n"
        "    if key == 'trial': return check_diagram(key, xml)\n"
        f"    {how}\n"
        "deployments.check_diagram = instead\n"
    )
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])


def test_what_comes_with_the_product_has_nothing_against_it() -> None:
    assert screen(KEY, FILES) == screening.Screened(KEY, ())


def test_a_byte_order_mark_before_a_diagram_is_nothing_against_it() -> None:
    assert screen(KEY, FILES | {f"{KEY}.bpmn": codecs.BOM_UTF8 + REAL}) == screening.Screened(KEY, ())


def test_a_finding_names_the_element_its_name_and_its_line_in_both_languages() -> None:
    (finding, *_others) = screen(KEY, FILES | {f"{KEY}.bpmn": inside(b'<bpmn:task id="q" name="Q"/>')}).findings
    assert (finding.element_id, finding.element_name, finding.severity) == ("q", "Q", "error")
    assert finding.line
    assert "Q" in finding.sv
    assert "Q" in finding.en


def test_a_finding_about_a_task_of_the_package_names_the_task() -> None:
    (finding,) = screen(KEY, FILES | {f"{KEY}.bpmn": REAL.replace(b'form="collection"', b'form="gone"', 1)}).findings
    assert finding.element_id
    assert finding.line
    assert "gone" in finding.sv


def test_a_diagram_alone_is_checked_with_the_rest_of_its_deployed_package() -> None:
    assert screen_diagram(REAL, {KEY: FILES, "other": {}}) == screening.Screened(KEY, ())
    found = screen_diagram(REAL, {"other": {}})
    assert found.key is None
    assert "annual_plan" in found.findings[0].sv


def test_many_findings_are_told_up_to_a_limit_with_how_many_more() -> None:
    more = b"".join(b'<bpmn:task id="q%d"/>' % i for i in range(1000))
    found = screen(KEY, FILES | {f"{KEY}.bpmn": inside(more)})
    assert len(found.findings) == limits.SHOWN
    assert found.more > 1000
    assert found.refused


def test_a_child_that_goes_on_too_long_is_ended_and_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    behaves(monkeypatch, "while True: pass", tmp_path)
    for found in (screen(KEY, FILES), screen_alone(REAL)):
        (finding,) = found.findings
        assert "längre än 2 sekunder" in finding.sv


def test_a_child_that_waits_for_ever_is_ended_and_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    behaves(monkeypatch, "time.sleep(1000)", tmp_path)
    monkeypatch.setattr(limits, "WALL_SECONDS", 8)
    (finding,) = screen(KEY, FILES).findings
    assert "längre än" in finding.sv


@pytest.mark.parametrize("how", ["return [bytearray(400_000_000)]", "return [' ' * 10**9]"])
def test_a_child_that_takes_too_much_memory_is_ended_and_said_so(
    how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    behaves(monkeypatch, how, tmp_path)
    (finding,) = screen(KEY, FILES).findings
    assert "200 MB" in finding.sv


@pytest.mark.parametrize(
    "how",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 11)",
        "sys.stdout.write('x' * 3_000_000); sys.stdout.flush(); return []",
        "sys.stdout.write('{\"key\": 1}'); sys.stdout.flush(); os._exit(0)",
        "sys.stdout.write('[' * 100_000); sys.stdout.flush(); os._exit(0)",
        "raise RuntimeError('x')",
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_finding(
    how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    behaves(monkeypatch, how, tmp_path)
    (finding,) = screen(KEY, FILES).findings
    assert "stannade mitt i" in finding.sv


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('/tmp/arshjul-child-was-here', 'w')",
        "socket.socket()",
        "os.open('/dev/null', os.O_RDONLY)",
        "os.pipe()",
        "subprocess.run(['true'])",
        "etree.parse('/etc/hostname')",
    ],
)
def test_the_child_can_open_no_file_and_no_socket_and_start_no_other(attempt: str) -> None:
    code = (
        "import os, socket, subprocess\nfrom lxml import etree\nfrom engine.uploads import child, warming\n"
        f"child._give_up(warming.data_bytes())\ntry:\n    {attempt}\nexcept OSError:\n    print('refused')\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert said.stdout == "refused\n", said


def test_the_child_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARSHJUL_SECRET_KEY", "a secret of the tests")
    behaves(monkeypatch, "raise ValueError(str(sorted(os.environ)))", tmp_path)
    assert "ARSHJUL" not in str(screen(KEY, FILES))


def test_an_upload_does_not_change_the_roles() -> None:
    roles = FILES["roles.toml"]
    assert not read(zipped(FILES), {}, roles).refused
    found = read(
        zipped(FILES | {"roles.toml": roles + b'\n[mine]\nsv = "x"\nen = "x"\ngrants = ["admin"]\n'}), {}, roles
    )
    assert found.refused
    assert found.findings[0].where == "roles.toml"
    assert found.files == {}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 100, b"PK", b"PK\x03\x04" + b"x" * 100])
def test_what_is_neither_zip_nor_diagram_is_refused_with_what_to_choose(content: bytes) -> None:
    found = read(content, {}, None)
    assert found.refused
    assert found.findings


def test_where_no_file_can_be_opened_slow_expressions_are_answered_and_endless_ones_are_not_the_end() -> None:
    """A loaded machine stands still for longer than an expression may take, and the child can make no new V8."""
    asked = """
import resource
from engine import feel
from engine.uploads import warming
warming.warm()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
print(feel.check("count(for i in 1..60000 return i * 2) > 0"))
print(feel.check("count(for i in 1..1000000000 return i * 2) > 0"))
print(feel.check("1 + 1 > 0"))
"""
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    slow, endless, next_one = done.stdout.splitlines()
    assert (slow, next_one) == ("None", "None"), done.stderr
    assert endless in ("takes longer than 1000 ms", "takes more memory than it may")  # whichever limit it meets first
