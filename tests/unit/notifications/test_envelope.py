"""Addresses, headers and the settings of the mail server."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from engine.mails import Mail
from notifications.channels.smtp import parse_url
from notifications.envelope import as_bytes, is_address, new_message_id
from notifications.plain import paragraphs, single_line


def mail(address: str = "a@region.example", **values: str) -> Mail:
    given = {"name": "Anna", "subject": "Ämne", "text": "Hej ö", "html": "<p>Hej ö</p>", **values}
    return Mail(
        id=1, person_id="a", address=address, message_id="<1@plan.example>", state="queued", attempts=1,
        composed_at=datetime(2026, 7, 1, 6, tzinfo=UTC), sent_at=None, error=None, **given,
    )  # fmt: skip


def test_the_same_mail_is_the_same_bytes_each_time() -> None:
    assert as_bytes(mail(), "s@plan.example") == as_bytes(mail(), "s@plan.example")


def test_the_message_is_ascii_with_crlf_and_lines_that_servers_take() -> None:
    content = as_bytes(mail(name="Åsa " * 40, subject="Ö" * 200, text="å" * 5000), "s@plan.example")
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert message_from_bytes(content, policy=policy.default)["Date"] == "Wed, 01 Jul 2026 08:00:00 +0200"


def test_a_domain_with_swedish_letters_is_written_as_dns_knows_it() -> None:
    parsed = message_from_bytes(as_bytes(mail("a@övik.example"), "s@plan.example"), policy=policy.default)
    assert parsed["To"].addresses[0].addr_spec == "a@xn--vik-rna.example"


@pytest.mark.parametrize("header", ["name", "subject"])
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_no_line_break_reaches_a_header(header: str, line_break: str) -> None:
    content = as_bytes(mail(**{header: f"x{line_break}Bcc: spy@evil.example"}), "s@plan.example")
    parsed = message_from_bytes(content, policy=policy.default)
    assert parsed["Bcc"] is None
    assert "x Bcc: spy@evil.example" in parsed["To" if header == "name" else "Subject"]


@pytest.mark.parametrize("address", ["anna@region.example", "a.b+c@övik.example", "o'neill@x", "åsa@x.example"])
def test_what_is_an_address(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "anna",
        "a@b@c",
        "a b@c",
        "a@b, c@d",
        "<a@b>",
        "a@b\r\nx",
        "a@b\n",
        '"a"@b',
        "@b",
        "a@",
        f"a@{'b' * 253}",
    ],
)
def test_what_is_not_an_address(address: str | None) -> None:
    assert not is_address(address)


def test_message_ids_differ_and_name_the_installation() -> None:
    ids = {new_message_id("https://plan.example:8443/x") for _ in range(100)}
    assert len(ids) == 100
    assert all(message_id.endswith("@plan.example>") for message_id in ids)


def test_a_mail_url_says_everything_about_the_server() -> None:
    server = parse_url(
        "smtp+starttls://planner:p%40ss%2Ford@mail.example:2525?from=plan@region.example", default_sender="d@x"
    )
    assert (server.scheme, server.host, server.port) == ("smtp+starttls", "mail.example", 2525)
    assert (server.user, server.password, server.sender) == ("planner", "p@ss/ord", "plan@region.example")
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 25), ("smtps", 465), ("smtp+starttls", 587)])
def test_each_way_has_its_usual_port(scheme: str, port: int) -> None:
    server = parse_url(f"{scheme}://mail.example", default_sender="d@x")
    assert (server.port, server.sender) == (port, "d@x")


@pytest.mark.parametrize(
    "url",
    ["http://u:secret@mail.example", "smtp://", "smtp://u:secret@h:port", "smtp://u:secret@h?from=a,b", "mail.example"],
)
def test_a_wrong_mail_url_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="ARSHJUL_SMTP_URL") as caught:
        parse_url(url, default_sender="d@x")
    assert "secret" not in str(caught.value)


def test_one_line_has_no_controls_and_single_spaces() -> None:
    assert single_line(" a\r\n\tb\x00\x1b[31m\u2029c ") == "a b[31m c"


def test_paragraphs_join_lines_and_keep_list_items_apart() -> None:
    assert paragraphs("Ett\ntvå\r\n\r\nTre:\n- a\n- b\n  c\n\n\n") == ["Ett två", "Tre:", "- a", "- b c"]
