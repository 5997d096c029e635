"""Jinja: govuk-frontend's macros and our own components within reach, Markdown made safe."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markdown_it import MarkdownIt
from markupsafe import Markup

from web import context

COMPONENTS = Path(__file__).parent / "components"
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")


class Environment(FlaskEnvironment):
    """All templates have the same globals: one dict, which no import has to compare name by name on every page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def markdown(text: str | None) -> Markup:
    """Safe HTML of a package's Markdown: raw HTML is escaped, dangerous links are left as text."""
    return Markup(MARKDOWN.render(text or ""))  # noqa: S704 (html=False escapes)


def init_app(app: Flask) -> None:
    app.jinja_environment = Environment  # before anything uses `jinja_env`
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(Path(__file__).parent / "templates"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "components": FileSystemLoader(COMPONENTS),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["markdown"] = markdown
    app.jinja_env.filters["words"] = context.in_words
