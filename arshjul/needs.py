"""The demo's training needs: 22 real ones from a survey of competence needs, handed in by invented managers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib import resources
from typing import Any

from arshjul.player import Script
from engine.actor import Actor
from engine.rules.forms import Form

SHORT_OF = 300
"""The form's longest kind of training, in characters."""


def survey() -> list[dict[str, str]]:
    """Each need as the collection form asks for it: training_type, target_group, reason."""
    text = (resources.files("arshjul") / "demo_data" / "needs.csv").read_text(encoding="utf-8-sig")
    return [_need(row) for row in csv.DictReader(io.StringIO(text, newline=""))]


def _need(row: Mapping[str, str]) -> dict[str, str]:
    leads = row["item_group"] == "Ledarskap"
    shares = (
        f"I en enkät bedömde {row['acute_pct']} % behovet som akut, {row['valuable_pct']} % som värdefullt, "
        f"{row['interesting_pct']} % som intressant och {row['not_relevant_pct']} % som inte aktuellt."
    )
    return {
        "training_type": row["item"][:SHORT_OF],
        "target_group": "all_managers" if leads else "health_care_employees",
        "reason": f"Område: {row['item_group']}. {shares}",
    }


def handed_in() -> Script:
    """Every plan year gets each need once, one or two from each manager; the answers after that say there is none."""
    needs = survey()
    left: dict[int, list[dict[str, str]]] = {}

    def answer(task: Any, form: Form, invented: dict[str, Any], actor: Actor) -> Mapping[str, Any]:
        if task.form != "collection":
            return invented
        waiting = left.setdefault(task.plan_year, list(needs)) if task.role == "chef" else []
        given = [waiting.pop(0) for _ in range(min(len(waiting), 1 + task.id % 2))]
        if not given:
            return dict(form.quick.data) if form.quick is not None else invented
        rest = {"trainer": ["ktc"], "contact_person": actor.name, "origin": "chef"}
        return {"proposals": [{**need, **rest} for need in given]}

    return answer
