"""From the outbox through a real SMTP server into the reader's box."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.header import decode_header, make_header
from typing import Any

import pytest
import sqlalchemy as sa

from engine import mails, outbox
from engine.mails import GIVE_UP_AFTER, LEASE, MAY_BE_DOUBLE, WORRY_AFTER
from engine.store.queries import outbox as query
from engine.store.tables import audit_event, mail, person, user_task
from notifications import dispatcher
from notifications.channels import TryLater
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch


def body(message: Any, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_three_tasks_are_one_mail(post: Any, smtp: Any) -> None:
    for title in ("Lämna behov", "Svara på uppföljningen", "Bekräfta direktivet"):
        post.tell("anna", title={"sv": title, "en": title})
    report = post.round()
    assert (report.composed, report.sent) == (1, 1)
    (delivery,) = smtp.box
    assert delivery.recipients == ("anna@region.example",)
    assert delivery.message["Subject"] == "3 uppgifter i utbildningsplaneringen, senast 31 december 2026"
    assert all(t in body(delivery.message) for t in ("Lämna behov", "Svara på uppföljningen", "Bekräfta direktivet"))
    assert {m.mail_id for m in post.messages()} == {post.mails()[0].id}
    assert post.mails()[0].state == "sent"


def test_nothing_is_sent_twice_by_a_second_round(post: Any, smtp: Any) -> None:
    post.tell("anna")
    post.round()
    post.later(hours=3)
    assert post.round().sent == 0
    assert len(smtp.box) == 1


def test_a_task_that_is_done_as_the_mail_is_about_to_be_written_is_not_told_of(
    post: Any, smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL an answer may come between choosing whom to tell and locking what to tell them."""
    post.person("bo")
    post.open_task(1)
    post.tell("anna", task_id=1)
    post.tell("bo")
    chosen = query.people_to_tell

    def and_then_it_is_done(tx: Any, *rest: Any) -> Any:
        people = chosen(tx, *rest)
        tx.execute(user_task.update().values(state="completed"))
        return people

    monkeypatch.setattr(query, "people_to_tell", and_then_it_is_done)
    assert post.round().sent == 1
    assert [delivery.recipients for delivery in smtp.box] == [("bo@region.example",)]


@pytest.mark.postgresql  # SQLite has one writer
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_round_passes_over_what_another_writes_just_now_and_nobody_is_told_twice_or_not_at_all(
    post: Any, smtp: Any
) -> None:
    """Two workers: the second neither waits until its patience is over nor takes half a person."""
    post.person("bo")
    post.tell("anna", "bo")
    with post.database.verb() as first:
        assert {messages[0].person_id for messages in outbox.unsent(first, post.now, 1)} == {"anna"}
        post.tell("anna")
        assert post.round().composed == 0
    assert post.round().composed == 2
    assert sorted(delivery.recipients[0] for delivery in smtp.box) == ["anna@region.example", "bo@region.example"]


def test_more_people_than_are_written_to_in_one_transaction_are_all_written_to_in_one_round(
    post: Any, smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "AT_A_TIME", 2)
    people = ["anna", "bo", "cia", "dag", "eve"]
    for one in people[1:]:
        post.person(one)
    post.tell(*people)
    assert post.round().sent == 5
    assert sorted(delivery.recipients[0] for delivery in smtp.box) == [f"{one}@region.example" for one in people]


def test_the_same_event_is_told_a_person_once(post: Any) -> None:
    post.person("bo")
    assert post.tell("anna", key="e") == 1
    assert post.tell("anna", "bo", "bo", key="e") == 1
    assert [m.person_id for m in post.messages()] == ["anna", "bo"]


def test_thousands_are_told_in_one_call(post: Any) -> None:
    with post.database.verb() as tx:
        tx.execute(person.insert(), [{"id": f"p{n}", "name": "P"} for n in range(5000)])
    assert post.tell(*(f"p{n}" for n in range(5000))) == 5000


