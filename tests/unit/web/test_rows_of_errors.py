"""What is wrong in a long list is said by row, and what is seldom needed lies folded until it is."""

import re

from support import stages
from support.browsing import Browser, signed_in
from support.stages import WorldAt


def preparing(world_at: WorldAt) -> tuple[Browser, int]:
    world = world_at("preparing")
    (task,) = world.open("preparation", stages.YEAR)
    return signed_in(world, world.actor_of(task)), int(task.id)


def test_an_error_says_in_which_row_it_is_and_the_row_says_its_number(world_at: WorldAt) -> None:
    browser, task_id = preparing(world_at)
    browser.get(f"/tasks/{task_id}")
    page = browser.post(f"/tasks/{task_id}", _submit="1")
    assert browser.status == 422
    listed = page.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert re.search(r"#f-items-\d+\">Rad 3: rätta \d saker</a>", listed), listed[:500]
    assert "Palliativ vård:" not in listed
    rows = re.findall(r"Rad (\d+): rätta (\d+) saker", listed)
    assert [row for row, _count in rows] == [str(number) for number in range(1, 11)], "each row once"
    opened = re.findall(r'<details class="record record--error" id="f-items-\d+"( open)?>', page)
    assert opened == [" open"] + [""] * 9
    whole = re.search(r"(\d+) saker behöver rättas innan du kan skicka in", page)
    others = listed.count("</a>") - len(rows)
    assert whole is not None
    assert int(whole[1]) == others + sum(int(count) for _row, count in rows)
    assert '<span class="record__number">3</span>' in page


def test_errors_that_would_read_alike_name_their_question(world_at: WorldAt) -> None:
    world = world_at("compiling")
    (task,) = world.open("compilation", stages.YEAR)
    browser = signed_in(world, world.actor_of(task))
    names = list(dict.fromkeys(re.findall(r'name="(proposals\.\d+\.\w+)"', browser.get(f"/tasks/{task.id}"))))
    last = names[-1].rpartition(".")[0]
    given = {name: "compiled" if name.endswith(".outcome") else "yes" for name in names if not name.startswith(last)}
    page = browser.post(f"/tasks/{task.id}", **given, _submit="1")
    listed = re.findall(r'<a href="#f-[^"]+">([^<]+)</a>', page)
    assert "Rad 10: Svara ja eller nej (Övergripande karaktär)" in listed
    assert len(listed) == len(set(listed)) == 6, listed


def test_the_exception_from_the_order_lies_folded_until_it_is_used(world_at: WorldAt) -> None:
    browser, task_id = preparing(world_at)
    page = browser.get(f"/tasks/{task_id}")
    folded = re.findall(
        r"<details class=\"govuk-details\"( open)?><summary[^>]*><span[^>]*>Undantag från ordningen", page
    )
    assert folded == [""] * 10
    name = re.findall(r'name="(items\.\d+\.priority_exception)"', page)[1]
    page = browser.post(f"/tasks/{task_id}", **{name: "Hot mot liv"}, _submit="1")
    opened = re.findall(
        r"<details class=\"govuk-details\"( open)?><summary[^>]*><span[^>]*>Undantag från ordningen", page
    )
    assert opened.count(" open") == 1
