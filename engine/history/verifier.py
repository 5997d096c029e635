"""Verifies an export of the history without the product: one file, Python's standard library, no database.

    python verifier.py history.ndjson [--checkpoint checkpoint.json]
    python verifier.py bundle.zip [--key KEY]… [--checkpoint checkpoint.json]

Each line of the export is one event: its chain, its number there (seq), the hash of the event before it
(prev), its own hash and its body. hash = SHA-256 over prev and body. Chains stand in byte order, events in
order of seq. A checkpoint holds the last seq and hash of every chain at one moment and the Merkle root over
them. Keep yours where the system's owner cannot write: without one, an end cut off or rewritten cannot be
told from the true one.

A bundle (zip) holds such an export with its checkpoint, and a list of check sums signed with Ed25519 (RFC 8032). The
bundle names the key that signed it. Give the public key, or its fingerprint, as you got it by another way: without
that nobody vouches for who made the bundle. After a change of key give both, each with a --key of its own.

Exit 0: every event verifies. Exit 1: the first one that does not, and why. Exit 2: a file cannot be read.
Events later than the checkpoint are reported as not yet anchored: they hang together, but nothing outside
vouches for them.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from engine.history.ed25519 import signature_holds

GENESIS = "0" * 64
EXPORT, CHECKPOINT, SUMS, SIGNATURE = "history.ndjson", "checkpoint.json", "SHA256SUMS", "SIGNATURE"
ERASED = "personal_value_erased"
MEMBERS = {"chain": str, "seq": int, "prev": str, "hash": str, "body": str}


@dataclass(frozen=True)
class Problem:
    """The first thing that does not verify; chain and seq where they can be told."""

    line: int | None
    chain: str | None
    seq: int | None
    why: str

    def __str__(self) -> str:
        told = (("line", self.line), ("chain", self.chain), ("seq", self.seq))
        where = ", ".join(f"{name} {value}" for name, value in told if value is not None)
        return f"{where}: {self.why}" if where else self.why


@dataclass(frozen=True)
class Verdict:
    """`problem` None: all verified. `not_anchored`: events after the checkpoint, all when there is none.

    `erased`: how many personal values have been erased under each decision on disposal, as the events tell.
    """

    events: int
    chains: int
    not_anchored: int
    problem: Problem | None
    erased: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.problem is None


class Refused(Exception):
    def __init__(self, why: str, chain: str | None = None, seq: int | None = None) -> None:
        super().__init__(why)
        self.why, self.chain, self.seq = why, chain, seq


def check(lines: Iterable[str], checkpoint: Mapping[str, Any] | None = None) -> Verdict:
    """Verify the lines of an export, in constant memory apart from the checkpoint's chains."""
    walk = Walk({})
    number: int | None = None
    try:
        walk = Walk(anchors_of(checkpoint) if checkpoint is not None else {})
        for number, line in enumerate(lines, start=1):  # noqa: B007 (told when a line is refused)
            walk.take(line)
        number = None
        walk.finish()
    except Refused as refused:
        problem = Problem(number, refused.chain, refused.seq, refused.why)
        return Verdict(walk.events, walk.chains, walk.not_anchored, problem)
    return Verdict(walk.events, walk.chains, walk.not_anchored, None, walk.erased)


