"""A browser's requests to the pages without a browser."""

import io
import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from support.world import World
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from engine import accounts
from web import WebConfig, create_app

PASSWORD = "ett påhittat men långt lösenord"
Client = Callable[[str | None], "Browser"]


class Browser:
    """A test client that fills in the page's own fields (the forgery token, the key, versions) as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""
        self.status = 0
        self.location = ""

    def get(self, path: str) -> str:
        return self._keep(self.client.get(path))

    def post(self, path: str, **fields: object) -> str:
        """Send what is given, with the hidden fields of the page shown last."""
        own = {name: value for name, value in hidden_fields(self.page).items() if name not in fields}
        return self._keep(self.client.post(path, data={**own, **fields}))

    def send_files(self, path: str, field: str, *files: tuple[str, bytes]) -> str:
        """Send files (name, content) from the page shown last, encoded in memory as a browser encodes them."""
        own = MultiDict(hidden_fields(self.page))
        for name, content in files:
            own.add(field, FileStorage(io.BytesIO(content), name))  # type: ignore[arg-type]
        boundary, body = encode_multipart(own)
        return self._keep(self.client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"'))

    def follow(self) -> str:
        assert self.status == 302, self.page
        return self.get(self.location)

    def _keep(self, response: TestResponse) -> str:
        self.page = response.get_data(as_text=True)
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.headers = response.headers
        return self.page


def hidden_fields(page: str) -> dict[str, str]:
    wanted = r'<input type="hidden" name="(csrf_token|_key|_version|_revision|next)" value="([^"]*)"'
    return dict(re.findall(wanted, page.partition("<main")[2]))


def accounts_for(world: World, *people: str) -> None:
    """Whose name is their person's id, each with PASSWORD."""
    with world.database.verb() as tx:
        accounts.create_invented(tx, {person: person for person in people}, PASSWORD)


def pages(world: World, **settings: Any) -> Flask:
    """The pages of the world's installation; `settings`: of WebConfig."""
    config = WebConfig("a secret of the tests", **{"sign_in_limit": "1000 per minute", **settings})
    return create_app(world.database, world.clock, config)


def sign_in(app: Flask, person: str) -> Browser:
    """A browser of somebody who has an account."""
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    browser.post("/sign-in", username=person, password=PASSWORD)
    assert browser.status == 302, browser.page
    return browser


def signed_in(world: World, person: str) -> Browser:
    """The person at the pages of the world's installation, with an account that is made for it."""
    accounts_for(world, person)
    return sign_in(pages(world), person)
