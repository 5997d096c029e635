"""`arshjul account`."""

from __future__ import annotations

import sys

import click

from arshjul import settings
from arshjul.composition import open_database
from engine import accounts
from engine.clock import SystemClock


@click.command("account")
@click.argument("person")
@click.option("--username", help="Det personen skriver när den loggar in. Behövs för ett nytt konto.")
@click.option("--password-stdin", is_flag=True, help="Läs lösenordet från standard in i stället för att fråga.")
def command(person: str, username: str | None, *, password_stdin: bool) -> None:
    """Skapa ett konto för PERSON (id i organisationen), eller ge det konto som finns ett nytt lösenord.

    Ett nytt lösenord avslutar personens alla inloggningar.
    """
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Lösenord, minst 12 tecken", hide_input=True, confirmation_prompt="Lösenordet en gång till")
    )
    database = open_database(settings.read(), SystemClock())
    try:
        with database.verb() as tx:
            if username is None:
                accounts.set_password(tx, person, password)
            else:
                accounts.create(tx, person, username, password)
    finally:
        database.dispose()
    click.echo(f"{person} har nytt lösenord." if username is None else f"Kontot {username} finns.")