class Walk:
    """Where the verifier stands: the chain it is in, and the anchors that it has not met yet."""

    def __init__(self, anchors: dict[str, tuple[int, str]]) -> None:
        self.anchors = anchors
        self.waiting = set(anchors)
        self.events = self.chains = self.not_anchored = 0
        self.erased: dict[str, int] = {}
        self.chain, self.seq, self.hash = "", 0, GENESIS

    def take(self, line: str) -> None:
        event = parsed(line)
        chain, seq = event["chain"], event["seq"]
        if chain != self.chain:
            if self.chain and chain.encode() < self.chain.encode():
                raise Refused("its chain should have come earlier", chain, seq)
            self.chain, self.seq, self.hash = chain, 0, GENESIS
            self.chains += 1
        if seq != self.seq + 1:
            raise Refused(f"event {self.seq + 1} should follow here", chain, seq)
        if event["prev"] != self.hash:
            raise Refused("it does not follow from the event before it", chain, seq)
        if sha256((event["prev"] + event["body"]).encode()).hexdigest() != event["hash"]:
            raise Refused("its content does not match its hash", chain, seq)
        told = told_by(event["body"])
        if (told.get("chain"), told.get("seq")) != (chain, seq):
            raise Refused("its content belongs to another place", chain, seq)
        self.seq, self.hash = seq, event["hash"]
        self.events += 1
        if told.get("type") == ERASED:
            self.count_erased(told.get("body"))
        self.compare()

    def count_erased(self, body: Any) -> None:
        decision = str(body.get("decision")) if isinstance(body, dict) else ""
        self.erased[decision] = self.erased.get(decision, 0) + 1

    def compare(self) -> None:
        last, expected = self.anchors.get(self.chain, (0, GENESIS))
        if self.seq > last:
            self.not_anchored += 1
        elif self.seq == last:
            self.waiting.discard(self.chain)
            if self.hash != expected:
                raise Refused("it, or an event before it, is not the one of the checkpoint", self.chain, self.seq)

    def finish(self) -> None:
        if self.waiting:
            chain = min(self.waiting)
            raise Refused("the chain ended later when the checkpoint was taken", chain, self.anchors[chain][0])


def parsed(line: str) -> dict[str, Any]:
    """The event of one line. Any other spelling of the same event is refused."""
    try:
        line.encode()
        event = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("it is not JSON in UTF-8") from error
    if not isinstance(event, dict) or set(event) != set(MEMBERS):
        raise Refused("it is not an event of this export")
    if any(type(event[name]) is not kind for name, kind in MEMBERS.items()):
        raise Refused("it is not an event of this export")
    if written(event) + "\n" != line:
        raise Refused("it is not spelt as the export spells it", event["chain"], event["seq"])
    return event


