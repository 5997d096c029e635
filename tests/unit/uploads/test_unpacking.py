"""A zip is opened under limits, and every reason against it is said at once."""

from __future__ import annotations

import io
import random
import struct
import sys
import warnings
import zipfile

import pytest
from support.hostile import damaged, link, zipped
from support.world import WORKFLOWS

from engine import deployments
from engine.uploads import unpack
from engine.uploads.unpacking import MAX_FILES, MAX_TOTAL

REAL = deployments.read_folder(WORKFLOWS / "annual_plan")
TRIALS = 400


def test_a_folder_comes_out_as_it_went_in_with_or_without_its_name() -> None:
    assert unpack(zipped(REAL)).files == REAL
    assert unpack(zipped(REAL, folder="")).files == REAL


def test_what_computers_add_is_left_out_in_silence_and_what_no_package_has_with_a_word() -> None:
    found = unpack(zipped({**REAL, "logo.png": b"x", ".DS_Store": b"x"}))
    assert found.files == REAL
    assert [(problem.where, problem.severity) for problem in found.problems] == [("logo.png", "warning")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../package.toml", "ut ur mappen"),
        ("forms/../../../etc/passwd.json", "ut ur mappen"),
        ("/etc/passwd.toml", "ut ur mappen"),
        ("C:/windows.toml", "ut ur mappen"),
        ("..\\..\\package.toml", "ut ur mappen"),
        ("forms/\u202egnp.json", "inte går att visa"),
        ("forms/\x1b[31m.json", "inte går att visa"),
        ("forms//double.json", "inte går att visa"),
        ("x" * 300 + ".json", "inte går att visa"),
        ("inner.zip", "packad fil i den packade filen"),
    ],
)
def test_a_name_that_is_no_plain_name_is_refused(name: str, said: str) -> None:
    found = unpack(zipped({**REAL, name: b"x"}, folder=""))
    assert found.files == {}
    assert any(said in problem.sv for problem in found.problems)


def test_a_link_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link("package.toml"), "/etc/passwd")
    assert "länk" in unpack(buffer.getvalue()).problems[0].sv


def test_a_name_that_stands_twice_is_refused_whatever_its_letters() -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        for name in ("package.toml", "package.toml", "Package.toml"):
            archive.writestr(name, "x")
    assert len([p for p in unpack(buffer.getvalue()).problems if "två gånger" in p.sv]) == 2


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(zipped({"package.toml": b"x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + offset
        content[place : place + 2] = struct.pack("<H", 1)
    assert "krypterad" in unpack(bytes(content)).problems[0].sv


def test_a_zip_in_a_zip_is_refused_whatever_it_is_called() -> None:
    assert "packad fil" in unpack(zipped({"README.md": zipped(REAL)})).problems[0].sv


def test_a_bomb_is_refused() -> None:
    assert "gånger större" in unpack(zipped({"README.md": b" " * 5_000_000})).problems[0].sv
    assert "MB" in unpack(zipped({f"{n}.md": b" " * 1_000_000 for n in range(9)})).problems[-1].sv


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_the_limit() -> None:
    content = bytearray(zipped({"README.md": b" " * (MAX_TOTAL * 3)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + offset
        content[place : place + 4] = struct.pack("<I", 10)
    found = unpack(bytes(content))
    assert found.files == {}
    assert found.problems


def test_too_many_files_are_refused_before_any_is_opened() -> None:
    found = unpack(zipped({f"forms/f{n}.json": b"{}" for n in range(MAX_FILES + 1)}))
    assert str(MAX_FILES + 1) in found.problems[0].sv


def test_other_ways_of_packing_are_refused_with_a_word() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("README.md", "x" * 10_000)
    assert "vanlig zip-fil" in unpack(buffer.getvalue()).problems[0].sv


def test_a_damaged_zip_is_refused_or_read_never_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    seed = 20261122
    chance, whole = random.Random(seed), zipped(REAL)
    refused = sum(bool(unpack(damaged(chance, whole)).problems) for _ in range(TRIALS))
    with capsys.disabled():
        sys.stdout.write(f"\ndamaged zips: seed {seed}, {TRIALS} tried, {refused} refused\n")
    assert refused > TRIALS / 2
