"""Random diagrams without any structure: tasks, each with a join before it and a split after it, led anywhere and back.

Played by the engine and by the plain token game side by side, saved and reloaded before each step. `trial(seed, paths)`
gives the number of steps, and raises AssertionError, naming the seed, when the two differ.
"""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise

from lxml import etree
from support.bpmn_drawing import end, file, flows, gateway, start, user
from support.token_game import Game
from support.token_walks import play

from engine import bpmn

JOINS = ("exclusive", "inclusive", "inclusive", "parallel")
SPLITS = ("exclusive", "parallel", "inclusive")


def trial(seed: int, paths: int = 1) -> int:
    rng = random.Random(seed)
    xml, conditions = _drawn(rng, _ways(rng))
    if rng.random() < 0.5:
        xml = _listed(rng, xml)
    model = bpmn.load_all(xml)[0]
    return sum(play(seed, rng, model, conditions, lambda holds: Game(xml, holds), alike=True) for _ in range(paths))


def _ways(rng: random.Random) -> dict[str, list[str]]:
    """From each task to tasks or the end `e`; all can be reached from the first."""
    names = [*(f"t{n}" for n in range(rng.randint(3, 7))), "e"]
    ways: dict[str, list[str]] = {}
    for name, following in pairwise(names):
        targets = rng.sample(names, rng.choice((1, 1, 2, 2, 3)))
        if following not in targets and rng.random() < 0.7:
            targets[0] = following
        ways[name] = targets
    reached, pending = ["t0"], ["t0"]
    while pending:
        new = [name for name in ways.get(pending.pop(), []) if name not in reached]
        reached += new
        pending += new
    if "e" not in reached:
        ways[reached[-1]].append("e")
    return {name: ways[name] for name in reached if name != "e"}


def _drawn(rng: random.Random, ways: dict[str, list[str]]) -> tuple[bytes, list[str]]:
    """The file, and the conditions in it."""
    parts, lines, conditions = [start(), end(), user(*ways)], [], list[str]()
    into = defaultdict(int, {"t0": 1})
    for targets in ways.values():
        for target in targets:
            into[target] += 1
    head = {name: f"j{name}" if count > 1 else name for name, count in into.items()}
    for name, count in into.items():
        if count > 1:
            parts.append(gateway(rng.choice(JOINS), f"j{name}"))
            lines.append(f"j{name} -> {name}")
    lines.append(f"s -> {head['t0']}")
    for name, targets in ways.items():
        if len(targets) == 1:
            lines.append(f"{name} -> {head[targets[0]]}")
            continue
        kind, split = rng.choice(SPLITS), f"g{name}"
        default = "" if kind == "parallel" else f'default="{split}_{head[targets[-1]]}"'
        parts.append(gateway(kind, split, default))
        lines.append(f"{name} -> {split}")
        asked = [] if kind == "parallel" else [f"c{name}{target}" for target in targets[:-1]]
        conditions += asked
        for target, condition in zip(targets, [*asked, *[""] * len(targets)], strict=False):
            lines.append(f"{split} -> {head[target]}{': ' + condition if condition else ''}")
    return file(*parts, flows(*lines)), conditions


def _listed(rng: random.Random, xml: bytes) -> bytes:
    """The same file in which each element lists its flows, in any order."""
    root = etree.fromstring(xml)
    flows_of = defaultdict[str, list[tuple[str, str]]](list)
    for flow in root.iter("{*}sequenceFlow"):
        flows_of[flow.get("targetRef") or ""].append(("incoming", flow.get("id") or ""))
        flows_of[flow.get("sourceRef") or ""].append(("outgoing", flow.get("id") or ""))
    for node in [n for n in root.iter("{*}*") if n.get("id") in flows_of]:
        lists = rng.sample(flows_of[node.get("id") or ""], len(flows_of[node.get("id") or ""]))
        for place, (name, flow_id) in enumerate(sorted(lists, key=lambda each: each[0])):
            listed = etree.Element(etree.QName(etree.QName(node).namespace, name))
            listed.text = flow_id
            node.insert(place, listed)
    return etree.tostring(root)
