"""The offline verifier finds every change up to the checkpoint; it needs nothing but Python."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from support.second_opinion import sound

from engine import history
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.history import bundle, verifier
from engine.store.database import Database
from engine.store.tables import metadata

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def export():
    """Lines of thirty events in four chains, and the checkpoint over them."""
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        for i in range(30):
            chain = ("i:1", "i:2", "org", "t:9")[i % 4]
            history.append(tx, type="made", chain=chain, occurred_at=NOW, by=SYSTEM, body={"i": i, "ord": "å"})
        document = history.checkpoint(tx, NOW).document
        lines = list(history.export_ndjson(tx))
    database.dispose()
    return lines, json.loads(document)


def flip(lines, rng):
    n = rng.randrange(len(lines))
    at = rng.randrange(len(lines[n]))
    other = chr(ord(lines[n][at]) ^ (1 << rng.randrange(7)))
    return [*lines[:n], lines[n][:at] + other + lines[n][at + 1 :], *lines[n + 1 :]]


def drop(lines, rng):
    n = rng.randrange(len(lines))
    return lines[:n] + lines[n + 1 :]


def duplicate(lines, rng):
    n = rng.randrange(len(lines))
    return [*lines[: n + 1], *lines[n:]]


def swap(lines, rng):
    a, b = rng.sample(range(len(lines)), 2)
    changed = list(lines)
    changed[a], changed[b] = changed[b], changed[a]
    return changed


def truncate(lines, rng):
    return lines[: rng.randrange(len(lines))]


def recompute(lines, rng):
    """Someone with the whole database changes an event and makes every later hash of its chain fit."""
    events = [json.loads(line) for line in lines]
    n = rng.randrange(len(events))
    events[n]["body"] = events[n]["body"].replace('"ord":"å"', '"ord":"ö"')
    prev = events[n]["prev"]
    for event in events[n:]:
        if event["chain"] == events[n]["chain"]:
            event["prev"], event["hash"] = prev, sha256((prev + event["body"]).encode()).hexdigest()
            prev = event["hash"]
    return [verifier.written(event) + "\n" for event in events]


def insert(lines, rng):
    """An event more, at the end of a chain or as a chain of its own: after the checkpoint or against the order."""
    event = json.loads(rng.choice(lines))
    event["seq"] += rng.randrange(1, 4)
    at = rng.randrange(len(lines))
    return [*lines[:at], verifier.written(event) + "\n", *lines[at:]]


def fork(lines, rng):
    """Two events after the same one, each with a hash that fits."""
    n = rng.randrange(len(lines))
    event = json.loads(lines[n])
    event["body"] = event["body"].replace('"ord":"å"', '"ord":"ö"')
    event["hash"] = sha256((event["prev"] + event["body"]).encode()).hexdigest()
    return [*lines[: n + 1], verifier.written(event) + "\n", *lines[n + 1 :]]


def cut_and_grown_again(lines, rng):
    """The end of a chain replaced by as many other events, rightly chained."""
    events = [json.loads(line) for line in lines]
    chain = rng.choice(events)["chain"]
    own = [event for event in events if event["chain"] == chain]
    for event in own[rng.randrange(len(own)) :]:
        event["prev"] = own[event["seq"] - 2]["hash"] if event["seq"] > 1 else verifier.GENESIS
        body = {**json.loads(event["body"]), "actor": f"forger {rng.random()}"}
        event["body"] = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        event["hash"] = sha256((event["prev"] + event["body"]).encode()).hexdigest()
    return [verifier.written(event) + "\n" for event in events]


MUTATIONS = [flip, drop, duplicate, swap, truncate, recompute, insert, fork, cut_and_grown_again]
SEEDS = 1_250


def test_the_true_export_verifies_wholly(export):
    lines, checkpoint = export

    assert verifier.check(lines, checkpoint) == verifier.Verdict(30, 4, 0, None)


def test_ten_thousand_mutations_are_all_found_and_a_second_implementation_agrees(export):
    lines, checkpoint = export
    found = dict.fromkeys((mutation.__name__ for mutation in MUTATIONS), 0)
    for mutation in MUTATIONS:
        for seed in range(SEEDS):
            changed = mutation(lines, random.Random(seed))
            if changed != lines:
                assert not verifier.check(changed, checkpoint).ok, (mutation.__name__, seed)
                assert not sound(changed, checkpoint)[0], (mutation.__name__, seed)
                found[mutation.__name__] += 1
    assert sum(found.values()) > 10_000
    assert min(found.values()) > 1_000


def test_what_comes_after_the_checkpoint_is_told_as_not_yet_anchored_and_both_count_it(export):
    lines, checkpoint = export
    later = list(lines)
    for seed in range(200):
        rng = random.Random(seed)
        chain = rng.choice(("i:1", "t:9", "z:new"))
        own = [json.loads(line) for line in later if json.loads(line)["chain"] == chain]
        seq, prev = (own[-1]["seq"] + 1, own[-1]["hash"]) if own else (1, verifier.GENESIS)
        body = json.dumps({"chain": chain, "seq": seq}, separators=(",", ":"))
        digest = sha256((prev + body).encode()).hexdigest()
        event = {"chain": chain, "seq": seq, "prev": prev, "hash": digest, "body": body}
        later = sorted(
            [*later, verifier.written(event) + "\n"],
            key=lambda line: (json.loads(line)["chain"].encode(), json.loads(line)["seq"]),
        )
    assert verifier.check(lines, checkpoint) == verifier.Verdict(30, 4, 0, None)
    assert verifier.check(later, checkpoint) == verifier.Verdict(230, 5, 200, None)
    assert sound(later, checkpoint) == (True, 200)


def test_the_first_bad_event_is_named(export):
    lines, checkpoint = export
    changed = [line.replace('\\"i\\":5,', '\\"i\\":6,') for line in lines]

    problem = verifier.check(changed, checkpoint).problem

    assert problem is not None
    assert (problem.chain, problem.seq) == ("i:2", 2)
    assert str(problem).endswith("its content does not match its hash")


def test_without_a_checkpoint_everything_is_reported_as_not_anchored(export):
    lines, _ = export

    assert verifier.check(lines).not_anchored == 30


def test_a_checkpoint_whose_chains_were_changed_is_refused(export):
    lines, checkpoint = export
    heads = {**checkpoint["heads"], "org": [1, "0" * 64]}

    assert not verifier.check(lines, {**checkpoint, "heads": heads}).ok
    assert not verifier.check(lines, {"root": "x"}).ok


def run(*arguments):
    """The file alone, in a Python that cannot see the product."""
    command = [sys.executable, "-I", "-S", "-", *map(str, arguments)]
    return subprocess.run(command, input=bundle.the_verifier(), capture_output=True, text=True, check=False)


def test_the_file_runs_alone_and_says_by_its_exit_how_it_went(export, tmp_path: Path):
    lines, checkpoint = export
    good, bad, kept = tmp_path / "good.ndjson", tmp_path / "bad.ndjson", tmp_path / "kept.json"
    good.write_text("".join(lines), "utf-8")
    bad.write_bytes("".join(lines).encode().replace(b'\\"i\\":9', b'\\"i\\":8'))
    kept.write_text(json.dumps(checkpoint), "utf-8")

    verified, refused, missing = (run(path, "--checkpoint", kept) for path in (good, bad, tmp_path / "none"))

    assert (verified.returncode, verified.stdout) == (0, "verified: 30 events in 4 chains\n")
    assert refused.returncode == 1
    assert "does not match its hash" in refused.stdout
    assert missing.returncode == 2
    assert "not yet anchored: 30" in run(good).stdout


def test_bytes_that_are_no_text_are_a_bad_line(export, tmp_path: Path):
    lines, _ = export
    path = tmp_path / "bad.ndjson"
    path.write_bytes(lines[0].encode().replace("å".encode(), b"\xff\xfe"))

    assert run(path).returncode == 1
