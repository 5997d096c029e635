"""Served demos and a browser at them; what is changed is changed in a copy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from support import everything, large, looking, served
from support.served import Served
from support.visitor import Visitor


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "demos"


@pytest.fixture(scope="module")
def lively(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo on 22 November 2026 with three cycles under way; the module's own copy."""
    made = served.built(demo_folder / "lively.db", served.make_lively)
    own = tmp_path_factory.mktemp("lively") / "arshjul.db"
    shutil.copy(made, own)
    with served.served(own, served.TODAY) as running:
        yield running


@pytest.fixture(scope="module")
def full(lively: Served) -> Served:
    """The same with something to show on every page."""
    everything.put_in(lively)
    return lively


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a Swedish reader's in which nothing moves."""
    made = browser.new_context(locale="sv-SE", reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def keys(context: BrowserContext) -> Page:
    """A narrow window for somebody who has no mouse (support.keyboard)."""
    page = context.new_page()
    page.set_viewport_size({"width": looking.NARROW, "height": 800})
    page.set_default_timeout(30_000)
    return page


@pytest.fixture
def quiet(demo_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """The demo's people on 30 October 2026, before anything has begun; the test's own copy."""
    made = served.built(demo_folder / "quiet.db", served.make_quiet)
    own = tmp_path / "arshjul.db"
    shutil.copy(made, own)
    with served.served(own, served.BEFORE) as running:
        yield running


@pytest.fixture(scope="module")
def large_region(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same day in a region with more than 5,000 open tasks; the module's own copy."""
    made = served.built(demo_folder / "large.db", large.make_large)
    own = tmp_path_factory.mktemp("large") / "arshjul.db"
    shutil.copy(made, own)
    with served.served(own, served.TODAY, large.MANAGERS) as running:
        yield running


@pytest.fixture
def who(context: BrowserContext, large_region: Served) -> Iterator[Visitor]:
    """A browser window in the large region; no page that it asks for may be slow."""
    yield Visitor(context.new_page(), large_region)
    assert not large_region.slow()
