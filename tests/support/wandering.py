"""Every page that a person can reach: by the links on the pages, each route and kind of page once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import APIRequestContext
from support.served import Served
from werkzeug.exceptions import HTTPException

from engine.store.tables import user_task

SEEDS = ("/", "/about", "/accessibility", "/sign-in", "/demo", "/demo/mailbox", "/organisation", "/organisation/import")
FEW = {"cockpit.cycle": 3, "cockpit.window": 2, "demo.mail": 2, "cockpit.campaign": 2, "cockpit.rehearsal": 2}
"""How many pages of a route to see beside the first; others: one for each question and each kind of task."""


@dataclass(frozen=True)
class Found:
    """A page that was met: its route, its address and whether it is a page or a file to fetch."""

    endpoint: str
    path: str
    is_page: bool
    text: str = ""


def sign_in(request: APIRequestContext, demo: Served, who: tuple[str, int] | None) -> None:
    """As the holder of that position at that place among them; nobody with None."""
    if who is None:
        return
    page = request.get(demo.url + "/demo").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf_token": token[1], "person": demo.region.holders(who[0])[who[1]]}
    assert request.post(demo.url + "/demo/sign-in", form=fields, max_redirects=0).status == 302


def wander(request: APIRequestContext, demo: Served) -> list[Found]:
    """Everything reachable for whom the request's cookies sign in. A page that is refused is no page."""
    kinds = _task_kinds(demo)
    waiting, met, found = list(SEEDS), set[object](), list[Found]()
    while waiting:
        path = waiting.pop(0)
        key = _kind_of(demo.app, path, kinds, met)
        if key is None or key in met:
            continue
        answer = request.get(demo.url + path, max_redirects=0)
        assert answer.status < 500, (path, answer.status)
        if answer.status != 200:
            continue
        met.add(key)
        is_page = answer.headers["content-type"].startswith("text/html")
        text = answer.text() if is_page else ""
        found.append(Found(endpoint_of(demo.app, path) or "", path, is_page, text))
        waiting += links(text)
        if re.fullmatch(r"/tasks/\d+", path):
            waiting.append(path + "/receipt")  # where one comes by sending
    return found


def links(page: str) -> Iterator[str]:
    for written in re.findall(r'(?:<a [^>]*href|data-bpmn)="([^"#]+)', page):
        address = html.unescape(written)
        if address.startswith("/") and not address.startswith("/static"):
            yield address


def endpoint_of(app: Flask, path: str, method: str = "GET") -> str | None:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(path).path, method)
    except HTTPException:
        return None
    return str(endpoint)


def routes(app: Flask, leave_out: Iterable[str] = ("static",)) -> set[str]:
    """The endpoints that answer GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - set(leave_out)


def _kind_of(app: Flask, path: str, kinds: dict[int, str], met: set[object]) -> object:
    """Pages of one kind look alike: the same route, the same question, the same form in the same state."""
    endpoint = endpoint_of(app, path)
    if endpoint is None:
        return None
    question = tuple(sorted(parse_qs(urlsplit(path).query)))
    number = re.match(r"/tasks/(\d+)", path)
    if number:
        return endpoint, question, kinds.get(int(number[1]))
    for copy in range(FEW.get(endpoint, 1)):
        if (endpoint, question, copy) not in met:
            return endpoint, question, copy
    return None


def _task_kinds(demo: Served) -> dict[int, str]:
    with demo.database.page() as tx:
        return {row.id: f"{row.element_id} {row.state}" for row in tx.rows(sa.select(user_task))}
