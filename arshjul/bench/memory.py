"""The memory of a server process that holds many instances: measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from arshjul import collecting
from arshjul.bench import drawn
from arshjul.bench.measured import Row
from arshjul.bench.site import NOW, open_site
from engine import feel
from engine.running import peek
from web import create_app
from web.config import WebConfig

HOT = 2_000
STARTED = 100
KEY = "bench_memory"


def rows() -> Iterator[Row]:
    child = subprocess.run([sys.executable, "-m", "arshjul.bench.memory"], check=True, capture_output=True, text=True)
    found = json.loads(child.stdout.splitlines()[-1])
    name = f"memory: server plus {HOT:,} hot instances, V8 loaded"
    against = f"before any instance {found['before']} MB"
    ratio = round(found["after"] / 260, 2)
    yield Row(name, found["after"], "MB", against, ratio, "≤ 260 MB", found["after"] <= 260)


def main() -> None:
    """Print what this process holds before and with the instances, in MB."""
    with tempfile.TemporaryDirectory(prefix="arshjul-bench") as folder:
        site = open_site(Path(folder), "memory", {KEY: drawn.linear(KEY)})
        collecting.seldom()
        app = create_app(
            site.database, site.database.clock, WebConfig(secret_key="b" * 64, public_url="http://localhost")
        )
        app.test_client().get("/")
        feel.evaluate("1 + 1", {}, now=NOW)
        before = resident()
        ids = [site.start(KEY, year) for year in drawn.YEARS[:STARTED]]
        with site.database.page() as tx:
            held = [peek(tx, ids[n % STARTED], now=NOW) for n in range(HOT)]
            print(json.dumps({"before": before, "after": resident(), "held": len(held)}))
        site.database.dispose()


def resident() -> float:
    """MB of this process in memory now (Linux)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    raise RuntimeError("no VmRSS in /proc/self/status")


if __name__ == "__main__":
    main()
