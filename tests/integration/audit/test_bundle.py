"""The signed bundle is verified by the one file in it, with nothing else at hand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from support.stages import WorldAt

from engine import history
from engine.history import anchoring, signing, verifier

SECRET = "a secret of the tests"
KEY = signing.derived(SECRET)
OTHER = signing.derived("another secret")


@pytest.fixture
def taken(world_at: WorldAt, reader: Any, tmp_path: Path) -> Path:
    """A bundle downloaded from the page."""
    browser = reader(world_at("compiling"), "revi")
    assert "granskningspaket" in browser.get("/history")
    token = browser.page.partition('name="csrf_token" value="')[2].partition('"')[0]
    file = tmp_path / "bundle.zip"
    with browser.client.post("/history/bundle.zip", data={"csrf_token": token}) as response:
        assert response.status_code == 200
        file.write_bytes(response.get_data())
    return file


def changed(file: Path, name: str, old: bytes, new: bytes) -> Path:
    """The bundle with something replaced in one of its files."""
    made = file.with_name("changed.zip")
    with ZipFile(file) as source, ZipFile(made, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            if each == name:
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(each, content)
    return made


def test_the_verifier_of_the_bundle_verifies_it_alone(taken: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    with ZipFile(taken) as archive:
        archive.extract("verifier.py", alone)
        assert {"README.md", "SHA256SUMS", "SIGNATURE", "checkpoint.json", "history.ndjson"} <= set(archive.namelist())
    command = [sys.executable, "-I", "verifier.py", str(taken)]
    done = subprocess.run([*command, "--key", KEY.id], cwd=alone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("verified: ")
    assert "not yet anchored" not in done.stdout
    keyless = subprocess.run(command, cwd=alone, capture_output=True, text=True, check=False)
    assert f"signed by {verifier.spaced(KEY.id)}: no key was given" in keyless.stdout


def test_another_key_is_told_and_the_old_and_the_new_may_both_be_given(taken: Path) -> None:
    verdict = verifier.check_bundle(taken, [OTHER.id])
    assert "signature is by another key" in str(verdict.problem)
    for keys in ([OTHER.id, KEY.id], [KEY.public], [verifier.spaced(KEY.id).upper()]):
        assert verifier.check_bundle(taken, keys).ok


def test_a_bundle_signed_again_by_someone_else_is_told(taken: Path) -> None:
    with ZipFile(taken) as archive:
        sums, signature = archive.read("SHA256SUMS"), archive.read("SIGNATURE")
    forged = f"public-key {OTHER.public}\nsignature {OTHER.sign(sums)}\n".encode()
    file = changed(taken, "SIGNATURE", signature, forged)
    assert "another key" in str(verifier.check_bundle(file, [KEY.id]).problem)
    half = signature.replace(OTHER.public.encode(), KEY.public.encode()).replace(
        KEY.sign(sums).encode(), OTHER.sign(sums).encode()
    )
    assert "does not match" in str(
        verifier.check_bundle(changed(taken, "SIGNATURE", signature, half), [KEY.id]).problem
    )


def test_a_key_that_is_none_is_an_error_and_not_a_verdict(taken: Path) -> None:
    for key in ("abc", "zz" * 16, ""):
        assert verifier.main([str(taken), "--key", key]) == 2


@pytest.mark.parametrize("name", ["history.ndjson", "checkpoint.json", "verifier.py", "README.md"])
def test_any_file_changed_is_told(taken: Path, name: str) -> None:
    verdict = verifier.check_bundle(changed(taken, name, b"e", b"E"), [KEY.id])
    assert verdict.problem is not None
    assert name in str(verdict.problem)


def test_check_sums_made_anew_do_not_help_without_the_key(taken: Path) -> None:
    verdict = verifier.check_bundle(changed(taken, "SHA256SUMS", b"  README.md", b"  README.MD"), [KEY.id])
    assert verdict.problem is not None
    assert "signature" in str(verdict.problem)


def test_the_auditors_own_checkpoint_counts_too(taken: Path) -> None:
    with ZipFile(taken) as archive:
        own = json.loads(archive.read("checkpoint.json"))
    chain = next(iter(own["heads"]))
    own["heads"][chain] = [own["heads"][chain][0] + 1, own["heads"][chain][1]]
    own["root"] = verifier.merkle_root({name: tuple(head) for name, head in own["heads"].items()})
    verdict = verifier.check_bundle(taken, [KEY.id], own)
    assert verdict.problem is not None


def test_csv_and_xes_are_taken_from_the_page(world_at: WorldAt, reader: Any) -> None:
    browser = reader(world_at("compiling"), "revi")
    assert browser.get("/history/export.csv").startswith("chain,seq,type")
    root = ET.fromstring(browser.get("/history/export.xes"))  # noqa: S314 (our own file)
    assert len(root.findall("{http://www.xes-standard.org/}trace")) > 10
    other = reader(world_at("compiling"), "tora")
    for path in ("/history/export.csv", "/history/export.xes"):
        other.get(path)
        assert other.status == 403


def test_auditors_see_the_fingerprint_that_they_keep(world_at: WorldAt, reader: Any) -> None:
    page = reader(world_at("compiling"), "revi").get("/history")
    assert verifier.spaced(KEY.id) in page
    assert verifier.spaced(KEY.public) in page
    assert KEY.seed not in page


def test_the_newest_checkpoint_is_fetched_from_the_page(world_at: WorldAt, reader: Any, tmp_path: Path) -> None:
    world = world_at("compiling")
    browser = reader(world, "revi")
    assert "Ingen kontrollpunkt är tagen än" in browser.get("/history")
    browser.get("/history/checkpoint.json")
    assert browser.status == 302
    anchoring.anchor(world.database, world.clock, None)
    assert "Den har inte skrivits utanför systemet" in browser.get("/history")
    kept = json.loads(browser.get("/history/checkpoint.json"))
    with world.page() as tx:
        assert verifier.check(history.export_ndjson(tx), kept).ok
    anchoring.anchor(world.database, world.clock, tmp_path)
    assert "Den har skrivits till mappen utanför systemet" in browser.get("/history")