def test_nothing_leaves_before_its_time(post: Any, smtp: Any) -> None:
    post.tell("anna")
    post.now -= timedelta(seconds=1)
    assert post.round().composed == 0
    assert smtp.box == []


def test_each_reader_gets_their_language_in_text_and_html(post: Any, smtp: Any) -> None:
    post.person("eve", locale="en")
    post.tell("anna", "eve")
    post.round()
    by_reader = {d.recipients[0]: d.message for d in smtp.box}
    swedish, english = by_reader["anna@region.example"], by_reader["eve@region.example"]
    assert swedish["Subject"] == "Lämna utbildningsbehov för 2028, senast 31 december 2026"
    assert english["Subject"] == "Submit training needs for 2028, by 31 December 2026"
    assert '<html lang="sv">' in body(swedish, "html")
    assert '<html lang="en">' in body(english, "html")
    assert "Du får brevet för att" in body(swedish)
    assert "You get this mail because" in body(english)
    link = "https://arshjul.region.example/tasks/1"
    assert all(link in body(m, k) for m in (swedish, english) for k in ("plain", "html"))


def test_a_mail_says_what_it_is_to_other_programs(post: Any, smtp: Any) -> None:
    post.tell("anna")
    post.round()
    message = smtp.box[0].message
    assert message["Message-ID"] == post.mails()[0].message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<arshjul.arshjul.region.example>"
    assert message["Date"] == "Mon, 02 Nov 2026 08:00:00 +0100"


@pytest.mark.parametrize(
    "name",
    [
        "“Öga”, Näsa & Hals <b>",
        "Åsa Ängström-Öst 👩🏽‍⚕️🇸🇪",
        "x" * 1200,
        "ö" * 200,
        "{title} %s {{ 7*7 }}",
        "中文 עברית ١٢٣",
    ],
)
def test_any_name_is_read_back_as_it_was_written(post: Any, smtp: Any, name: str) -> None:
    post.person("odd", name=name[:200])
    post.tell("odd", title={"sv": name, "en": name}, unit_name=name)
    post.round()
    message = smtp.box[0].message
    text = " ".join(body(message).split())
    assert f"Hej {name[:200]}!" in text
    assert f"{name}: https://" in text
    # The library's own parser of addresses puts a space between two encoded words; mail programs do not.
    raw = " ".join(dict(message.raw_items())["To"].split())
    assert str(make_header(decode_header(raw))) == f"{name[:200]} <odd@region.example>"
    assert message["Subject"].startswith(name[:150])
    assert "<b>" not in body(message, "html")


def test_line_breaks_in_names_and_titles_make_no_headers(post: Any, smtp: Any) -> None:
    wicked = "Behov\r\nBcc: spy@evil.example\r\n\r\nKöp nu\u2028X-Spam: no\x00"
    stored = wicked.replace("\x00", "\x0b")  # PostgreSQL holds no NUL
    post.person("odd", name=stored)
    post.tell("odd", title={"sv": stored, "en": stored})
    post.tell("anna", kind="notice", subject={"sv": stored, "en": "-"}, body={"sv": "Hej", "en": "Hi"})
    assert post.round().sent == 2
    for delivery in smtp.box:
        assert delivery.message["Bcc"] is None
        assert delivery.message["X-Spam"] is None
        assert delivery.message["Subject"].startswith("Behov Bcc: spy@evil.example Köp nu X-Spam: no")
        assert len(delivery.recipients) == 1


