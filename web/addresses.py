"""Numbers in addresses: those that a row can have; others name nothing."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1  # PostgreSQL's integer, the smaller of the two databases'


class RowNumber(IntegerConverter):
    """`<int:…>`: a larger number is an address that does not exist, instead of a fault of the database."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def init_app(app: Flask) -> None:
    """Before the first route is added."""
    app.url_map.converters["int"] = RowNumber
