"""A model, the variables it is run with, and what it must trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from arshjul.run_model import refusals, run


class Case(NamedTuple):
    name: str
    xml: bytes
    expected: list[Any]
    variables: Mapping[str, Any] = {}


def each(cases: list[Case]) -> Any:
    """A parametrize mark with the names as ids, which must differ."""
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize("case", cases, ids=names)


def prove(case: Case) -> None:
    traced = run(case.xml, case.variables, test_scripts=True)
    why = [finding.en for finding in refusals(case.xml, test_scripts=True)]
    assert (traced, why) == (case.expected, [])
