"""Files that are refused before they are read as BPMN, and files that would fool a careless reader."""

from __future__ import annotations

import time

import pytest
from support.bpmn_drawing import HEAD, end, file, flows, start, user

from engine.bpmn import check

GOOD = file(start(), user("a"), end(), flows("s -> a -> e"))
NESTED = "<subProcess>" * 70 + "</subProcess>" * 70
ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("rule", "xml"),
    [
        ("size", GOOD + b" " * 1_000_000),
        ("doctype", GOOD.replace(b"<definitions", ENTITY.encode() + b"<definitions")),
        ("encoding", GOOD.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")),
        ("encoding", GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        ("encoding", GOOD.replace(b'"A"', b'"\xe5"')),
        ("well_formed", GOOD[:-3]),
        ("well_formed", b""),
        ("well_formed", b"not xml"),
        ("depth", file(NESTED)),
        ("nodes", file(start(), user(*(f"t{i}" for i in range(5000))), end())),
        ("nodes", file("<a/>" * 60_000)),
        ("one_process", b"<svg/>"),
        ("one_process", GOOD.replace(b"20100524/MODEL", b"20100501")),
        ("processes", (HEAD + "<process/>" * 101 + "</definitions>").encode()),
        ("attributes", file("<a " + " ".join(f"a{i}='1'" for i in range(20_000)) + "/>")),
        ("one_process", (HEAD + "</definitions>").encode()),
        ("one_process", file(start(), user("a"), end(), flows("s -> a -> e"), executable="false")),
        (
            "one_process",
            GOOD.replace(b"</definitions>", b'<process id="q" isExecutable="true"/></definitions>'),
        ),
    ],
)
def test_a_file_outside_the_limits_gets_one_finding(rule: str, xml: bytes) -> None:
    assert [f.rule for f in check(xml)] == [rule]


def test_a_byte_order_mark_and_a_pool_beside_do_no_harm() -> None:
    pool = b'<collaboration id="c"><participant id="pa" processRef="p"/></collaboration>'
    assert check(b"\xef\xbb\xbf" + GOOD.replace(b"<process", pool + b"<process", 1)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<userTask ", b'<userTask colour="red" '),
        (b"</userTask>", b"<extensionElements/><documentation/></userTask>"),
        (b'targetNamespace="urn:test"', b""),
        (b"<startEvent", b"<startEvent isInterrupting='perhaps'"),
    ],
)
def test_what_the_rules_read_past_is_refused_by_the_schema_of_bpmn(old: bytes, new: bytes) -> None:
    good = GOOD.replace(b'name="A"/>', b'name="A"></userTask>')
    assert check(good) == []
    (finding,) = check(good.replace(old, new))
    assert finding.rule == "schema"
    assert finding.line


@pytest.mark.parametrize("place", range(40, len(GOOD), 23))
def test_a_file_cut_or_scrambled_anywhere_is_refused_with_sentences_never_with_an_error(place: int) -> None:
    assert check(GOOD[:place])
    scrambled = GOOD[:place] + b'"' + GOOD[place + 1 :]
    assert isinstance(check(scrambled), list)


def test_a_long_chain_of_tasks_is_refused_without_a_recursion_error() -> None:
    names = [f"t{i}" for i in range(2400)]
    assert {f.rule for f in check(file(start(), user(*names), end(), flows(" -> ".join(["s", *names, "e"]))))} == {
        "path_length"
    }


def test_a_file_in_another_namespace_is_told_so() -> None:
    (finding,) = check(GOOD.replace(b"20100524/MODEL", b"20100501"))
    assert finding.en == (
        "The file is not BPMN 2.0 (definitions in the namespace http://www.omg.org/spec/BPMN/20100524/MODEL) with a "
        "process. Draw one, and save as BPMN 2.0."
    )


def test_a_name_with_line_breaks_and_control_signs_is_told_on_one_line() -> None:
    name = "Ask&#10;the \u009b31m\u202e unit"
    (finding, *_) = check(file(start(), user("a").replace('name="A"', f'name="{name}"'), end(), flows("s -> a")))
    assert finding.sv.startswith("”Ask the �31m� unit” ")


def test_a_long_name_is_cut_in_the_sentence_about_it() -> None:
    named = user("a").replace('name="A"', f'name="{"A" * 10_000}"')
    (finding, *_) = check(file(start(), named, end(), flows("s -> a")))
    assert len(finding.sv) < 400


@pytest.mark.parametrize("blanks", [b" " * 900_000, b' a="' * 200_000, b" a" * 400_000, b' a=""' * 998])
def test_attributes_are_counted_in_linear_time(blanks: bytes) -> None:
    begun = time.process_time()
    check(GOOD.replace(b"<startEvent ", b"<startEvent " + blanks))
    assert time.process_time() - begun < 3
