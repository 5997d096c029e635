"""The services beneath the tests are real ones: a PostgreSQL, an SMTP server, a browser, V8 with FEEL."""

import json
import smtplib
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from py_mini_racer import MiniRacer
from support.mail_server import MailServer

ROOT = Path(__file__).parents[2]


def note(to: str = "kim@region.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "arshjul@region.example", to, "Årshjulet"
    message.set_content("Å, ä och ö kommer fram.")
    return message


def test_each_test_gets_an_empty_database_of_its_own_on_either_server(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE need (title VARCHAR)"))
        connection.execute(sa.text("INSERT INTO need VALUES ('Hjärtsvikt')"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT title FROM need")) == "Hjärtsvikt"
    engine.dispose()


def test_the_postgresql_database_is_served_by_postgresql(pg_database: str) -> None:
    engine = sa.create_engine(pg_database)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version()")).startswith("PostgreSQL")
    engine.dispose()


def test_a_mail_sent_over_smtp_arrives_as_written(smtp: MailServer) -> None:
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.send_message(note())
    (delivery,) = smtp.box
    assert delivery.recipients == ("kim@region.example",)
    assert delivery.message["Subject"] == "Årshjulet"
    assert delivery.message.get_content().strip() == "Å, ä och ö kommer fram."


def test_the_mail_server_refuses_the_recipients_that_it_was_told_to(smtp: MailServer) -> None:
    smtp.refuse("kim@region.example")
    with (
        smtplib.SMTP(smtp.host, smtp.port) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused, match="550"),
    ):
        client.send_message(note())
    assert smtp.box == []


def test_the_mail_server_fails_as_often_as_it_was_told_to_and_then_accepts(smtp: MailServer) -> None:
    smtp.fail_next()
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            client.send_message(note())
        client.send_message(note())
    assert len(smtp.box) == 1


@pytest.mark.browser
def test_the_browser_runs_the_bundled_script_and_style(page: Page) -> None:
    assets = ROOT / "web/static/dist"
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content('<body class="govuk-template__body"><button class="govuk-button">Spara</button></body>')
    page.add_style_tag(path=assets / "base.css")
    page.add_script_tag(path=assets / "app.js", type="module")
    page.wait_for_function("document.body.classList.contains('govuk-frontend-supported')")
    colour = page.get_by_role("button").evaluate("button => getComputedStyle(button).backgroundColor")
    assert colour == "rgb(11, 79, 92)"
    assert errors == []


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('string(date("2028-02-29") + duration("P1Y"))', "2029-02-28"),
        (
            'string(date and time("2027-03-28T01:30:00@Europe/Stockholm") + duration("PT1H"))',
            "2027-03-28T03:30:00@Europe/Stockholm",
        ),
        ("some need in needs satisfies need.statutory", True),
        ('matches("å1", "^\\p{L}\\d$")', True),
    ],
)
def test_the_feel_bundle_evaluates_in_v8_without_a_page_around_it(expression: str, value: object) -> None:
    with ThreadPoolExecutor(1) as apart:  # Playwright's event loop may run in this thread
        context = apart.submit(MiniRacer).result()
    context.eval((ROOT / "engine/feel/dist/feelin.js").read_text(encoding="utf-8"))
    variables = {"needs": [{"statutory": False}, {"statutory": True}]}
    answer = context.eval(f"JSON.stringify(feelin.evaluate({json.dumps(expression)}, {json.dumps(variables)}))")
    assert json.loads(answer) == {"value": value, "warnings": []}