def test_a_refused_reader_becomes_an_incident_and_the_others_get_theirs(post: Any, smtp: Any) -> None:
    post.person("bo")
    smtp.refuse("anna@region.example")
    post.tell("anna", "bo")
    report = post.round()
    assert (report.sent, report.undeliverable) == (1, 1)
    assert smtp.box[0].recipients == ("bo@region.example",)
    (raised,) = post.incidents()
    assert raised.message == "Anna Påhitt: 550 <…>: No such mailbox"
    assert [m.state for m in post.mails()] == ["undeliverable", "sent"]
    post.later(days=9)
    assert post.round().sent == 0


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"email": None}, "the person has no mail address"),
        ({"active": False}, "the person is no longer active"),
        ({"email": "a@x.example, b@y.example"}, "not a mail address: a@x.example, b@y.example"),
        ({"email": "a@x.example\r\nRCPT TO:<b@y.example>"}, "not a mail address: a@x.example RCPT TO:<b@y.example>"),
    ],
)
def test_whoever_cannot_get_mail_becomes_an_incident_and_the_others_get_theirs(
    post: Any, smtp: Any, values: dict[str, Any], why: str
) -> None:
    post.person("gone", **values)
    post.tell("anna", "gone")
    report = post.round()
    assert (report.sent, report.undeliverable) == (1, 1)
    assert [i.message for i in post.incidents()] == [f"Gone Påhitt: {why}"]
    assert post.round().undeliverable == 0, "one mail, one incident"


def test_a_broken_message_stops_nobody_else(post: Any, smtp: Any) -> None:
    post.person("bo")
    post.tell("anna", due_at="not a time")
    post.tell("bo")
    assert post.round().sent == 1
    assert "could not be written" in post.incidents()[0].message


def test_a_server_that_is_down_is_tried_again_with_the_same_message_id(post: Any, smtp: Any) -> None:
    post.tell("anna")
    up, post.smtp_url = post.smtp_url, "smtp://127.0.0.1:1"
    assert post.round().waiting == 1
    before = post.mails()[0]
    assert before.state == "queued"
    assert before.error is not None
    post.smtp_url = up
    assert post.round().sent == 0, "not before its time"
    post.later(minutes=2)
    assert post.round().sent == 1
    assert smtp.box[0].message["Message-ID"] == before.message_id
    assert post.mails()[0].error is None
    assert post.incidents() == []


def test_a_server_that_is_down_is_asked_once_a_round(post: Any) -> None:
    for n in range(5):
        post.person(f"p{n}")
        post.tell(f"p{n}")
    post.smtp_url = "smtp://127.0.0.1:1"
    assert post.round().waiting == 1
    assert sum(m.attempts for m in post.mails()) == 1


def test_greylisting_delays_one_mail_and_no_other(post: Any, smtp: Any) -> None:
    post.person("bo")
    post.tell("anna", "bo")
    smtp.fail_next(1, "451 Greylisted")
    report = post.round()
    assert (report.sent, report.waiting) == (1, 1)
    post.later(minutes=2)
    assert post.round().sent == 1
    assert len({d.message["Message-ID"] for d in smtp.box}) == 2


def test_long_trouble_raises_one_incident_that_ends_when_the_mail_leaves(post: Any, smtp: Any) -> None:
    post.tell("anna")
    smtp.fail_next(WORRY_AFTER + 2)
    for _ in range(WORRY_AFTER + 2):
        assert post.round().waiting == 1
        post.later(hours=2)
    assert len(post.incidents()) == 1
    assert post.round().sent == 1
    assert post.incidents() == []
    assert len(post.incidents("resolved")) == 1


def test_after_five_days_a_mail_is_given_up_and_can_be_sent_again(post: Any, smtp: Any) -> None:
    post.tell("anna")
    with post.database.verb() as tx:
        compose_only(post, tx)
        tx.execute(mail.update().values(attempts=GIVE_UP_AFTER - 1))
    smtp.fail_next(1)
    post.round()
    kept = post.mails()[0]
    assert kept.state == "failed"
    assert len(post.incidents()) == 1
    post.later(days=1)
    assert post.round().sent == 0
    with post.database.verb() as tx:
        assert mails.send_again(tx, kept.id, post.wall)
    assert post.round().sent == 1
    assert smtp.box[0].message["Message-ID"] == kept.message_id