def written(event: Mapping[str, Any]) -> str:
    """The one spelling of an event in the export."""
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def told_by(body: str) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def anchors_of(checkpoint: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """The last seq and hash of every chain, once they are shown to be those of the root."""
    try:
        heads = {str(chain): (int(seq), str(last)) for chain, (seq, last) in checkpoint["heads"].items()}
        root = checkpoint["root"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused("the checkpoint is not one of this system") from error
    if merkle_root(heads) != root:
        raise Refused("the checkpoint's chains do not give its root")
    return heads


def merkle_root(heads: Mapping[str, tuple[int, str]]) -> str:
    """SHA-256 tree over the chains in byte order; a first byte tells leaves from nodes (RFC 9162)."""
    order = sorted(heads, key=str.encode)
    level = [sha256(b"\0" + f"{chain} {heads[chain][0]} {heads[chain][1]}".encode()).digest() for chain in order]
    if not level:
        return sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[2 * len(pairs) :]
    return level[0].hex()


def check_bundle(file: Path, keys: Iterable[str] = (), checkpoint: Mapping[str, Any] | None = None) -> Verdict:
    """Verify a bundle: signature, check sums, and the export against both checkpoints.

    `keys` are the public keys or fingerprints that its signer may have; with none any signer will do.
    Raises OSError, ValueError, BadZipFile.
    """
    with ZipFile(file) as bundle:
        problem = bundle_problem(bundle, [plain_key(key) for key in keys])
        if problem is not None:
            return Verdict(0, 0, 0, Problem(None, None, None, problem))
        for anchors in ([checkpoint] if checkpoint is not None else []) + [json.loads(bundle.read(CHECKPOINT))]:
            with io.TextIOWrapper(bundle.open(EXPORT), "utf-8", "surrogateescape", "\n") as lines:
                verdict = check(lines, anchors)
            if not verdict.ok:
                return verdict
    return verdict


def bundle_problem(bundle: ZipFile, keys: list[str]) -> str | None:
    """What is wrong with the bundle's files, before anything in them is believed."""
    names = bundle.namelist()
    missing = {EXPORT, CHECKPOINT, SUMS, SIGNATURE} - set(names)
    if missing or len(names) != len(set(names)):
        return f"the bundle lacks {', '.join(sorted(missing))}" if missing else "a file stands twice in the bundle"
    sums = bundle.read(SUMS)
    public, signature = signed_by(bundle)
    if keys and not {public, fingerprint(public)} & set(keys):
        return f"the signature is by another key: {spaced(fingerprint(public))}"
    if not signature_holds(bytes.fromhex(public), sums, signature):
        return "the signature does not match the list of check sums"
    told = {name: digest for digest, _, name in (line.partition("  ") for line in sums.decode().splitlines())}
    if set(told) != set(names) - {SUMS, SIGNATURE}:
        return "the list of check sums does not name the files of the bundle"
    for name, digest in told.items():
        if file_digest(bundle, name) != digest:
            return f"{name} does not match its check sum"
    return None


def signed_by(bundle: ZipFile) -> tuple[str, bytes]:
    """The public key that the bundle names, in hexadecimal, and the signature. Raises ValueError."""
    told = dict(line.split(" ", 1) for line in bundle.read(SIGNATURE).decode("ascii").splitlines())
    try:
        public, signature = bytes.fromhex(told["public-key"]), bytes.fromhex(told["signature"])
    except KeyError as error:
        raise ValueError(f"{SIGNATURE} lacks its {error}") from error
    return public.hex(), signature


def fingerprint(public: str) -> str:
    """What people compare in place of the whole key: the first half of its SHA-256, in hexadecimal."""
    return sha256(bytes.fromhex(public)).hexdigest()[:32]


def spaced(digits: str) -> str:
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def plain_key(text: str) -> str:
    """A key or fingerprint as people write it, with spaces, colons or capitals. Raises ValueError."""
    key = "".join(text.replace(":", " ").split()).lower()
    if len(bytes.fromhex(key)) not in (16, 32):
        raise ValueError("a key has 64 hexadecimal digits, a fingerprint 32")
    return key


def file_digest(bundle: ZipFile, name: str) -> str:
    digest = sha256()
    with bundle.open(name) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an export of the history.")
    parser.add_argument("export", type=Path, help="NDJSON file, or a bundle (zip)")
    parser.add_argument("--checkpoint", type=Path, help="checkpoint that you kept")
    parser.add_argument(
        "--key", action="append", default=[], help="public key, or its fingerprint, that you were given"
    )
    given = parser.parse_args(arguments)
    try:
        checkpoint = json.loads(given.checkpoint.read_text("utf-8")) if given.checkpoint else None
        if is_zipfile(given.export):
            verdict = check_bundle(given.export, given.key, checkpoint)
        else:
            with given.export.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
                verdict = check(lines, checkpoint)
    except (OSError, ValueError, BadZipFile) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    sys.stdout.write(report(verdict))
    if verdict.ok and is_zipfile(given.export):
        sys.stdout.write(signer(given.export, known=bool(given.key)))
    return 0 if verdict.ok else 1


def signer(file: Path, *, known: bool) -> str:
    """Who signed, as a line of text."""
    with ZipFile(file) as bundle:
        key = spaced(fingerprint(signed_by(bundle)[0]))
    if known:
        return f"signed by the key that you gave: {key}\n"
    return f"signed by {key}: no key was given, so compare with the fingerprint that you hold\n"


def report(verdict: Verdict) -> str:
    """What the verdict says, as lines of text."""
    if verdict.problem is not None:
        return f"DOES NOT VERIFY: {verdict.problem}\n"
    text = f"verified: {verdict.events} events in {verdict.chains} chains\n"
    if verdict.not_anchored:
        text += f"not yet anchored: {verdict.not_anchored} of them are later than any checkpoint given\n"
    for decision, count in sorted(verdict.erased.items()):
        text += f"erased under decision {decision}: {count} personal values, of which the commitments remain\n"
    return text


if __name__ == "__main__":
    sys.exit(main())
