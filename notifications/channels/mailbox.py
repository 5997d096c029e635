"""The demo's channel: a mail kept in the database has arrived, for the mailbox page shows it from there."""

from __future__ import annotations

from engine.mails import Mail


class MailboxChannel:
    """Takes every mail and sends none of them anywhere."""

    def deliver(self, mail: Mail) -> None:
        """Arrived."""

    def close(self) -> None:
        """Nothing to let go of."""
