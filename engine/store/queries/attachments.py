"""Rows of files: read without what they hold, and forgotten together with the personal value that names them."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import attachment, attachment_content


def forget(tx: Tx, commitment: str) -> None:
    """Name, check sum and content of the file whose commitment this is; nothing happens when it is none."""
    of_file = attachment.c.commitment == commitment
    files = sa.select(attachment.c.id).where(of_file)
    tx.execute(attachment_content.delete().where(attachment_content.c.attachment_id.in_(files)))
    tx.execute(attachment.update().where(of_file).values(name=None, sha256=None))
