"""Files of a package written with ill will are findings, not faults."""

from pathlib import Path

from engine import deployments

PACKAGE = Path(__file__).parents[3] / "workflows" / "annual_plan"


def test_a_form_nested_beyond_reading_is_a_finding() -> None:
    files = {**deployments.read_folder(PACKAGE), "forms/deep.json": b"[" * 100_000}
    (found,) = deployments.check("annual_plan", files)
    assert found.where == "forms/deep.json"
