"""A signed bundle to take away: the export, its checkpoint, the verifier and how to use it, in one zip file.

The signature is Ed25519 over the list of check sums. Who holds the public key can tell that the bundle came from this
installation, and can make none; the bundle names its key, so that an older one is still verified after a change of key.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from engine.history import checks, ed25519, verifier
from engine.history.signing import SigningKey
from engine.store.database import Tx

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PIECE = 1 << 16
"""Bytes of the zip file that are given at once, or somewhat more."""

README = """# Historiken att kontrollera / The history, to verify

## Svenska

- `history.ndjson`: alla händelser, en per rad
- `checkpoint.json`: kontrollpunkten när paketet gjordes
- `verifier.py`: kontrollerar utan årshjul, med bara Python 3.11
- `SHA256SUMS`: kontrollsummor för filerna ovan och den här
- `SIGNATURE`: signatur (Ed25519) över SHA256SUMS, och nyckeln som gjorde den

Kontrollera: `python verifier.py PAKETET.zip --key FINGERAVTRYCKET --checkpoint er-egen-kontrollpunkt.json`

Fingeravtrycket är den öppna nyckelns. Det står på historikens sida i årshjul, och den som sköter systemet kan läsa
upp det (`arshjul history key`). Ta emot det en gång, på annan väg än paketet, och behåll det. Utan `--key` vet ni
inte vem som gjorde paketet. Har nyckeln bytts anger ni båda, med var sitt `--key`.
Använd också en kontrollpunkt som ni själva har sparat.

## English

- `history.ndjson`: every event, one a line
- `checkpoint.json`: the checkpoint when the bundle was made
- `verifier.py`: verifies without årshjul, with nothing but Python 3.11
- `SHA256SUMS`: check sums of the files above and of this one
- `SIGNATURE`: signature (Ed25519) over SHA256SUMS, and the key that made it

Verify: `python verifier.py BUNDLE.zip --key FINGERPRINT --checkpoint your-own-checkpoint.json`

The fingerprint is that of the public key. It stands on the page of the history, and whoever runs the system can read
it out (`arshjul history key`). Receive it once, by another way than the bundle, and keep it. Without `--key` you do
not know who made the bundle. If the key has been changed give both, each with a `--key` of its own.
Use a checkpoint that you have kept yourselves too.
"""


def the_verifier() -> str:
    """The verifier as one file that needs nothing of årshjul: the code of the signature stands where it is imported."""
    code = Path(ed25519.__file__).read_text("utf-8").partition("from __future__ import annotations\n")[2]
    whole = Path(verifier.__file__).read_text("utf-8")
    imported = "from engine.history.ed25519 import signature_holds\n"
    assert imported in whole  # the one import that is not of the standard library
    return whole.replace(imported, f"# Ed25519 (RFC 8032), for verifying alone.\n{code}\n")


def pieces(tx: Tx, document: str, key: SigningKey) -> Iterator[bytes]:
    """The zip file as it is made, so that it can be on its way while the history is read.

    `document` is of a checkpoint taken before. Events later than that are not yet anchored.
    """
    sums: dict[str, str] = {}
    made = _Made()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        with archive.open(verifier.EXPORT, "w", force_zip64=True) as target:
            digest = sha256()
            for line in checks.export_ndjson(tx):
                content = line.encode()
                digest.update(content)
                target.write(content)
                if made.length >= PIECE:
                    yield made.taken()
            sums[verifier.EXPORT] = digest.hexdigest()
        for name, content in (
            (verifier.CHECKPOINT, document.encode()),
            ("verifier.py", the_verifier().encode()),
            ("README.md", README.encode()),
        ):
            archive.writestr(name, content)
            sums[name] = sha256(content).hexdigest()
        written = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
        archive.writestr(verifier.SUMS, written)
        signature = f"algorithm Ed25519\nkey-id {key.id}\npublic-key {key.public}\nsignature {key.sign(written)}\n"
        archive.writestr(verifier.SIGNATURE, signature)
    yield made.taken()


class _Made(RawIOBase):
    """A file that is only written on: what has come since the last time is taken away."""

    def __init__(self) -> None:
        self.length = 0
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        part = bytes(content)
        self._parts.append(part)
        self.length += len(part)
        return len(part)

    def taken(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts.clear()
        self.length = 0
        return whole
