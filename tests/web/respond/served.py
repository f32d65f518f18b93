"""The app on a port of its own, and Chromium in front of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from commonbeat.workflows.listen_keep import open_study, register_study
from tests.web.respond import studies


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, Store]]:
    """(address, store) of a server with the two studies, in which nobody has answered yet."""
    (folder / "study").mkdir()
    listening = socket.create_server(("127.0.0.1", 0))
    settings = settings_for(folder, port=listening.getsockname()[1], staff=False)
    with open_store(settings.location, create=True) as store:
        for study in (studies.present(), studies.viewers(folder / "study")):
            register_study(store, study)
            open_study(store, study.identifier)
        app = application(settings, store, tell=lambda _: None)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield settings.base, store
        server.should_exit = True
        thread.join()
    listening.close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one the tests are skipped, but where everything must be checked they fail."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI=true asks for a browser: install chromium, or put it on the PATH")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


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