def compose_only(post: Any, tx: Any) -> None:
    for messages in outbox.unsent(tx, post.now, 10):
        mails.compose(
            tx, messages, subject="S", text="T", html="H", message_id="<one@region.example>", now=post.now,
            wall=post.wall,
        )  # fmt: skip


def test_sending_again_uses_the_address_of_today(post: Any, smtp: Any) -> None:
    smtp.refuse("anna@region.example")
    post.tell("anna")
    post.round()
    with post.database.verb() as tx:
        tx.execute(person.update().values(email="anna.ny@region.example"))
        assert mails.send_again(tx, post.mails()[0].id, post.wall)
    assert post.round().sent == 1
    assert smtp.box[0].recipients == ("anna.ny@region.example",)


def test_killed_before_or_after_sending_the_mail_goes_out_and_is_marked_as_maybe_double(post: Any, smtp: Any) -> None:
    post.tell("anna")

    class Killed(MailboxChannel):
        def deliver(self, mail: Any) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        post.round(Killed())
    assert post.round().sent == 0, "the lease still runs"
    post.later(seconds=LEASE.seconds + 1)
    assert post.round().sent == 1
    assert post.mails()[0].error == MAY_BE_DOUBLE
    with post.database.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).where(audit_event.c.type == "mail_maybe_sent_twice")) == 1


def test_a_sender_stopped_past_its_lease_reports_late_and_changes_no_later_attempt(post: Any, smtp: Any) -> None:
    post.tell("anna")
    post.round(FailAtOnce())
    post.later(minutes=2)
    with post.database.verb() as tx:
        slow = mails.claim_mail(tx, post.wall)
    post.later(seconds=LEASE.seconds + 1)
    assert post.round().sent == 1
    with post.database.verb() as tx:
        mails.mark_failed(tx, slow, "late", permanent=True, wall=post.wall, now=post.now)
    assert post.mails()[0].state == "sent"
    assert post.incidents() == []


class FailAtOnce(MailboxChannel):
    def deliver(self, mail: Any) -> None:
        raise TryLater("451")


def test_two_dispatchers_at_once_send_each_mail_once(post: Any, smtp: Any) -> None:
    for n in range(30):
        post.person(f"p{n}")
    for _ in range(3):
        post.tell(*(f"p{n}" for n in range(30)))
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait(10)
        post.round()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work) for _ in range(2)]:
            done.result(60)
    assert sorted(d.recipients[0] for d in smtp.box) == sorted(f"p{n}@region.example" for n in range(30))
    assert all(m.mail_id for m in post.messages())


def test_without_a_channel_mails_are_written_and_stay_queued(post: Any) -> None:
    post.tell("anna")
    dispatch(post.database, None, now=post.now, wall=post.wall, public_url="https://arshjul.region.example")
    assert [(m.state, m.sent_at) for m in post.mails()] == [("queued", None)]


def test_a_task_answered_meanwhile_is_not_asked_for_but_its_message_is_in_a_mail(post: Any, smtp: Any) -> None:
    post.open_task(1)
    post.open_task(2)
    post.tell("anna", task_id=1, title={"sv": "Redan klar", "en": "-"})
    post.end_task(1)
    assert post.round().composed == 0, "nothing is left to say"
    post.tell("anna", task_id=2, title={"sv": "Ännu öppen", "en": "-"})
    post.round()
    text = body(smtp.box[0].message)
    assert "Redan klar" not in text
    assert "Ännu öppen" in text
    assert "Uppgifter som redan är besvarade tas inte upp" in text
    assert all(m.mail_id for m in post.messages())


def test_an_escalation_is_sent_even_when_its_task_has_ended(post: Any, smtp: Any) -> None:
    post.open_task(1)
    post.tell("anna", kind="escalation", task_id=1, missing=["Medicinkliniken", "Kirurgkliniken"])
    post.end_task(1, "closed")
    post.round()
    assert smtp.box[0].message["Subject"] == "Svar saknas: Lämna utbildningsbehov för 2028"
    assert "Medicinkliniken, Kirurgkliniken" in body(smtp.box[0].message)
