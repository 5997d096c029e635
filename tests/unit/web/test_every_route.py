"""What holds for every route and template."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from web.permissions import LEVELS, allow, check_every_route, level_of

WEB = Path(__file__).parents[3] / "web"


def path_of(rule: str) -> str:
    """An address of the route: the first of the words that a part may be, 1 for everything else."""
    return re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule))


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert level_of(app, rule.endpoint) in LEVELS, rule.endpoint


def test_an_application_with_an_undeclared_route_does_not_start() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="open"):
        check_every_route(app)


def test_an_unknown_level_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="everyone"):
        allow("everyone")


def test_nobody_signed_in_reaches_only_public_pages(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or level_of(app, rule.endpoint) == "public":
            continue
        path = path_of(rule.rule)
        assert client.get(path).status_code in (302, 404), rule.rule


def test_every_post_without_a_forgery_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            path = path_of(rule.rule)
            assert client.post(path, data={"username": "x"}).status_code == 400, rule.rule


def used_templates() -> Iterator[str]:
    for source in [*WEB.rglob("*.py"), *WEB.rglob("*.html")]:
        yield from re.findall(r'["\']((?:[\w-]+/)*[\w-]+\.html)["\']', source.read_text("utf-8"))


def test_every_template_is_used() -> None:
    used = set(used_templates())
    for template in WEB.rglob("*.html"):
        parts = template.relative_to(WEB).parts
        name = "/".join(parts[parts.index("templates") + 1 :] if "templates" in parts else parts)
        assert name in used, template
