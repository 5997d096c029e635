"""`arshjul init`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from arshjul import settings
from arshjul.composition import grant_rights, packages
from arshjul.sentences import Said
from engine import accounts, deployments, identity, process_instances
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.history import signing
from engine.history.verifier import spaced
from engine.store import migrate
from engine.store.database import Database, Tx

REGION = "region"
FIRST_ROLES = {"hr_strateg": "HR-strateg", "systemadministrator": "Systemadministratör"}


@click.command("init")
@click.option(
    "--organisation",
    type=click.Path(path_type=Path),
    help="Mapp med units.csv, people.csv, positions.csv, holdings.csv.",
)
@click.option("--name", prompt="Ditt namn", help="Det första kontots namn.")
@click.option("--username", prompt="Användarnamn", help="Det du skriver när du loggar in.")
@click.option("--email", prompt="E-postadress", help="Dit dina mejl går.")
@click.option("--password-stdin", is_flag=True, help="Läs lösenordet från standard in i stället för att fråga.")
def command(organisation: Path | None, name: str, username: str, email: str, *, password_stdin: bool) -> None:
    """Gör databasen, läs in organisationen, driftsätt processerna och skapa det första kontot.

    Kontot blir HR-strateg och systemadministratör. Det finns inga andra konton.
    """
    given = settings.read()
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Lösenord, minst 12 tecken", hide_input=True, confirmation_prompt="Lösenordet en gång till")
    )
    if given.is_sqlite and given.database_url is None:
        given.folder.mkdir(parents=True, exist_ok=True)
    signing_key, _secret_key = given.bundle_key(), given.key()
    files = _files(organisation) if organisation is not None else {}
    migrate.upgrade(given.migration_url)
    grant_rights(given)
    clock = SystemClock()
    database = Database(given.url, clock)
    try:
        with database.verb() as tx:
            _ensure_new(tx)
            signing.note(tx, signing_key, clock.now())
            deployed = _deploy_all(tx, clock.now())
            if files:
                identity.import_csv(tx, files, by=SYSTEM, now=clock.now())
            _first_account(tx, name, username, email, password, clock.now())
    finally:
        database.dispose()
    click.echo(
        f"Klart: {deployed} processer, {len(files)} filer inlästa, kontot {username} finns. Starta med arshjul serve.\n"
        f"Granskningspaket signeras med nyckeln {spaced(signing_key.id)}. Ge fingeravtrycket till granskarna."
    )


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise Said(f"Mappen {folder} finns inte.")
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    if not found:
        raise Said(f"{folder} har inga CSV-filer. Där ska units.csv, people.csv, positions.csv och holdings.csv ligga.")
    return found


def _ensure_new(tx: Tx) -> None:
    if deployments.deployed_keys(tx):
        raise Said("Databasen är redan i bruk. Nya processer driftsätts med arshjul deploy.")


def _deploy_all(tx: Tx, now: datetime) -> int:
    for folder in packages():
        deployments.deploy(tx, folder.name, deployments.read_folder(folder), by=SYSTEM, now=now)
        process_instances.schedule_starts(tx, folder.name, now=now)
    return len(packages())


def _first_account(tx: Tx, name: str, username: str, email: str, password: str, now: datetime) -> None:
    """The person may have come with the organisation; otherwise it is made, and a region for it to sit in."""
    known = next(
        (person for person in identity.people(tx) if (person.email or "").casefold() == email.casefold()), None
    )
    person_id = known.id if known else identity.add_person(tx, username, name, email, now=now)
    unit = _top(tx, now)
    for role, title in FIRST_ROLES.items():
        position = next((p.id for p in identity.positions(tx) if p.role == role and p.active), None)
        if position is None:
            position = identity.add_position(tx, role, role, unit, title, now=now)
        holders = {holder.person_id for holder in identity.holders(tx, position, now.date())}
        if person_id not in holders:
            identity.add_holding(tx, position, person_id, now=now)
    accounts.create(tx, person_id, username, password, now=now)


def _top(tx: Tx, now: datetime) -> str:
    found = next((unit.id for unit in identity.units(tx) if unit.kind == "region"), None)
    return found or identity.add_unit(tx, REGION, "Regionen", "region", now=now)
