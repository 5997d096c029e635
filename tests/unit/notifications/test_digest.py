"""What one letter says of a person's messages, and in which words."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from engine.outbox import Message
from notifications.digest import digest
from notifications.letters import Letter, letter
from notifications.words import WORDS

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
YEAR_END = "2026-12-31T22:59:59+00:00"
OCTOBER = "2026-10-31T22:59:59+00:00"


def message(number: int, kind: str = "task_assigned", *, task: int | None = None, **content: Any) -> Message:
    given = {
        "title": {"sv": f"Uppgift {number}", "en": f"Task {number}"}, "unit_name": "Kirurgkliniken",
        "due_at": YEAR_END, "plan_year": 2028, "url_path": f"/tasks/{number}", "vacant": False, "quick": None,
    }  # fmt: skip
    return Message(
        id=number, person_id="a", name="Anna Påhitt", email="a@region.example", locale="sv", active=True, kind=kind,
        content=content if "body" in content else {**given, **content}, task_id=task, settled=False,
    )  # fmt: skip


def notice(number: int, subject: str = "Beslut", text: str = "Planen är antagen.") -> Message:
    english = {"Beslut": "Decision"}.get(subject, subject)
    return message(number, "notice", subject={"sv": subject, "en": english}, body={"sv": text, "en": "Adopted."})


def write(*messages: Message, locale: str = "sv") -> Letter:
    readers = [replace(m, locale=locale) for m in messages]
    return letter(digest(readers, now=NOW, public_url="https://plan.example/"))


@pytest.mark.parametrize(
    ("messages", "sv", "en"),
    [
        ([message(1)], "Uppgift 1, senast 31 december 2026", "Task 1, by 31 December 2026"),
        ([message(1, "reminder")], "Påminnelse: Uppgift 1, senast 31 december 2026",
         "Reminder: Task 1, by 31 December 2026"),
        ([message(1, "overdue", due_at=OCTOBER)], "Svarstiden har gått ut: Uppgift 1", "Past the last day: Task 1"),
        ([message(1, "escalation", due_at=OCTOBER)], "Svar saknas: Uppgift 1", "Answers missing: Task 1"),
        ([message(1, "take_over")], "Du har tagit över: Uppgift 1, senast 31 december 2026",
         "You have taken over: Task 1, by 31 December 2026"),
        ([notice(1)], "Beslut", "Decision"),
        ([message(1), message(2, "reminder")], "2 uppgifter i utbildningsplaneringen, senast 31 december 2026",
         "2 tasks in the training planning, by 31 December 2026"),
        ([message(1, "reminder"), message(2, "reminder", due_at="2026-11-30T22:59:59+00:00")],
         "Påminnelse: 2 uppgifter i utbildningsplaneringen, den första senast 30 november 2026",
         "Reminder: 2 tasks in the training planning, the first by 30 November 2026"),
        ([message(1), message(2, due_at=OCTOBER), notice(3)],
         "2 uppgifter i utbildningsplaneringen, varav 1 försenad, 1 meddelande",
         "2 tasks in the training planning, 1 of them late, 1 notice"),
        ([message(1), message(2, "escalation")],
         "Svar saknas på 1 uppgift, 1 uppgift i utbildningsplaneringen, senast 31 december 2026",
         "Answers missing for 1 task, 1 task in the training planning, by 31 December 2026"),
        ([notice(1), notice(2, "Ändring")], "2 meddelanden", "2 notices"),
    ],
)  # fmt: skip
def test_the_subject_says_what_to_do_and_by_when(messages: list[Message], sv: str, en: str) -> None:
    assert write(*messages).subject == sv
    assert write(*messages, locale="en").subject == en


def test_what_is_missing_comes_first_then_late_then_by_due_date_then_notices() -> None:
    text = write(
        notice(1), message(2, due_at=YEAR_END), message(3, due_at="2026-11-30T22:59:59+00:00"),
        message(4, due_at=OCTOBER), message(5, "reminder"), message(6, "escalation"),
    ).text  # fmt: skip
    order = ["Uppgift 6", "Uppgift 4", "Uppgift 5", "Uppgift 3", "Uppgift 2", "Planen är antagen"]
    assert sorted(order, key=text.index) == order


def test_an_assignment_and_reminders_of_one_task_are_said_once_as_the_most_urgent() -> None:
    mail = write(message(1, task=7), message(2, "reminder", task=7), message(3, "reminder", task=7))
    assert mail.subject == "Påminnelse: Uppgift 3, senast 31 december 2026"
    assert "Uppgift 1" not in mail.text


def test_three_units_of_one_manager_are_one_task_with_three_links() -> None:
    title = {"sv": "Lämna behov", "en": "Submit needs"}
    units = ("Medicinkliniken", "Kirurgkliniken", "Akutmottagningen")
    mail = write(*(message(n, title=title, unit_name=unit, task=n) for n, unit in enumerate(units)))
    assert mail.subject == "Lämna behov, senast 31 december 2026"
    assert [f"{unit}: https://plan.example/tasks/{n}" in mail.text for n, unit in enumerate(units)] == [True] * 3


def test_an_escalation_stands_beside_the_readers_own_task_of_the_same_id() -> None:
    mail = write(message(1, task=7), message(2, "escalation", task=7))
    assert "Uppgift 1" in mail.text
    assert "Uppgift 2" in mail.text


def test_an_escalation_names_ten_and_counts_the_rest() -> None:
    text = " ".join(write(message(1, "escalation", missing=[f"Enhet {n}" for n in range(14)])).text.split())
    assert "Har inte svarat: Enhet 0, " in text
    assert "Enhet 9 och 4 till." in text
    assert "https://plan.example/tasks/" not in text, "many tasks have no one page"


def test_an_escalation_may_give_just_a_number() -> None:
    assert "7 har inte svarat." in write(message(1, "escalation", missing=7)).text


def test_an_escalation_in_the_package_s_own_words_stands_first() -> None:
    own = message(2, "escalation", subject={"sv": "Tre svar saknas", "en": "-"}, body={"sv": "Hjälp till.", "en": "-"})
    assert write(own).subject == "Tre svar saknas"
    both = write(message(1), own).text
    assert both.index("Hjälp till.") < both.index("Uppgift 1")


def test_a_notice_that_came_for_two_positions_is_said_once() -> None:
    assert write(notice(1), notice(2)).text.count("Planen är antagen.") == 1


def test_a_vacant_position_and_the_quick_answer_are_explained() -> None:
    mail = write(message(1, vacant=True, quick={"sv": "Inga övergripande behov i år", "en": "No needs"}))
    text = " ".join(mail.text.split())
    assert "Tjänsten är vakant, därför ligger uppgiften hos dig." in text
    assert "knappen ”Inga övergripande behov i år”" in text


def test_a_task_that_is_late_when_the_letter_is_written_is_called_late_whatever_was_announced() -> None:
    assert write(message(1, due_at=OCTOBER)).subject == "Svarstiden har gått ut: Uppgift 1"


def test_plain_text_keeps_to_78_columns_but_never_breaks_a_link() -> None:
    long = message(1, unit_name="Enheten för " + "mycket långa namn " * 20, url_path="/tasks/" + "9" * 100)
    lines = write(long, notice(2, text="ord " * 200)).text.splitlines()
    assert "https://plan.example/tasks/" + "9" * 100 in "".join(lines)
    assert all(len(line) <= 78 or line.strip().startswith("https://") for line in lines)


class Reader(HTMLParser):
    """Collects elements and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "a":
            self.links.append(given["href"] or "")
        self.foreign += [name for name in given if name in ("src", "background") or name.startswith("on")]


