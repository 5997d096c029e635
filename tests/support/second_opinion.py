"""The chain verified a second time from its description alone: another way about it, nothing of the verifier's."""

import hashlib
import json
from itertools import groupby
from typing import Any


def sound(lines: list[str], checkpoint: dict[str, Any]) -> tuple[bool, int]:
    """Whether all is as it should be up to the checkpoint, and how many events are later than it."""
    try:
        events = [json.loads(line) for line in lines]
    except ValueError:
        return False, 0
    if [spelt(event) for event in events] != lines:
        return False, 0
    chains = [(name, list(group)) for name, group in groupby(events, key=lambda event: event["chain"])]
    names = [name for name, _ in chains]
    heads = checkpoint["heads"]
    if names != sorted(set(names), key=lambda name: name.encode()) or tree(heads) != checkpoint["root"]:
        return False, 0
    whole = dict(chains)
    held = all(
        len(whole.get(name, [])) >= seq and (seq == 0 or whole[name][seq - 1]["hash"] == last)
        for name, (seq, last) in heads.items()
    )
    later = sum(max(len(found) - heads.get(name, [0])[0], 0) for name, found in chains)
    return held and all(hangs_together(name, found) for name, found in chains), later


def spelt(event: Any) -> str:
    if not isinstance(event, dict) or sorted(event) != ["body", "chain", "hash", "prev", "seq"]:
        return ""
    texts = {name: event[name] for name in ("body", "chain", "hash", "prev")}
    if not all(type(text) is str for text in texts.values()) or type(event["seq"]) is not int:
        return ""
    told = {name: json.dumps(text, ensure_ascii=False) for name, text in texts.items()}
    return (
        f'{{"body":{told["body"]},"chain":{told["chain"]},"hash":{told["hash"]},"prev":{told["prev"]},'
        f'"seq":{event["seq"]}}}\n'
    )


def hangs_together(name: str, events: list[dict[str, Any]]) -> bool:
    """Every hash made anew from the first event on, without a look at what the events say of the one before."""
    last = "0" * 64
    for number, event in enumerate(events, start=1):
        try:
            body = json.loads(event["body"])
        except ValueError:
            return False
        digest = hashlib.sha256(f"{last}{event['body']}".encode()).hexdigest()
        if (event["seq"], event["prev"], event["hash"]) != (number, last, digest):
            return False
        if not isinstance(body, dict) or (body.get("chain"), body.get("seq")) != (name, number):
            return False
        last = digest
    return True


def tree(heads: dict[str, Any]) -> str:
    """The Merkle root by halves, from the top: the left half is the largest power of two below the whole."""
    order = sorted(heads, key=lambda name: name.encode())
    leaves = [f"{name} {heads[name][0]} {heads[name][1]}".encode() for name in order]
    return node(leaves).hex()


def node(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0] if leaves else b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + node(leaves[:half]) + node(leaves[half:])).digest()
