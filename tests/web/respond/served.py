"""The app on a port of its own, and Chromium in front of it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from commonbeat.workflows.listen_keep import open_study, register_study
from tests.web.on_a_port import free_port, running
from tests.web.respond import studies

PATIENCE_MS = 120_000  # on busy cores
WORK_MS = 4 * PATIENCE_MS  # for work that steps back behind everything else


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, Store]]:
    """(address, store) of a server with the two studies, in which nobody has answered yet."""
    (folder / "study").mkdir()
    with free_port() as listening:
        settings = settings_for(folder, port=listening.getsockname()[1], staff=False)
        with open_store(settings.location, create=True) as store:
            for study in (studies.present(), studies.viewers(folder / "study")):
                register_study(store, study)
                open_study(store, study.identifier)
            with running(application(settings, store, tell=lambda _: None), listening):
                yield settings.base, store


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one the tests are skipped, but where everything must be checked they fail.

    What is expected of its pages may take its time: waits are for what never comes, not for what comes late.
    """
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true asks for a browser: install chromium, or put it on the PATH")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], timeout=PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


def arrived(page: Page, heading: str) -> None:
    """The page under this heading was loaded, and its scripts have run."""
    page.get_by_role("heading", name=heading).wait_for()
    page.wait_for_load_state()


def settled(page: Page, heading: str) -> None:
    """The page under this heading came without a reload and has settled: only then does it move the focus, and no more."""
    expect(page.get_by_role("heading", name=heading)).to_be_focused()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look_at(page: Page, name: str) -> None:
    """A picture of the page is in the folder named by the variable, for a person to look at; nothing without it."""
    folder = os.environ.get("COMMONBEAT_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True, caret="initial")
