"""The command `arshjul`. Each command is a module of `arshjul.commands`; what goes wrong is said in a sentence."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from arshjul.sentences import SAID, Said, sentence

COMMANDS = (
    "init",
    "account",
    "serve",
    "worker",
    "demo",
    "check",
    "deploy",
    "rehearse",
    "history",
    "db",
    "backup",
    "restore",
    "run-model",
    "bench",
)


class Commands(click.Group):
    """Imports a command only when it is used, so that `--help` and `check` start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"arshjul.commands.{cmd_name.replace('-', '_')}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SAID as fault:
            raise Said(sentence(fault)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["--help", "-h"]})
@click.version_option(package_name="arshjul")
def arshjul() -> None:
    """Årshjulet: en regions årliga utbildningsplanering, körd som BPMN.

    Inställningar läses ur miljön: ARSHJUL_DATA, ARSHJUL_DATABASE_URL, ARSHJUL_SECRET_KEY, ARSHJUL_SMTP_URL,
    ARSHJUL_PUBLIC_URL, PORT. Alla beskrivs i arshjul/settings.py.
    """


def main() -> None:
    """The entry point of the installed command. What it writes (database, key, copies, exports) is its user's alone."""
    os.umask(0o077)
    sys.exit(arshjul(prog_name="arshjul"))