def test_html_is_escaped_loads_nothing_and_has_headings_in_order() -> None:
    wicked = "<img src=x onerror=alert(1)> \"&' <script>"
    mail = write(message(1, title={"sv": wicked, "en": wicked}, unit_name=wicked), notice(2, wicked, wicked))
    reader = Reader()
    reader.feed(mail.html)
    assert not {"img", "script", "link", "style", "iframe"} & set(reader.tags)
    assert reader.foreign == []
    assert reader.links == ["https://plan.example/tasks/1", "https://plan.example/"]
    headings = [int(tag[1]) for tag in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "evil", ".evil.example/"])
def test_a_link_never_leads_elsewhere(path: str) -> None:
    with pytest.raises(ValueError, match="leads into this installation"):
        write(message(1, url_path=path))


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    assert WORDS["sv"].keys() == WORDS["en"].keys()
    for key, sentence in WORDS["sv"].items():
        assert set(re.findall(r"{\w+}", sentence)) == set(re.findall(r"{\w+}", WORDS["en"][key])), key


def test_who_takes_a_task_over_reads_from_whom_and_why() -> None:
    handed = message(1, "take_over", task=1, giver="Tora Påhitt", reason="Jag är borta i november.\r\nBcc: x@y.example")
    text = write(handed).text
    assert "Tora Påhitt lämnade över uppgiften till dig. Skäl: Jag är borta i november." in " ".join(text.split())
    assert "\nBcc:" not in text
    assert "handed the task over to you" in write(handed, locale="en").html


def test_a_comment_is_told_of_with_a_link_but_not_its_words() -> None:
    told = message(
        2, "comment", task=2, subject={"sv": "Kommentar om X", "en": "Comment on X"},
        body={"sv": "Tora har skrivit en kommentar.", "en": "Tora has commented."},
        unit_name="Kirurgkliniken", url_path="/tasks/2/comments",
    )  # fmt: skip
    written = write(told)
    assert written.subject == "Kommentar om X"
    assert "https://plan.example/tasks/2/comments" in written.text
    assert "Tora har skrivit en kommentar." in written.html
