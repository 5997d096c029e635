"""What process mining sees in an XES export: run by a Python that has pm4py, alone.

    python discover.py history.xes

Writes as JSON the activities in the order of the process tree that the inductive miner finds in the instances' own
traces, over the events that complete an activity, and who follows whom how often.
"""

import json
import sys
from typing import Any

import pm4py


def main(path: str) -> None:
    log = pm4py.read_xes(path)
    completed = log[(log["lifecycle:transition"] == "complete") & log["case:concept:name"].str.startswith("i:")]
    follows, first, last = pm4py.discover_dfg(completed)
    found = {
        "order": leaves(pm4py.discover_process_tree_inductive(completed)),
        "follows": sorted([a, b, int(times)] for (a, b), times in follows.items()),
        "first": sorted(first),
        "last": sorted(last),
    }
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def leaves(tree: Any) -> list[str]:
    """The activities from left to right; a silent step has no name."""
    if not tree.children:
        return [tree.label] if tree.label else []
    return [label for child in tree.children for label in leaves(child)]


if __name__ == "__main__":
    main(sys.argv[1])
