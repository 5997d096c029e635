"""The command arshjul: what it does on a new folder, and faults as sentences without a traceback."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from arshjul.cli import arshjul
from arshjul.composition import WORKFLOWS

PASSWORD = "tre-vita-svanar-flyger"
ME = ("--name", "Vera Påhitt", "--username", "vera", "--email", "vera@region.example", "--password-stdin")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder of its own."""
    monkeypatch.setenv("ARSHJUL_DATA", str(tmp_path / "data"))
    for name in ("ARSHJUL_DATABASE_URL", "ARSHJUL_SMTP_URL", "PORT", "FRESH"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments, typed="": CliRunner().invoke(arshjul, [*map(str, arguments)], input=typed)


def refused(result: Result, *said: str) -> None:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert all(words in result.output for words in said), result.output


def test_init_makes_the_one_account_and_deploys_what_comes_with_the_product(run: Run) -> None:
    assert "kontot vera finns" in run("init", *ME, typed=PASSWORD + "\n").output
    refused(run("init", *ME, typed=PASSWORD + "\n"), "redan i bruk")
    assert "version 1 är driftsatt" in run("deploy", WORKFLOWS / "annual_plan").output


def test_a_weak_password_leaves_nothing_behind(run: Run) -> None:
    refused(run("init", *ME, typed="kort\n"), "password", "minst 12 tecken")
    assert run("init", *ME, typed=PASSWORD + "\n").exit_code == 0


def test_init_reads_the_organisation_or_says_every_line_that_is_wrong(run: Run, tmp_path: Path) -> None:
    files = tmp_path / "organisation"
    files.mkdir()
    (files / "units.csv").write_text("id,name,kind\nr,Region Exempel,region\nx,Enheten,avdelning\n")
    refused(
        run("init", "--organisation", files, *ME, typed=PASSWORD + "\n"),
        "units.csv, rad 3, kolumn kind: välj bland region, area, operations, unit, external (avdelning)",
        "inget har ändrats",
    )
    (files / "units.csv").write_text("id,name,kind\nr,Region Exempel,region\n")
    assert run("init", "--organisation", files, *ME, typed=PASSWORD + "\n").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve",), "Kör arshjul init"),
        (("worker",), "Kör arshjul init"),
        (("check", "nowhere"), "nowhere finns inte"),
        (("history", "export"), "Kör arshjul init"),
        (("restore", "nowhere.db"), "nowhere.db finns inte"),
        (("rehearse", "--plan-year", "2027", "--process", "nothing"), "nothing finns inte"),
    ],
)
def test_a_fault_is_a_sentence(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused(run(*arguments), said)


def test_a_broken_package_is_refused_with_every_finding(run: Run, tmp_path: Path) -> None:
    package = tmp_path / "annual_plan"
    shutil.copytree(WORKFLOWS / "annual_plan", package)
    shutil.copy(WORKFLOWS / "roles.toml", tmp_path)
    (package / "forms" / "collection.json").unlink()
    refused(run("check", package), "går inte att driftsätta", "collection")
    findings = json.loads(run("check", package, "--json").output)["findings"]
    assert findings
    assert all(finding["sv"] and finding["en"] for finding in findings)
    run("db", "upgrade")
    refused(run("deploy", package), "Paketet går inte att driftsätta")


def test_a_diagram_alone_is_checked_as_it_would_be_deployed(run: Run, tmp_path: Path) -> None:
    whole = (WORKFLOWS / "annual_plan" / "annual_plan.bpmn").read_text(encoding="utf-8")
    (tmp_path / "drawn.bpmn").write_text(whole.replace('isExecutable="true"', 'isExecutable="false"'), encoding="utf-8")
    refused(run("check", tmp_path / "drawn.bpmn"), "drawn.bpmn går inte att driftsätta", "märkt körbar")
    (tmp_path / "drawn.bpmn").write_text(whole, encoding="utf-8")
    assert "drawn.bpmn går att driftsätta" in run("check", tmp_path / "drawn.bpmn").output
    loose = "".join(f'<bpmn:task id="q{number}"/>' for number in range(300))
    (tmp_path / "drawn.bpmn").write_text(whole.replace("</bpmn:process>", f"{loose}</bpmn:process>"), encoding="utf-8")
    refused(run("check", tmp_path / "drawn.bpmn"), "(900 fel)", "… och 700 till")


def test_what_is_kept_counted_is_counted_anew_and_mended(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    assert "Alla antal stämmer." in run("db", "recount").output
    with sqlite3.connect(tmp_path / "data" / "arshjul.db") as connection:
        wrong = ("talks", "talk", "chef", "2026-11-02 08:00:00.000000", "2026-11-02 08:00:00.000000", 3)
        places = ", ".join("?" * len(wrong))
        connection.execute(f"insert into open_work values (null, {places})", wrong)
    assert "rättade: 1." in run("db", "recount").output
    assert "Alla antal stämmer." in run("db", "recount").output


def test_a_database_of_another_schema_is_not_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "arshjul.db").close()
    refused(run("serve"), "arshjul db upgrade")


def test_the_demo_leaves_real_data_alone_also_when_asked_to_begin_anew(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("init", *ME, typed=PASSWORD + "\n")
    monkeypatch.setenv("FRESH", "1")
    refused(run("demo"), "lämnas i fred")
    assert (tmp_path / "data" / "arshjul.db").exists()


def test_a_history_exported_with_its_checkpoint_verifies_until_a_byte_changes(run: Run, tmp_path: Path) -> None:
    run("init", *ME, typed=PASSWORD + "\n")
    export, checkpoint = tmp_path / "history.ndjson", tmp_path / "checkpoint.json"
    run("history", "export", "--output", export, "--checkpoint", checkpoint)
    assert run("history", "verify", export, "--checkpoint", checkpoint).exit_code == 0
    export.write_text(export.read_text().replace("definition_deployed", "definition_removed", 1))
    assert run("history", "verify", export, "--checkpoint", checkpoint).exit_code == 1


def test_a_history_for_reading_has_every_event(run: Run) -> None:
    run("init", *ME, typed=PASSWORD + "\n")
    events = run("history", "export").output.count("\n")
    assert len(run("history", "export", "--format", "csv").output.splitlines()) == events + 1
    assert run("history", "export", "--format", "xes").output.count("<event>") == events


def test_a_backup_can_be_restored_and_nothing_is_ever_overwritten(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", *ME, typed=PASSWORD + "\n")
    kept = tmp_path / "kept.db"
    before = run("history", "export").output
    assert run("backup", kept).exit_code == 0
    refused(run("backup", kept), "finns redan")
    refused(run("restore", kept), "finns redan")
    monkeypatch.setenv("ARSHJUL_DATA", str(tmp_path / "elsewhere"))
    restored = run("restore", kept)
    assert restored.exit_code == 0
    assert "Det som hände senare är borta" in restored.output
    assert run("history", "export").output == before


def test_a_damaged_backup_is_not_restored(run: Run, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    refused(run("restore", damaged), "går inte att kopiera")
    assert not (tmp_path / "data" / "arshjul.db").exists()


def test_an_account_is_made_for_a_person_of_the_organisation_and_can_get_a_new_password(run: Run) -> None:
    run("init", *ME, typed=PASSWORD + "\n")
    refused(run("account", "nobody", "--username", "x", "--password-stdin", typed=PASSWORD + "\n"))
    refused(run("account", "vera", "--password-stdin", typed="kort\n"), "minst 12 tecken")
    assert "nytt lösenord" in run("account", "vera", "--password-stdin", typed="fyra-vita-svanar\n").output
