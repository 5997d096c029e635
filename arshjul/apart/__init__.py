"""What runs in processes of its own: `python -m arshjul.apart.…` reads what to do and tells how far it has come.

Pages stay quick beside it, and it can be ended at any moment. One JSON document comes in; lines of JSON go out:
{"percent": 12} as it goes, then {"result": …} or {"stuck": "…"}.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

NICENESS = 10


def begin() -> dict[str, Any]:
    """What to do; from now on everybody else goes first."""
    os.nice(NICENESS)
    given: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    return given


def say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()
