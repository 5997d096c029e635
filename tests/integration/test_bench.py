"""Every line of the table of figures can be measured. In sizes that tell nothing: no figure is looked at here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

SMALL = """
import json, sys
from pathlib import Path
from arshjul.bench import table
if __name__ == "__main__":  # the clients of PostgreSQL's line are processes that read this file too
    sizes = table.Sizes(participants=120, instances=20, open_tasks=12_000, events=12_000)
    print(json.dumps([row.as_json() for row in table.measure(Path(sys.argv[1]), sizes)]))
"""


def test_every_line_is_measured_or_says_what_it_lacks(tmp_path: Path) -> None:
    script = tmp_path / "small.py"
    script.write_text(SMALL)
    ran = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, timeout=500, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    rows = json.loads(ran.stdout)
    lacking = [row for row in rows if row["value"] is None]
    assert all("not installed" in row["note"] for row in lacking), lacking
    assert len(rows) - len(lacking) >= 20
    assert len({(row["name"], row["goal"]) for row in rows}) == len(rows)
    assert any("PostgreSQL" in row["name"] for row in rows)
