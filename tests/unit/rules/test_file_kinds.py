"""What is taken as an attachment is decided by what the file holds, and it is nothing else besides."""

import zipfile

import pytest
from support import files

from engine.rules import file_kinds, file_names

TAKEN = {
    "beslut.pdf": (files.pdf(), "pdf"),
    "BESLUT.PDF": (files.pdf(), "pdf"),
    "plan.docx": (files.office(), "docx"),
    "plan.xlsx": (files.office(files.SHEET), "xlsx"),
    "plan.odt": (files.open_document(), "odt"),
    "plan.ods": (files.open_document("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    "bild.png": (files.png(), "png"),
    "foto.jpeg": (files.jpeg(), "jpg"),
    "utf8.txt": ("Räksmörgås 😀\n".encode(), "txt"),
    "windows.txt": ("Räksmörgås\r\n".encode("cp1252"), "txt"),
    "utf16.csv": ("a;b\r\n1;å\r\n".encode("utf-16"), "csv"),
    "eicar.txt": (files.EICAR, "txt"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_each_kind_on_the_list_is_taken_when_name_and_content_agree(name: str) -> None:
    content, kind = TAKEN[name]
    assert file_kinds.recognise(name, content) == kind


REFUSED = {
    "nothing": ("a.pdf", b"", "empty"),
    "only spaces": ("a.txt", b" \r\n\t", "empty"),
    "zero bytes": ("a.txt", b"\0" * 40, "empty"),
    "no ending": ("beslut", files.pdf(), "not_a_kind"),
    "an ending not on the list": ("a.exe", b"hej", "not_a_kind"),
    "a program called a document": ("a.pdf", b"MZ\x90\0\3\0\0\0", "not_a_kind"),
    "text called a document": ("a.pdf", files.EICAR, "other_ending"),
    "a picture called a document": ("a.pdf", files.png(), "other_ending"),
    "a document called text": ("a.txt", files.pdf(), "other_ending"),
    "markup called text": ("a.txt", b"\n <html><script>alert(1)</script>", "not_a_kind"),
    "a script called text": ("a.txt", b"#!/bin/sh\nrm x", "not_a_kind"),
    "a drawing": ("a.svg", b"<svg onload='x'/>", "not_a_kind"),
    "text with control characters": ("a.txt", b"a\x1b[2Jb", "not_a_kind"),
    "a document and an archive in one": ("a.pdf", files.pdf() + files.zipped({"x": b"y"}) , "two_kinds"),
    "an archive and a document in one": ("a.docx", files.office() + files.pdf(), "damaged"),
    "a picture with something after it": ("a.png", files.png() + b"MZ", "two_kinds"),
    "half a picture": ("a.png", files.png()[:30], "damaged"),
    "half a document": ("a.pdf", files.pdf()[:20], "damaged"),
    "half an archive": ("a.docx", files.office()[:60], "damaged"),
    "any archive": ("a.docx", files.zipped({"x.txt": b"y"}), "not_a_kind"),
    "a spreadsheet called a document": ("a.docx", files.office(files.SHEET), "other_ending"),
    "macros by type": ("a.docx", files.office(files.MACRO_WORD), "macros"),
    "macros by part": ("a.docx", files.office(**{"word/vbaProject.bin": b"x"}), "macros"),
    "scripts in an open document": ("a.odt", files.open_document(**{"Basic/script-lc.xml": b"x"}), "macros"),
    "a bomb": ("a.docx", files.bomb(), "too_much"),
    "a part larger than it says": ("a.docx", files.lying(), "damaged"),
    "packed with bzip2 and spoilt": ("a.docx", files.packed_as(zipfile.ZIP_BZIP2), "damaged"),
    "packed with LZMA and spoilt": ("a.docx", files.packed_as(zipfile.ZIP_LZMA), "damaged"),
    "too many parts": ("a.docx", files.zipped({f"{n}": b"" for n in range(5001)}), "too_much"),
    "an old or locked document": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
    "something before the archive": ("a.docx", b"PK!!" + files.office(), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_everything_else_is_refused_with_its_reason(case: str) -> None:
    name, content, reason = REFUSED[case]
    with pytest.raises(file_kinds.Refused, match=f"^{reason}$"):
        file_kinds.recognise(name, content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\anna\\Plan.pdf", "Plan.pdf"),
        ("faktura\u202efdp.txt", "fakturafdp.txt"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("a\0b\x07.pdf", "ab.pdf"),
        ('<b>"x"|?*.pdf', "_b__x____.pdf"),
        ("  .hidden.pdf ", "hidden.pdf"),
        (".pdf", "pdf"),
        ("", "bilaga"),
        ("räksmo\u0308rgås.pdf", "räksmörgås.pdf"),
        ("תוכנית.pdf", "תוכנית.pdf"),
    ],
)
def test_a_name_is_one_line_without_path_or_tricks(given: str, kept: str) -> None:
    assert file_names.plain(given) == kept


def test_a_name_of_three_hundred_characters_is_cut_and_keeps_its_ending() -> None:
    kept = file_names.plain("å" * 300 + ".pdf")
    assert kept == "å" * 116 + ".pdf"
    assert len(kept) == file_names.LONGEST
    assert len(file_names.plain("a." + "b" * 300)) <= file_names.LONGEST
