"""A signed bundle to take away: the export, its checkpoint, the verifier and how to use it, in one zip file.

The signature is HMAC-SHA256 over the list of check sums, with a key derived from the installation's secret key. Who
has the derived key (and only who has it) can tell that the bundle came from this installation; it opens nothing else.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from engine.history import checks, verifier
from engine.store.database import Tx

PURPOSE = b"arshjul audit bundle 1"
README = """# Historiken att kontrollera / The history, to verify

## Svenska

- `history.ndjson`: alla händelser, en per rad
- `checkpoint.json`: kontrollpunkten när paketet gjordes
- `verifier.py`: kontrollerar utan årshjul, med bara Python 3.11
- `SHA256SUMS`: kontrollsummor för filerna ovan och den här
- `SIGNATURE`: HMAC-SHA256 över SHA256SUMS

Kontrollera: `python verifier.py PAKETET.zip --key NYCKELN --checkpoint er-egen-kontrollpunkt.json`

Nyckeln lämnas ut av den som sköter systemet, på annan väg än paketet: `arshjul history key`.
Den gäller bara de här paketen. Utan `--key` prövas kontrollsummor och kedjor men inte vem som
gjorde paketet. Använd också en kontrollpunkt som ni själva har sparat.

## English

- `history.ndjson`: every event, one a line
- `checkpoint.json`: the checkpoint when the bundle was made
- `verifier.py`: verifies without årshjul, with nothing but Python 3.11
- `SHA256SUMS`: check sums of the files above and of this one
- `SIGNATURE`: HMAC-SHA256 over SHA256SUMS

Verify: `python verifier.py BUNDLE.zip --key KEY --checkpoint your-own-checkpoint.json`

The key is given by whoever runs the system, by another way than the bundle: `arshjul history key`.
It is for these bundles only. Without `--key` check sums and chains are verified, but not who made the bundle.
Use a checkpoint that you have kept yourselves too.
"""


def signing_key(secret: str) -> bytes:
    """The key of the bundles, which gives nothing away of the secret that it is derived from."""
    return hmac.new(secret.encode(), PURPOSE, sha256).digest()


def write(tx: Tx, file: IO[bytes], document: str, secret: str) -> None:
    """Write the zip file; `document` is of a checkpoint taken before. Events later than that are not yet anchored."""
    sums: dict[str, str] = {}
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open(verifier.EXPORT, "w", force_zip64=True) as target:
            digest = sha256()
            for line in checks.export_ndjson(tx):
                content = line.encode()
                digest.update(content)
                target.write(content)
            sums[verifier.EXPORT] = digest.hexdigest()
        for name, content in (
            (verifier.CHECKPOINT, document.encode()),
            ("verifier.py", Path(verifier.__file__).read_bytes()),
            ("README.md", README.encode()),
        ):
            archive.writestr(name, content)
            sums[name] = sha256(content).hexdigest()
        written = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
        archive.writestr(verifier.SUMS, written)
        signature = hmac.new(signing_key(secret), written, sha256).hexdigest()
        archive.writestr(verifier.SIGNATURE, signature + "\n")
